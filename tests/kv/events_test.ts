import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Appender } from "../../lib/live/appender.ts";
import { type EventQuery, getHeads, listEvents, newestIn } from "../../lib/store/events.ts";
import { freshKv } from "../helpers/fresh_kv.ts";

async function fill(kv: Deno.Kv, count: number): Promise<void> {
  const appender = new Appender(kv, { onCommit: () => {} });
  for (let n = 1; n <= count; n++) {
    appender.post(
      { type: "posted", room: "r1", by: "ada", id: `id-${n}`, text: `text ${n}` },
      () => {},
    );
  }
  await appender.flushed();
}

/** First and last `seq`, and whether there are older and newer ones. */
async function outline(kv: Deno.Kv, query: EventQuery) {
  const { events, older, newer, head, room } = await listEvents(kv, "r1", query);
  assertEquals(room, "r1");
  const seqs = events.map(({ seq }) => seq);
  assertEquals(seqs, seqs.map((_, n) => seqs[0] + n), "gapless");
  return [seqs[0] ?? null, seqs.at(-1) ?? null, older, newer, head];
}

Deno.test("listEvents() pages from every side and says what lies beyond", async (t) => {
  using kv = await freshKv();
  await fill(kv, 120);
  const cases: [EventQuery, unknown[]][] = [
    [{}, [71, 120, true, false, 120]],
    [{ limit: 200 }, [1, 120, false, false, 120]],
    [{ limit: 120 }, [1, 120, false, false, 120]],
    [{ limit: 119 }, [2, 120, true, false, 120]],
    [{ before: 71 }, [21, 70, true, true, 120]],
    [{ before: 21 }, [1, 20, false, true, 120]],
    [{ before: 2 }, [1, 1, false, true, 120]],
    [{ before: 1 }, [null, null, false, true, 120]],
    [{ before: 0 }, [null, null, false, true, 120]],
    [{ before: 121, limit: 2 }, [119, 120, true, false, 120]],
    [{ before: 999_999, limit: 2 }, [119, 120, true, false, 120]],
    [{ after: 0, limit: 5 }, [1, 5, false, true, 120]],
    [{ after: 70 }, [71, 120, true, false, 120]],
    [{ after: 69 }, [70, 119, true, true, 120]],
    [{ after: 119 }, [120, 120, true, false, 120]],
    [{ after: 120 }, [null, null, true, false, 120]],
    [{ after: 5_000 }, [null, null, true, false, 120]],
    [{ after: Number.MAX_SAFE_INTEGER }, [null, null, true, false, 120]],
  ];
  for (const [query, expected] of cases) {
    await t.step(JSON.stringify(query), async () => {
      assertEquals(await outline(kv, query), expected);
    });
  }
});

Deno.test("listEvents() never answers more than the limit of a page", async () => {
  using kv = await freshKv();
  await fill(kv, 250);
  assertEquals(await outline(kv, { limit: 1_000 }), [51, 250, true, false, 250]);
  assertEquals(await outline(kv, { after: 0, limit: 1_000 }), [1, 200, false, true, 250]);
});

Deno.test("newestIn() is the newest event as it is stored, or nothing", async () => {
  const seldom = { nil: undefined, freq: 1 };
  const post = fc.record({
    type: fc.constant("posted" as const),
    id: fc.nat(9).map((n) => `id-${n}`),
    text: fc.oneof(fc.string({ minLength: 1, unit: "grapheme" }), fc.constantFrom("hi", "a *b*")),
    reply: fc.option(fc.constant(1), seldom),
    mentions: fc.option(fc.constant<string[]>(["ben"]), seldom),
    all: fc.option(fc.constant<true>(true), seldom),
  });
  const edit = fc.record({
    type: fc.constant("edited" as const),
    id: fc.nat(9).map((n) => `edit-${n}`),
    message: fc.nat(4),
    text: fc.constant("changed"),
  });
  let told = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(post, post, edit), { maxLength: 12 }), async (drafts) => {
      using kv = await freshKv();
      const appender = new Appender(kv, { onCommit: () => {} });
      for (const draft of drafts) {
        await appender.append({ room: "r1", by: "ada", ...draft }).catch(() => {});
        const [{ head }] = await getHeads(kv, ["r1"]);
        const newest = newestIn(head);
        if (!newest) continue;
        told++;
        const { events } = await listEvents(kv, "r1", { limit: 1 });
        assertEquals(events.at(-1), newest);
      }
    }),
    { numRuns: 100 },
  );
  assert(told > 20, `${told} heads told their newest event`);
});

Deno.test("listEvents() of an empty room has nothing on any side", async () => {
  using kv = await freshKv();
  for (const query of [{}, { before: 0 }, { before: 1 }, { before: 9 }, { after: 0 }]) {
    assertEquals(await outline(kv, query), [null, null, false, false, 0]);
  }
});

Deno.test("listEvents() answers public fields only", async () => {
  using kv = await freshKv();
  await fill(kv, 1);
  await kv.set(["log", "room", "r1", 1], {
    type: "posted",
    at: 5,
    by: "ada",
    id: "id-1",
    text: "hi",
    posts: 1,
    secret: "no",
  });
  const { events } = await listEvents(kv, "r1", {});
  assertEquals(events, [
    { type: "posted", seq: 1, at: 5, by: "ada", id: "id-1", text: "hi", posts: 1 },
  ]);
});
