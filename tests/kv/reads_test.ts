import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Appender } from "../../lib/live/appender.ts";
import { getHeads } from "../../lib/store/events.ts";
import { readLog } from "../../lib/store/logs.ts";
import { getReadStates, moveRead } from "../../lib/store/reads.ts";
import { freshKv } from "../helpers/fresh_kv.ts";

type Step = { post: "ada" | "ben" } | { read: "ada" | "ben"; seq: number };

const person = fc.constantFrom<"ada" | "ben">("ada", "ben");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ post: person }),
  fc.record({ read: person, seq: fc.nat(40) }),
);

/** What unread means, counted one by one. */
function naive(log: readonly string[], reader: string, pointer: number): number {
  return log.slice(pointer).filter((by) => by !== reader).length;
}

async function stateOf(kv: Deno.Kv, reader: string) {
  const [{ head }] = await getHeads(kv, ["r1"]);
  const [state] = await getReadStates(kv, reader, [{ id: "r1", head }]);
  return state;
}

Deno.test("unread counts equal a naive count after any posts and reads", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      using kv = await freshKv();
      const appender = new Appender(kv, { onCommit: () => {} });
      const log: string[] = [];
      const pointers = { ada: 0, ben: 0 };
      for (const [n, one] of steps.entries()) {
        if ("post" in one) {
          log.push(one.post);
          await appender.append({
            type: "posted",
            room: "r1",
            by: one.post,
            id: `m${n}`,
            text: "hi",
          });
        } else {
          const expected = Math.max(pointers[one.read], Math.min(one.seq, log.length));
          pointers[one.read] = expected;
          const state = await moveRead(kv, one.read, "r1", one.seq);
          assertEquals(state, {
            seq: expected,
            unread: naive(log, one.read, expected),
            head: log.length,
          });
        }
        for (const reader of ["ada", "ben"] as const) {
          assertEquals(await stateOf(kv, reader), {
            seq: pointers[reader],
            unread: naive(log, reader, pointers[reader]),
            head: log.length,
          });
        }
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("concurrent reads leave the furthest pointer and a note for each step forward", async () => {
  using kv = await freshKv();
  const appender = new Appender(kv, { onCommit: () => {} });
  for (let n = 0; n < 20; n++) {
    appender.post({ type: "posted", room: "r1", by: "ben", id: `m${n}`, text: "hi" }, () => {});
  }
  await appender.flushed();
  const seqs = [3, 18, 7, 20, 1, 12, 19, 5];
  await Promise.all(seqs.map((seq) => moveRead(kv, "ada", "r1", seq)));
  assertEquals(await stateOf(kv, "ada"), { seq: 20, unread: 0, head: 20 });
  const notes = await readLog(kv, ["user", "ada"], { after: 0, upTo: 99 });
  const moves = notes.map(({ value }) => (value as { seq: number }).seq);
  assertEquals(moves, moves.toSorted((a, b) => a - b));
  assertEquals(moves.at(-1), 20);
});

Deno.test("moveRead() that moves nothing writes nothing", async () => {
  using kv = await freshKv();
  await moveRead(kv, "ada", "r1", 5);
  assertEquals(await readLog(kv, ["user", "ada"], { after: 0, upTo: 9 }), []);
});
