/** An instance that is alone with its database watches nothing, and misses nothing either. */

import { assert, assertEquals } from "@std/assert";
import { createAccount, type UserRecord } from "../../lib/store/accounts.ts";
import type { Topic } from "../../lib/store/keys.ts";
import { keys } from "../../lib/store/keys.ts";
import { ringingKv } from "../../lib/store/ringing_kv.ts";
import { getOrCreateDirect } from "../../lib/store/rooms.ts";
import { removeSession } from "../../lib/store/sessions.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";
import { TestInstance } from "../helpers/instance.ts";

/** The instance's own: `fleet`. */
const OWN_KEYS = 1;

async function two(kv: Deno.Kv): Promise<[UserRecord, UserRecord]> {
  const password = "correct horse";
  return [
    await createAccount(kv, { username: "ada", name: "Ada", password }),
    await createAccount(kv, { username: "ben", name: "Ben", password }),
  ];
}

async function until(done: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !done();) {
    assert(Date.now() < deadline, "not within 30 s");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

Deno.test("ringingKv() tells of the logs that a commit moved, and of none that was refused", async () => {
  using kv = await freshKv();
  const rings: [Topic, number][] = [];
  const ringing = ringingKv(kv, (topic, seq) => rings.push([topic, seq]));
  const user = keys.head(["user", "u1"]);
  await ringing.atomic().check({ key: user, versionstamp: null }).set(user, { seq: 1 }).commit();
  const refused = await ringing.atomic().check({ key: user, versionstamp: null })
    .set(user, { seq: 9 }).commit();
  assertEquals(refused.ok, false);
  await ringing.atomic().set(keys.head(["room", "r1"]), { seq: 5 }).set(["other"], 1).commit();
  assertEquals(rings, [[["user", "u1"], 1]]);
  assertEquals((await ringing.get(user)).value, { seq: 1 });
});

Deno.test("an instance alone delivers messages, notes and new rooms without a watch", async () => {
  using kv = await freshKv();
  await using alone = await TestInstance.start(kv, { solo: true });
  const { live } = alone;
  const [ada, ben] = await two(live.kv);
  const [a, b] = [await alone.connect(ada, { session: "one" }), await alone.connect(ben)];
  const second = await alone.connect(ada, { session: "two" });
  a.say({ type: "open", ref: 1, with: ben.id });
  const { room } = await a.take("opened");
  await b.take("room");
  await second.take("room");
  a.say({ type: "post", room: room.id, id: "m1", text: "hello" });
  await b.take("events", ({ events }) => events.some(({ id }) => id === "m1"));
  b.say({ type: "post", room: room.id, id: "m2", text: "hi" });
  await a.take("events", ({ events }) => events.some(({ id }) => id === "m2"));
  a.say({ type: "read", room: room.id, seq: 2 });
  assertEquals((await second.take("read")).unread, 0);
  await createAccount(live.kv, { username: "eve", name: "Eve", password: "correct horse" });
  await b.take("joined", ({ people }) => people[0].username === "eve");
  assertEquals(live.watchedKeys, OWN_KEYS);
});

Deno.test({
  name: "when another instance comes it is heard at once, and when it went the watches end",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(2);
    const times = { leaseMs: 1_500 };
    await using first = await TestInstance.start(file.kvs[0], { solo: true, times });
    const [ada, ben] = await two(first.live.kv);
    const { id: room } = await getOrCreateDirect(first.live.kv, ada.id, ben.id);
    const a = await first.connect(ada);
    assertEquals(first.live.watchedKeys, OWN_KEYS);
    {
      await using second = await TestInstance.start(file.kvs[1], { solo: true, times });
      const b = await second.connect(ben);
      b.say({ type: "post", room, id: "across", text: "from the other" });
      await a.take("events", ({ events }) => events.some(({ id }) => id === "across"));
      a.say({ type: "post", room, id: "back", text: "and back" });
      await b.take("events", ({ events }) => events.some(({ id }) => id === "back"));
      assert(first.live.watchedKeys > OWN_KEYS);
    }
    await until(() => first.live.watchedKeys === OWN_KEYS);
    a.say({ type: "post", room, id: "alone", text: "alone again" });
    await a.take("events", ({ events }) => events.some(({ id }) => id === "alone"));
  },
});

Deno.test("a session that ends at an instance alone closes its sockets", async () => {
  using kv = await freshKv();
  await using alone = await TestInstance.start(kv, { solo: true });
  const [ada] = await two(alone.live.kv);
  const hash = "hash-of-a-session";
  await alone.live.kv.set(keys.session(hash), { userId: ada.id, createdAt: 0, expiresAt: 9e15 });
  const socket = await alone.connect(ada, { session: hash });
  await removeSession(alone.live.kv, hash);
  assertEquals((await socket.closed).code, 4401);
});
