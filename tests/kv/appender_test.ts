import { assert, assertEquals, assertInstanceOf, assertLessOrEqual } from "@std/assert";
import { OverloadedError } from "../../lib/chat/errors.ts";
import type { RoomEvent } from "../../lib/chat/events.ts";
import { Appender, MAX_QUEUED } from "../../lib/live/appender.ts";
import type { Ack, Draft } from "../../lib/store/drafts.ts";
import { keys } from "../../lib/store/keys.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";
import { stubKv } from "../helpers/stub_kv.ts";
import { quietly, within } from "../helpers/waiting.ts";
import { textOf } from "../helpers/events.ts";

const nothing = () => {};

function draft(n: number, room = "r1", text = `text ${n}`): Draft {
  return { type: "posted", room, by: "ada", id: `id-${n}`, text };
}

function newAppender(kv: Deno.Kv): Appender {
  return new Appender(kv, { onCommit: nothing });
}

async function stored(kv: Deno.Kv, room: string): Promise<RoomEvent[]> {
  const events: RoomEvent[] = [];
  for await (const { key, value } of kv.list<RoomEvent>({ prefix: keys.entries(["room", room]) })) {
    events.push({ ...value, seq: Number(key[3]) });
  }
  return events;
}

/** Appends and waits for the answers, which come within a limit. */
function appendAll(appender: Appender, drafts: readonly Draft[]): Promise<Ack[]> {
  return within(Promise.all(drafts.map((one) => appender.append(one))), "all acks");
}

Deno.test("append() numbers a room's messages from 1 without a gap, in the order given", async () => {
  using kv = await freshKv();
  const drafts = Array.from({ length: 300 }, (_, n) => draft(n));
  const acks = await appendAll(newAppender(kv), drafts);
  assertEquals(acks.map(({ seq }) => seq), drafts.map((_, n) => n + 1));
  const events = await stored(kv, "r1");
  assertEquals(events.map(({ id }) => id), drafts.map(({ id }) => id));
  assertEquals(events.map(({ seq, posts }) => seq - posts), drafts.map(() => 0));
});

Deno.test({
  name: "two instances store 2,000 concurrent posts to 50 rooms once, gapless and in order",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(2);
    const appenders = file.kvs.map(newAppender);
    const drafts = Array.from({ length: 2_000 }, (_, n) => draft(n, `r${n % 50}`));
    const parts = [0, 1].map((i) => drafts.filter((_, n) => Math.floor(n / 50) % 2 === i));
    const acks = await quietly(() =>
      Promise.all(parts.map((part, i) => appendAll(appenders[i], part)))
    );
    const seqOf = new Map(parts.flatMap((part, i) => part.map((d, n) => [d.id, acks[i][n].seq])));
    for (let r = 0; r < 50; r++) {
      const events = await stored(file.kvs[0], `r${r}`);
      assertEquals(events.map(({ seq }) => seq), Array.from({ length: 40 }, (_, n) => n + 1));
      for (const { id, seq } of events) assertEquals(seqOf.get(id), seq);
      const orders = parts.map((part) =>
        part.filter(({ room }) => room === `r${r}`).map(({ id }) => seqOf.get(id)!)
      );
      for (const order of orders) assertEquals(order, order.toSorted((a, b) => a - b));
      const head = await file.kvs[0].get<{ seq: number; posts: number }>(
        keys.head(["room", `r${r}`]),
      );
      assertEquals([head.value?.seq, head.value?.posts], [40, 40]);
    }
  },
});

Deno.test("append() returns the first ack when the id repeats, also after a restart", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  const first = await appender.append(draft(1));
  await appender.append(draft(2));
  assertEquals(await appender.append(draft(1, "r1", "changed")), first);
  assertEquals(await newAppender(kv).append(draft(1)), first);
  const events = await stored(kv, "r1");
  assertEquals(events.map(textOf), ["text 1", "text 2"]);
});

Deno.test("append() stores an id once that is given many times at once", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  const acks = await appendAll(appender, [draft(1), draft(2), draft(1), draft(1), draft(3)]);
  assertEquals(acks.map(({ seq }) => seq), [1, 2, 1, 1, 3]);
  assertEquals((await stored(kv, "r1")).length, 3);
  assertEquals(appender.queued, 0);
});

Deno.test({
  name: "append() stores an id once that two instances are given at the same time",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(2);
    const drafts = Array.from({ length: 40 }, (_, n) => draft(n));
    const [a, b] = await Promise.all(file.kvs.map((kv) => appendAll(newAppender(kv), drafts)));
    assertEquals(a, b);
    assertEquals((await stored(file.kvs[0], "r1")).length, 40);
  },
});

Deno.test("the same id of another author or in another room is another message", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  const acks = await appendAll(appender, [draft(1), { ...draft(1), by: "ben" }, draft(1, "r2")]);
  assertEquals(acks.map(({ seq }) => seq), [1, 2, 1]);
});

Deno.test("a message that KV refuses is given back alone; the others are stored in order", async () => {
  using kv = await freshKv();
  const poisoned = stubKv(kv, {
    commit({ values }, run) {
      const isPoisoned = values.some((value) => JSON.stringify(value)?.includes("poison"));
      return isPoisoned
        ? Promise.reject(new TypeError("Value too large (max 65536 bytes)"))
        : run();
    },
  });
  const drafts = [0, 1, 2, 3, 4].map((n) => draft(n, "r1", n === 2 ? "poison" : "fine"));
  const results = await quietly(() => {
    const appender = newAppender(poisoned);
    return within(Promise.allSettled(drafts.map((d) => appender.append(d))), "all answers");
  });
  assertEquals(results.map(({ status }) => status === "fulfilled"), [
    true,
    true,
    false,
    true,
    true,
  ]);
  const [, , refused] = results;
  assertInstanceOf(refused.status === "rejected" && refused.reason, TypeError);
  assertEquals((await stored(kv, "r1")).map(({ id }) => id), ["id-0", "id-1", "id-3", "id-4"]);
});

Deno.test("a locked database is a conflict: the commit is tried again", async () => {
  using kv = await freshKv();
  let locked = 5;
  const flaky = stubKv(kv, {
    commit: (_, run) => locked-- > 0 ? Promise.reject(new TypeError("database is locked")) : run(),
  });
  const acks = await appendAll(newAppender(flaky), [draft(1), draft(2)]);
  assertEquals(acks.map(({ seq }) => seq), [1, 2]);
});

Deno.test("a commit whose outcome is unknown is stored once and acked", async () => {
  using kv = await freshKv();
  let lost = 2;
  const flaky = stubKv(kv, {
    async commit(_, run) {
      const result = await run();
      if (lost-- > 0) throw new Error("connection reset");
      return result;
    },
  });
  const drafts = Array.from({ length: 20 }, (_, n) => draft(n, `r${n % 3}`));
  const acks = await quietly(() => appendAll(newAppender(flaky), drafts));
  let count = 0;
  for (const room of ["r0", "r1", "r2"]) {
    const events = await stored(kv, room);
    count += events.length;
    for (const { id, seq } of events) {
      assertEquals(acks[drafts.findIndex((d) => d.id === id)].seq, seq);
    }
    assertEquals(events.map(({ seq }) => seq), events.map((_, n) => n + 1));
  }
  assertEquals(count, 20);
});

Deno.test("a message that KV does not take for ten seconds is given back", async () => {
  using kv = await freshKv();
  let now = 0;
  const down = stubKv(kv, {
    commit() {
      now += 4_000;
      return Promise.reject(new Error("unreachable"));
    },
  });
  const appender = new Appender(down, { onCommit: nothing, now: () => now });
  const result = await quietly(() =>
    within(Promise.allSettled([appender.append(draft(1))]), "an answer")
  );
  assertInstanceOf(result[0].status === "rejected" && result[0].reason, OverloadedError);
  assertEquals(appender.queued, 0);
});

Deno.test("what is given back takes its author's later messages along, and nobody else's", async () => {
  using kv = await freshKv();
  let now = 0;
  let isDown = true;
  const flaky = stubKv(kv, {
    commit(_, run) {
      if (!isDown) return run();
      now += 4_000;
      return Promise.reject(new Error("unreachable"));
    },
  });
  const appender = new Appender(flaky, { onCommit: nothing, now: () => now });
  // KV is back right after the first message was given back.
  const first = appender.append(draft(1)).catch((error) => (isDown = false, error));
  now = 5_000;
  const second = appender.append(draft(2)).catch((error) => error);
  const other = appender.append({ ...draft(3), by: "ben" });
  const results = await quietly(() => within(Promise.all([first, second, other]), "answers"));
  assertInstanceOf(results[0], OverloadedError);
  assertInstanceOf(results[1], OverloadedError);
  assertEquals((await stored(kv, "r1")).map(({ id }) => id), ["id-3"]);
});

Deno.test("post() refuses when too many messages wait, and takes them again later", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  const drafts = Array.from({ length: MAX_QUEUED }, (_, n) => draft(n, `r${n % 1_000}`, "x"));
  let acks = 0;
  for (const one of drafts) appender.post(one, () => acks++);
  let refused: unknown;
  try {
    appender.post(draft(-1), nothing);
  } catch (error) {
    refused = error;
  }
  assertInstanceOf(refused, OverloadedError);
  await appender.flushed();
  assertEquals([acks, appender.queued], [MAX_QUEUED, 0]);
  assertEquals((await appender.append(draft(-1, "fresh"))).seq, 1);
});

Deno.test("no commit goes beyond what KV takes", async () => {
  using kv = await freshKv();
  const largest = { checks: 0, mutations: 0, bytes: 0, commits: 0 };
  const counting = stubKv(kv, {
    commit({ checks, mutations, values }, run) {
      const bytes = JSON.stringify(values).length;
      largest.checks = Math.max(largest.checks, checks);
      largest.mutations = Math.max(largest.mutations, mutations);
      largest.bytes = Math.max(largest.bytes, bytes);
      largest.commits++;
      return run();
    },
  });
  const appender = newAppender(counting);
  const short = Array.from({ length: 500 }, (_, n) => draft(n, `r${n % 200}`));
  const long = Array.from({ length: 60 }, (_, n) => draft(n, `long${n % 7}`, "界".repeat(16_000)));
  const hot = Array.from({ length: 400 }, (_, n) => draft(n, "hot"));
  await appendAll(appender, [...short, ...long, ...hot]);
  assertLessOrEqual(largest.checks, 100);
  assertLessOrEqual(largest.mutations, 1_000);
  assertLessOrEqual(largest.bytes, 800_000);
  assert(largest.commits < 60, `grouped: ${largest.commits} commits`);
});

Deno.test("the commit is announced with its events, and time in a room never runs back", async () => {
  using kv = await freshKv();
  let now = 2_000;
  const seen: [string, number[], string[]][] = [];
  const appender = new Appender(kv, {
    now: () => now,
    onCommit: (room, events) =>
      seen.push([room, events.map(({ seq }) => seq), events.map(({ id }) => id)]),
  });
  const first = await appender.append(draft(1));
  now = 1_000;
  const second = await appender.append(draft(2));
  assertEquals([first.at, second.at], [2_000, 2_000]);
  assertEquals(seen, [["r1", [1], ["id-1"]], ["r1", [2], ["id-2"]]]);
});

Deno.test("flushed() resolves when everything given before is stored", async () => {
  using kv = await freshKv();
  const appender = newAppender(kv);
  for (let n = 0; n < 250; n++) appender.post(draft(n), nothing);
  await appender.flushed();
  assertEquals((await stored(kv, "r1")).length, 250);
});
