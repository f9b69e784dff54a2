import { assertEquals } from "@std/assert";
import { Appender } from "../../lib/live/appender.ts";
import { Broadcaster } from "../../lib/live/broadcaster.ts";
import { Watcher } from "../../lib/live/watcher.ts";
import type { Draft } from "../../lib/store/drafts.ts";
import { keys, type Topic } from "../../lib/store/keys.ts";
import { appendToLog, type LogHead } from "../../lib/store/logs.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";
import { stubKv } from "../helpers/stub_kv.ts";
import { quietly, Recorder } from "../helpers/waiting.ts";

const ROOM: Topic = ["room", "r1"];

/** What one follower gets of logs: `topic:seq`, and gaps. */
class Follower {
  readonly got = new Recorder<string>();
  readonly gaps: string[] = [];
  readonly broadcaster: Broadcaster;
  readonly #watcher: Watcher;

  constructor(kv: Deno.Kv) {
    this.#watcher = new Watcher(kv);
    this.broadcaster = new Broadcaster(kv, this.#watcher, {
      onEntries: ([, id], entries) => entries.forEach(({ seq }) => this.got.add(`${id}:${seq}`)),
      onHead: () => {},
      onGap: ([, id]) => this.gaps.push(id),
    });
  }

  /** Seqs of a log, in the order they came. */
  of(id: string): number[] {
    return this.got.all.filter((name) => name.startsWith(`${id}:`))
      .map((name) => Number(name.split(":")[1]));
  }

  until(count: number): Promise<string[]> {
    return this.got.until((all) => all.length >= count, `${count} entries`);
  }

  [Symbol.dispose](): void {
    this.broadcaster.close();
    this.#watcher.close();
  }
}

/** A message of two lines, which no head tells. */
function draft(n: number, room = "r1", text = `text ${n}\nand more`): Draft {
  return { type: "posted", room, by: "ada", id: `id-${n}`, text };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

/** An appender that tells a follower of its commits, as an instance does. */
function appenderFor(kv: Deno.Kv, { broadcaster }: Follower): Appender {
  return new Appender(kv, {
    onCommit: (room, events) => broadcaster.advance(["room", room], events.at(-1)!.seq, events),
  });
}

async function note(kv: Deno.Kv, user: string): Promise<number> {
  const topic = ["user", user] as const;
  const head = await kv.get<LogHead>(keys.head(topic));
  const atomic = kv.atomic();
  appendToLog(atomic, topic, { head, value: {} });
  await atomic.commit();
  return (head.value?.seq ?? 0) + 1;
}

Deno.test({
  name: "two instances each deliver every entry of 20 rooms once and in order",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(2);
    using a = new Follower(file.kvs[0]);
    using b = new Follower(file.kvs[1]);
    const followers = [a, b];
    const appenders = followers.map((one, i) => appenderFor(file.kvs[i], one));
    const rooms = range(1, 20).map((n) => `r${n}`);
    for (const one of followers) {
      await Promise.all(rooms.map((room) => one.broadcaster.follow(["room", room])));
    }
    await quietly(() =>
      Promise.all(
        range(1, 1_000).map((n) => appenders[n % 2].append(draft(n, rooms[(n >> 1) % 20]))),
      )
    );
    for (const one of followers) {
      await one.until(1_000);
      for (const room of rooms) assertEquals(one.of(room), range(1, 50));
      assertEquals(one.gaps, []);
    }
  },
});

Deno.test("follow() during appends misses nothing after the entry that it begins with", async () => {
  using kv = await freshKv();
  const appender = new Appender(kv, { onCommit: () => {} });
  const followers: Follower[] = [];
  const started: Promise<void>[] = [];
  const appends: Promise<unknown>[] = [];
  for (let n = 1; n <= 200; n++) {
    appends.push(appender.append(draft(n)));
    if (n % 20 === 0) {
      await appends[n - 10];
      const follower = new Follower(kv);
      followers.push(follower);
      started.push(follower.broadcaster.follow(ROOM));
    }
  }
  await Promise.all(started);
  await Promise.all(appends);
  await appender.append(draft(201));
  for (const follower of followers) {
    await follower.got.until((all) => all.includes("r1:201"), "the last entry");
    const [first] = follower.of("r1");
    assertEquals(follower.of("r1"), range(first, 201));
    follower[Symbol.dispose]();
  }
});

Deno.test("follow() begins after what is there, and twice is once", async () => {
  using kv = await freshKv();
  const appender = new Appender(kv, { onCommit: () => {} });
  await appender.append(draft(1));
  using follower = new Follower(kv);
  await Promise.all([follower.broadcaster.follow(ROOM), follower.broadcaster.follow(ROOM)]);
  await appender.append(draft(2));
  await follower.until(1);
  assertEquals(follower.got.all, ["r1:2"]);
});

Deno.test("unfollow() ends the delivery, and following again begins anew", async () => {
  using kv = await freshKv();
  using follower = new Follower(kv);
  const { broadcaster } = follower;
  const appender = appenderFor(kv, follower);
  await broadcaster.follow(ROOM);
  await appender.append(draft(1));
  broadcaster.unfollow(ROOM);
  broadcaster.unfollow(ROOM);
  await appender.append(draft(2));
  void broadcaster.follow(ROOM);
  broadcaster.unfollow(ROOM);
  await broadcaster.follow(ROOM);
  await appender.append(draft(3));
  await follower.until(2);
  assertEquals(follower.of("r1"), [1, 3]);
});

Deno.test("entries committed here need neither a watch nor a read", async () => {
  using kv = await freshKv();
  let lists = 0;
  const deaf = stubKv(kv, { list: () => void lists++, watch: () => new ReadableStream() });
  using follower = new Follower(deaf);
  const appender = appenderFor(kv, follower);
  await follower.broadcaster.follow(ROOM);
  await Promise.all(range(1, 200).map((n) => appender.append(draft(n))));
  assertEquals(follower.of("r1"), range(1, 200));
  assertEquals(lists, 0);
});

Deno.test("a short message of another instance comes with the head and is not read", async () => {
  using kv = await freshKv();
  let lists = 0;
  const counting = stubKv(kv, { list: () => void lists++ });
  using follower = new Follower(counting);
  const elsewhere = new Appender(kv, { onCommit: () => {} });
  await follower.broadcaster.follow(ROOM);
  for (let n = 1; n <= 5; n++) {
    await elsewhere.append(draft(n, "r1", "short"));
    await follower.until(n);
  }
  assertEquals([follower.of("r1"), lists], [range(1, 5), 0]);
  await elsewhere.append(draft(6));
  await follower.until(6);
  assertEquals(lists, 1);
});

Deno.test("a log whose reading fails is read on when KV is back", async () => {
  using kv = await freshKv();
  let isDown = false;
  const flaky = stubKv(kv, {
    list() {
      if (isDown) throw new Error("unreachable");
    },
  });
  using follower = new Follower(flaky);
  await follower.broadcaster.follow(ROOM);
  const appender = new Appender(kv, { onCommit: () => {} });
  await quietly(async (errors) => {
    isDown = true;
    const failed = new Recorder<void>();
    console.error = (...args) => {
      errors.push(args);
      failed.add();
    };
    await appender.append(draft(1));
    await failed.until((all) => all.length > 0, "a failure is logged");
    await Promise.all(range(2, 30).map((n) => appender.append(draft(n))));
    assertEquals(follower.got.all, []);
    isDown = false;
    await follower.until(30);
  });
  assertEquals(follower.of("r1"), range(1, 30));
});

Deno.test("a head that cannot be read is read again; nothing after it is missed", async () => {
  using kv = await freshKv();
  let failures = 2;
  const flaky = stubKv(kv, {
    read() {
      if (failures-- > 0) throw new Error("unreachable");
    },
  });
  using follower = new Follower(flaky);
  await quietly(() => follower.broadcaster.follow(ROOM));
  await new Appender(kv, { onCommit: () => {} }).append(draft(1));
  await follower.until(1);
});

Deno.test("a long absence is caught up page by page", async () => {
  using kv = await freshKv();
  using follower = new Follower(kv);
  await follower.broadcaster.follow(ROOM);
  const held = new Appender(kv, { onCommit: () => {} });
  for (let n = 1; n <= 1_300; n++) held.post(draft(n), () => {});
  await held.flushed();
  await follower.until(1_300);
  assertEquals(follower.of("r1"), range(1, 1_300));
});

Deno.test("a person's notes that expired unseen are reported as a gap", async () => {
  using kv = await freshKv();
  let isDown = true;
  const slow = stubKv(kv, {
    list() {
      if (isDown) throw new Error("unreachable");
    },
  });
  using follower = new Follower(slow);
  await follower.broadcaster.follow(["user", "ada"]);
  await quietly(async () => {
    for (let n = 1; n <= 5; n++) await note(kv, "ada");
    for (let n = 1; n <= 3; n++) await kv.delete(keys.entry(["user", "ada"], n));
    isDown = false;
    await follower.until(2);
  });
  assertEquals(follower.of("ada"), [4, 5]);
  assertEquals(follower.gaps, ["ada"]);
  await note(kv, "ada");
  await follower.until(3);
  assertEquals(follower.of("ada"), [4, 5, 6]);
  assertEquals(follower.gaps, ["ada"]);
});

Deno.test("an entry that arrives while the last read ends is delivered", async () => {
  using kv = await freshKv();
  using follower = new Follower(kv);
  await follower.broadcaster.follow(ROOM);
  const writer = new Appender(kv, { onCommit: () => {} });
  for (let n = 1; n <= 300; n++) {
    await writer.append(draft(n));
    // No wait: rings fall into every phase of the reader.
    if (n % 7 === 0) await follower.until(n);
  }
  await follower.until(300);
  assertEquals(follower.of("r1"), range(1, 300));
});
