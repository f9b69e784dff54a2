import { assertEquals, assertRejects } from "@std/assert";
import { NotFoundError } from "../../lib/chat/errors.ts";
import { Appender } from "../../lib/live/appender.ts";
import type { PostedDraft } from "../../lib/store/drafts.ts";
import { type EventQuery, listEvents } from "../../lib/store/events.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { textOf } from "../helpers/events.ts";

function draft(n: number, reply?: number): PostedDraft {
  const base = { type: "posted", room: "r1", by: "ada", id: `m${n}`, text: `text ${n}` } as const;
  return reply === undefined ? base : { ...base, reply };
}

async function fill(kv: Deno.Kv, count: number): Promise<Appender> {
  const appender = new Appender(kv, { onCommit: () => {} });
  for (let n = 1; n <= count; n++) appender.post(draft(n), () => {});
  await appender.flushed();
  return appender;
}

Deno.test("an answer names a message of its room, in the same commit too, and nothing else", async () => {
  using kv = await freshKv();
  const appender = new Appender(kv, { onCommit: () => {} });
  const results = await Promise.all(
    [draft(1), draft(2, 1), draft(3, 9), draft(4, 0), draft(5, 3)].map((one) =>
      appender.append(one).then(({ seq }) => seq, (error) => error.constructor)
    ),
  );
  assertEquals(results, [1, 2, NotFoundError, NotFoundError, NotFoundError]);
  await appender.append({
    ...draft(6),
    type: "reacted",
    message: 1,
    emoji: "👍",
    on: true,
  });
  await assertRejects(() => appender.append(draft(7, 3)), NotFoundError, "no such message");
  await appender.append(draft(8, 2));
  const { events } = await listEvents(kv, "r1", {});
  assertEquals(events.map((event) => event.type === "posted" && event.reply), [
    undefined,
    1,
    false,
    2,
  ]);
});

Deno.test("a page brings the messages that are answered in it, as they are now", async () => {
  using kv = await freshKv();
  const appender = await fill(kv, 100);
  await appender.append(draft(101, 3));
  await appender.append(draft(102, 3));
  await appender.append(draft(103, 101));
  const change = { room: "r1", by: "ada", message: 3 };
  await appender.append({ ...change, id: "c1", type: "edited", text: "other" });
  const quoted = async () => (await listEvents(kv, "r1", {})).quoted;
  assertEquals((await quoted())?.map((e) => [e.seq, textOf(e)]), [[3, "other"]]);
  await appender.append({ ...change, id: "c2", type: "deleted" });
  assertEquals((await quoted())?.map((e) => [e.seq, textOf(e), e.deleted]), [[3, "", true]]);
  assertEquals((await listEvents(kv, "r1", { before: 50 })).quoted, undefined);
});

Deno.test("a page around a message has as much before it as after it", async (t) => {
  using kv = await freshKv();
  await fill(kv, 300);
  const cases: [EventQuery, unknown[]][] = [
    [{ around: 150 }, [125, 174, true, true]],
    [{ around: 150, limit: 1 }, [150, 150, true, true]],
    [{ around: 150, limit: 200 }, [50, 249, true, true]],
    [{ around: 3, limit: 10 }, [1, 7, false, true]],
    [{ around: 299, limit: 10 }, [294, 300, true, false]],
    [{ around: 1, limit: 1 }, [1, 1, false, true]],
    [{ around: 0, limit: 4 }, [1, 2, false, true]],
    [{ around: 999, limit: 4 }, [299, 300, true, false]],
  ];
  for (const [query, expected] of cases) {
    await t.step(JSON.stringify(query), async () => {
      const { events, older, newer } = await listEvents(kv, "r1", query);
      assertEquals([events[0].seq, events.at(-1)?.seq, older, newer], expected);
    });
  }
});
