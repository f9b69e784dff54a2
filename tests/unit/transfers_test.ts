/** Places for bodies that come: so many for each, and none for silence. */

import { assertEquals, assertRejects } from "@std/assert";
import { OverloadedError, RateLimitedError } from "../../lib/chat/errors.ts";
import { alive, MAX_PER_PERSON, MAX_TRANSFERS, Transfers } from "../../lib/live/transfers.ts";

/** A body that comes when it is told to. */
function held(transfers: Transfers, person: string) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { end: resolve, fail: reject, done: transfers.run(person, () => promise) };
}

Deno.test("Transfers has so many places for one person, and gives them back, also after a failure", async () => {
  const transfers = new Transfers();
  const own = Array.from({ length: MAX_PER_PERSON }, () => held(transfers, "ada"));
  await assertRejects(() => held(transfers, "ada").done, RateLimitedError, "Too many files");
  const other = held(transfers, "ben");
  own[0].end();
  own[1].fail(new Error("broken"));
  await own[0].done;
  await assertRejects(() => own[1].done, Error, "broken");
  const again = [held(transfers, "ada"), held(transfers, "ada")];
  await assertRejects(() => held(transfers, "ada").done, RateLimitedError);
  for (const { end } of [...own, other, ...again]) end();
  await Promise.all([...own.slice(2), other, ...again].map(({ done }) => done));
  assertEquals(await transfers.run("ada", () => Promise.resolve("done")), "done");
});

Deno.test("Transfers has so many places for everybody", async () => {
  const transfers = new Transfers();
  const all = Array.from({ length: MAX_TRANSFERS }, (_, n) => held(transfers, `p${n >> 1}`));
  await assertRejects(() => held(transfers, "late").done, OverloadedError);
  for (const { end } of all) end();
  await Promise.all(all.map(({ done }) => done));
  await transfers.run("late", () => Promise.resolve());
});

Deno.test("alive() passes a body on, and ends one that falls silent", async () => {
  let isCancelled = false;
  const body = (silent: boolean) =>
    new ReadableStream<number>({
      start(controller) {
        for (const n of [1, 2]) controller.enqueue(n);
        if (!silent) controller.close();
      },
      cancel: () => void (isCancelled = true),
    });
  assertEquals(await Array.fromAsync(alive(body(false), 1_000)), [1, 2]);
  const heard: number[] = [];
  await assertRejects(
    async () => {
      for await (const n of alive(body(true), 20)) heard.push(n);
    },
    Error,
    "too long",
  );
  assertEquals(heard, [1, 2]);
  for await (const _ of alive(body(true), 1_000)) break;
  assertEquals(isCancelled, true);
});
