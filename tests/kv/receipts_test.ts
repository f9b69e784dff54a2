import { assert, assertEquals, assertThrows } from "@std/assert";
import { RateLimitedError } from "../../lib/chat/errors.ts";
import { MAX_LIVE_RECEIPTS } from "../../lib/chat/limits.ts";
import { Rates } from "../../lib/live/rates.ts";
import { EVERY_MS, Receipts, takeForReceipts } from "../../lib/live/receipts.ts";
import { RoomCache } from "../../lib/live/room_cache.ts";
import { SettingsCache } from "../../lib/live/settings_cache.ts";
import { keys } from "../../lib/store/keys.ts";
import { getReceipts, moveDelivered } from "../../lib/store/receipts.ts";
import { getOrCreateDirect } from "../../lib/store/rooms.ts";
import { changeSettings } from "../../lib/store/settings.ts";
import { post, postAll, setUp } from "../helpers/conversation.ts";
import { freshKv, kvFile } from "../helpers/fresh_kv.ts";
import { TestInstance } from "../helpers/instance.ts";
import { createPair, createPerson } from "../helpers/people.ts";
import { stubKv } from "../helpers/stub_kv.ts";

Deno.test("moveDelivered() moves many pointers in one commit, and none back", async () => {
  using kv = await freshKv();
  const room = "r1";
  await moveDelivered(kv, [{ room, user: "ada", seq: 7 }, { room, user: "ben", seq: 3 }]);
  await moveDelivered(kv, [{ room, user: "ada", seq: 4 }, { room, user: "ben", seq: 5 }]);
  const people = await getReceipts(kv, "eve", { id: room, members: ["ada", "ben", "eve"] });
  assertEquals(people, [
    { by: "ada", delivered: 7, read: 0 },
    { by: "ben", delivered: 5, read: 0 },
  ]);
});

Deno.test("receipts go from delivered to read, to the author alone", async () => {
  await using t = await setUp();
  const [ada, ben] = [await t.instance.connect(t.ada), await t.instance.connect(t.ben)];
  const eve = await t.instance.connect(t.eve);
  await postAll(ada, t.room.id, 2);
  const of = (delivered: number, read: number) => ({
    type: "receipts" as const,
    room: t.room.id,
    people: [{ by: t.ben.id, delivered, read }],
  });
  assertEquals(await ada.take("receipts", ({ people: [one] }) => one.delivered === 2), of(2, 0));
  ben.say({ type: "read", room: t.room.id, seq: 1 });
  assertEquals(await ada.take("receipts", ({ people: [one] }) => one.read > 0), of(1, 1));
  assertEquals(await getReceipts(t.kv, t.ada.id, t.room), [{
    by: t.ben.id,
    delivered: 2,
    read: 1,
  }]);
  assertEquals([ben.all("receipts"), eve.all("receipts")], [[], []]);
});

Deno.test("what waits for somebody who is away is delivered when they are back", async () => {
  await using t = await setUp();
  const ada = await t.instance.connect(t.ada);
  await postAll(ada, t.room.id, 3);
  assertEquals(await getReceipts(t.kv, t.ada.id, t.room), [{
    by: t.ben.id,
    delivered: 0,
    read: 0,
  }]);
  await t.instance.connect(t.ben);
  const { people } = await ada.take("receipts");
  assertEquals(people, [{ by: t.ben.id, delivered: 3, read: 0 }]);
});

Deno.test("receipts are asked for by members only", async () => {
  await using t = await setUp();
  const [ada, eve] = [await t.instance.connect(t.ada), await t.instance.connect(t.eve)];
  await postAll(ada, t.room.id, 1);
  await t.instance.live.moveRead(t.ben.id, t.room.id, 1);
  ada.say({ type: "receipts", ref: 4, room: t.room.id });
  const { people } = await ada.take("receipts", ({ ref }) => ref === 4);
  assertEquals(people, [{ by: t.ben.id, delivered: 1, read: 1 }]);
  eve.say([
    { type: "receipts", ref: 1, room: t.room.id },
    { type: "receipts", ref: 2, room: "absent" },
  ]);
  const [here, absent] = [await eve.take("error"), await eve.take("error")];
  assertEquals([here.code, here.message], ["not_found", absent.message]);
});

for (const who of ["ada", "ben"] as const) {
  Deno.test(`when ${who} switched receipts off, neither sees any, live or asked for`, async () => {
    await using t = await setUp();
    await changeSettings(t.kv, t[who].id, { receipts: false });
    const other = await getOrCreateDirect(t.kv, t.eve.id, who === "ada" ? t.ben.id : t.ada.id);
    const ada = await t.instance.connect(t.ada);
    const ben = await t.instance.connect(t.ben);
    const eve = await t.instance.connect(t.eve);
    ada.say(post(t.room.id, "a1"));
    ben.say(post(t.room.id, "b1"));
    eve.say(post(other.id, "e1"));
    for (const socket of [ada, ben, eve]) await socket.take("ack");
    for (const socket of [ada, ben]) socket.say({ type: "read", room: t.room.id, seq: 2 });
    (who === "ada" ? ben : ada).say({ type: "read", room: other.id, seq: 1 });
    // Eve's comes with the same commit, or a later one, as theirs would have.
    await eve.take("receipts", ({ people: [{ read }] }) => read === 1);
    for (const socket of [ada, ben]) {
      assertEquals(socket.all("receipts"), []);
      socket.say({ type: "receipts", ref: 9, room: t.room.id });
      assertEquals((await socket.take("receipts")).people, []);
    }
    const hidden = await t.kv.get(keys.delivered(t.room.id, t[who].id));
    assertEquals(hidden.value, null, "nothing of theirs is stored either");
  });
}

Deno.test("receipts that are switched off go from the screens of others, and only of those", async () => {
  await using t = await setUp();
  const [ada, eve] = [await t.instance.connect(t.ada), await t.instance.connect(t.eve)];
  await postAll(ada, t.room.id, 1);
  await t.instance.live.changeSettings(t.ben.id, { receipts: false });
  const { people } = await ada.take("receipts", ({ people: [one] }) => one.hidden === true);
  assertEquals(people, [{ by: t.ben.id, delivered: 0, read: 0, hidden: true }]);
  await t.instance.live.changeSettings(t.ben.id, { receipts: false });
  eve.say({ type: "ping" });
  await eve.take("pong");
  assertEquals([ada.all("receipts").length, eve.all("receipts").length], [1, 0]);
});

Deno.test("all receipts of a large group count as a search, those of a small room do not", () => {
  const rates = new Rates(5);
  const members = Array.from({ length: MAX_LIVE_RECEIPTS }, (_, n) => `p${n}`);
  for (let n = 0; n < 100; n++) takeForReceipts(rates, { members });
  const large = { members: [...members, "one more"] };
  assertThrows(() => {
    for (let n = 0; n < 100; n++) takeForReceipts(rates, large);
  }, RateLimitedError);
});

Deno.test("receipts that are switched on again are seen at once, on open sockets", async () => {
  await using t = await setUp();
  const [ada, ben] = [await t.instance.connect(t.ada), await t.instance.connect(t.ben)];
  await changeSettings(t.kv, t.ada.id, { receipts: false });
  assertEquals(await ada.take("settings"), { type: "settings", receipts: false });
  await changeSettings(t.kv, t.ada.id, { receipts: true });
  await ada.take("settings", ({ receipts }) => receipts);
  assertEquals(ben.all("settings"), []);
  await postAll(ada, t.room.id, 1);
  await ada.take("receipts");
});

Deno.test("receipts cross instances", async () => {
  await using file = await kvFile(2);
  const pair = await createPair(file.kvs[0]);
  await using a = await TestInstance.start(file.kvs[0]);
  await using b = await TestInstance.start(file.kvs[1]);
  const [ada, ben] = [await a.connect(pair.ada), await b.connect(pair.ben)];
  ada.say({ type: "watch", people: [pair.ben.id] });
  await ada.take("presence", ({ people: [{ online }] }) => online);
  ben.say({ type: "watch", people: [pair.ada.id] });
  await ben.take("presence", ({ people: [{ online }] }) => online);
  await postAll(ada, pair.room.id, 1);
  await ada.take("receipts", ({ people: [{ delivered }] }) => delivered === 1);
  ben.say({ type: "read", room: pair.room.id, seq: 1 });
  await ada.take("receipts", ({ people: [{ read }] }) => read === 1);
});

Deno.test("thousands of messages in fifty rooms cost one commit of pointers a second", async () => {
  using kv = await freshKv();
  const { commits, counting } = countingKv(kv);
  await using instance = await TestInstance.start(counting, { postsPerSecond: 100_000 });
  const pairs = await Promise.all(Array.from({ length: 50 }, async (_, n) => {
    const [one, other] = [await createPerson(kv, `one${n}`), await createPerson(kv, `other${n}`)];
    const room = await getOrCreateDirect(kv, one.id, other.id);
    return { room, socket: await instance.connect(one), reader: await instance.connect(other) };
  }));
  const startedAt = Date.now();
  for (let n = 0; n < 20; n++) {
    for (const { room, socket } of pairs) socket.say(post(room.id, `m${n}`));
    await Promise.all(pairs.map(({ socket }) => socket.take("ack")));
  }
  await Promise.all(
    pairs.map(({ socket }) =>
      socket.take("receipts", ({ people: [{ delivered }] }) => delivered === 20)
    ),
  );
  const allowed = Math.ceil((Date.now() - startedAt) / EVERY_MS) + 1;
  assert(commits.pointers > 0 && commits.pointers <= allowed, `${commits.pointers} of ${allowed}`);
  assertEquals(commits.notes, 0);
});

/** Counts the commits that move delivered pointers, and those that append to people's logs. */
function countingKv(kv: Deno.Kv) {
  const commits = { pointers: 0, notes: 0 };
  const counting = new Proxy(kv, {
    get(target, name) {
      if (name === "atomic") return () => countingAtomic(target.atomic());
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  function countingAtomic(atomic: Deno.AtomicOperation): Deno.AtomicOperation {
    const touched = new Set<keyof typeof commits>();
    const proxy: Deno.AtomicOperation = new Proxy(atomic, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          const key = (Array.isArray(args[0]) ? args[0] : []) as Deno.KvKey;
          if (key[0] === "delivered") touched.add("pointers");
          if (key[0] === "log" && key[1] === "user") touched.add("notes");
          if (name === "commit") { for (const kind of touched) commits[kind]++; }
          const result: unknown = value.apply(target, args);
          return result === target ? proxy : result;
        };
      },
    });
    return proxy;
  }
  return { commits, counting };
}

Deno.test("an instance stops although what it stores of receipts gets no answer", async () => {
  using kv = await freshKv();
  const { ben, room } = await createPair(kv);
  const asked = Promise.withResolvers<void>();
  const hanging = stubKv(kv, {
    commit() {
      asked.resolve();
      return new Promise(() => {});
    },
  });
  const receipts = new Receipts({
    kv: hanging,
    rooms: new RoomCache(kv),
    settings: new SettingsCache(kv, () => false),
    whereIs: () => "nowhere",
    show: () => {},
  });
  receipts.read(room.id, ben.id, 1);
  await asked.promise;
  const startedAt = Date.now();
  await receipts.close();
  assert(Date.now() - startedAt < 5 * EVERY_MS);
});
