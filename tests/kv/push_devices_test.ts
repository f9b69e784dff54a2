import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { NotFoundError } from "../../lib/chat/errors.ts";
import { MAX_PUSH_DEVICES } from "../../lib/chat/limits.ts";
import { keys } from "../../lib/store/keys.ts";
import {
  listPushDevices,
  listPushPeople,
  putPushDevice,
  removePushDevice,
  type Subscription,
} from "../../lib/store/push_devices.ts";
import { claimPushed, dropPushed, getPushed, listPushedRooms } from "../../lib/store/pushed.ts";
import { getVapidKeys } from "../../lib/store/vapid.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";

function subscription(n: number | string, change: Partial<Subscription> = {}): Subscription {
  return {
    endpoint: `https://push.example/${n}`,
    p256dh: "key",
    auth: "auth",
    name: "Firefox on Linux",
    session: "s1",
    ...change,
  };
}

async function everything(kv: Deno.Kv): Promise<Deno.KvEntry<unknown>[]> {
  return await Array.fromAsync(kv.list({ prefix: [] }));
}

Deno.test({
  name: "many instances that start at once on an empty database have one key pair",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(4);
    const pairs = await Promise.all([...file.kvs, ...file.kvs].map(getVapidKeys));
    assertEquals(new Set(pairs.map(({ publicKey }) => publicKey)).size, 1);
    assertEquals(await getVapidKeys(file.kvs[0]), pairs[0]);
  },
});

Deno.test("key pairs of two sites differ", async () => {
  using a = await freshKv();
  using b = await freshKv();
  assertNotEquals((await getVapidKeys(a)).publicKey, (await getVapidKeys(b)).publicKey);
});

Deno.test("a device that subscribes again is one device, with what it says now", async () => {
  using kv = await freshKv();
  const id = await putPushDevice(kv, "ada", subscription(1));
  assertEquals(await putPushDevice(kv, "ada", subscription(1, { session: "s2" })), id);
  const devices = await listPushDevices(kv, "ada");
  assertEquals(devices.map(({ id, session }) => [id, session]), [[id, "s2"]]);
});

Deno.test("the same again within the hour writes nothing", async () => {
  using kv = await freshKv();
  await putPushDevice(kv, "ada", subscription(1));
  const before = await kv.get(keys.pushDevices("ada"));
  await putPushDevice(kv, "ada", subscription(1));
  assertEquals((await kv.get(keys.pushDevices("ada"))).versionstamp, before.versionstamp);
});

Deno.test("a new endpoint of the same browser takes the old one's place", async () => {
  using kv = await freshKv();
  await putPushDevice(kv, "ada", subscription(1));
  await putPushDevice(kv, "ada", { ...subscription(2), replaces: subscription(1).endpoint });
  const devices = await listPushDevices(kv, "ada");
  assertEquals(devices.map(({ endpoint }) => endpoint), [subscription(2).endpoint]);
  const owners = await Array.fromAsync(kv.list({ prefix: ["push_endpoint"] }));
  assertEquals(owners.length, 1);
});

Deno.test("nobody takes away another's device by saying that theirs replaces it", async () => {
  using kv = await freshKv();
  await putPushDevice(kv, "ada", subscription(1));
  await putPushDevice(kv, "eve", { ...subscription(2), replaces: subscription(1).endpoint });
  assertEquals((await listPushDevices(kv, "ada")).length, 1);
});

Deno.test("a browser belongs to who turned notifications on in it last", async () => {
  using kv = await freshKv();
  await putPushDevice(kv, "ada", subscription(1));
  await putPushDevice(kv, "ada", subscription(2));
  await putPushDevice(kv, "ben", subscription(1));
  const endpoints = async (user: string) =>
    (await listPushDevices(kv, user)).map(({ endpoint }) => endpoint);
  assertEquals(await endpoints("ada"), [subscription(2).endpoint]);
  assertEquals(await endpoints("ben"), [subscription(1).endpoint]);
  await putPushDevice(kv, "ben", subscription(2));
  assertEquals(await endpoints("ada"), []);
  assertEquals(await listPushPeople(kv), new Set(["ben"]));
});

Deno.test("one device above the limit makes the longest unused go", async () => {
  using kv = await freshKv();
  const ids: string[] = [];
  for (let n = 0; n < MAX_PUSH_DEVICES; n++) {
    ids.push(await putPushDevice(kv, "ada", subscription(n)));
  }
  const devices = await listPushDevices(kv, "ada");
  const aged = devices.map((device) => ({ ...device, usedAt: device.id === ids[7] ? 1 : 2 }));
  await kv.set(keys.pushDevices("ada"), aged);
  await putPushDevice(kv, "ada", subscription("new"));
  const left = new Set((await listPushDevices(kv, "ada")).map(({ id }) => id));
  assertEquals(left.size, MAX_PUSH_DEVICES);
  assert(!left.has(ids[7]));
  assertEquals((await kv.get(keys.pushEndpoint(ids[7]))).value, null);
});

Deno.test("a person removes their own devices and no one else's; the last leaves nothing", async () => {
  using kv = await freshKv();
  const id = await putPushDevice(kv, "ada", subscription(1));
  assert(!await removePushDevice(kv, "eve", id));
  assert(!await removePushDevice(kv, "ada", "absent"));
  assertEquals((await listPushDevices(kv, "ada")).length, 1);
  assert(await removePushDevice(kv, "ada", id));
  assertEquals(await everything(kv), []);
});

Deno.test("a device that its person removed comes back only when somebody turns it on", async () => {
  using kv = await freshKv();
  const id = await putPushDevice(kv, "ada", subscription(1));
  await removePushDevice(kv, "ada", id, { forGood: true });
  const renewal = { ...subscription(1), renew: true };
  await assertRejects(() => putPushDevice(kv, "ada", renewal), NotFoundError);
  const next = { ...subscription(2), replaces: subscription(1).endpoint, renew: true };
  await assertRejects(() => putPushDevice(kv, "ada", next), NotFoundError);
  await putPushDevice(kv, "ada", subscription(1));
  assertEquals(await putPushDevice(kv, "ada", renewal), id);
});

Deno.test("a browser that keeps itself known is not handed to whoever is signed in there now", async () => {
  using kv = await freshKv();
  await putPushDevice(kv, "ada", subscription(1));
  const next = { ...subscription(2), replaces: subscription(1).endpoint };
  await assertRejects(() => putPushDevice(kv, "ben", { ...next, renew: true }), NotFoundError);
  assertEquals(await listPushDevices(kv, "ben"), []);
  await putPushDevice(kv, "ben", next); // they pressed the button
  assertEquals((await listPushDevices(kv, "ben")).length, 1);
});

Deno.test("a device that was removed because it could not be reached comes back by itself", async () => {
  using kv = await freshKv();
  const id = await putPushDevice(kv, "ada", subscription(1));
  await removePushDevice(kv, "ada", id);
  assertEquals(await putPushDevice(kv, "ada", { ...subscription(1), renew: true }), id);
});

Deno.test("devices that come and go at once are all counted", async () => {
  using kv = await freshKv();
  const gone = await putPushDevice(kv, "ada", subscription("gone"));
  await Promise.all([
    ...[1, 2, 3, 4, 5].map((n) => putPushDevice(kv, "ada", subscription(n))),
    removePushDevice(kv, "ada", gone),
  ]);
  assertEquals((await listPushDevices(kv, "ada")).length, 5);
});

Deno.test("of several who claim one push, one sends it", async () => {
  using kv = await freshKv();
  const from = await getPushed(kv, "ada", "r1");
  const claims = [1, 2, 3].map((at) => claimPushed(kv, from, { seq: 5, at }));
  assertEquals((await Promise.all(claims)).filter(Boolean).length, 1);
  const next = await getPushed(kv, "ada", "r1");
  assert(await claimPushed(kv, next, { seq: 6, at: 4 }));
  assertEquals(await listPushedRooms(kv, "ada"), ["r1"]);
});

Deno.test("a mark is taken away once, and not when a newer push was sent meanwhile", async () => {
  using kv = await freshKv();
  await claimPushed(kv, await getPushed(kv, "ada", "r1"), { seq: 5, at: 1 });
  const seen = await getPushed(kv, "ada", "r1");
  await claimPushed(kv, seen, { seq: 6, at: 2 });
  assert(!await dropPushed(kv, seen));
  const newest = await getPushed(kv, "ada", "r1");
  assertEquals(
    (await Promise.all([dropPushed(kv, newest), dropPushed(kv, newest)])).filter(Boolean).length,
    1,
  );
  assert(!await dropPushed(kv, await getPushed(kv, "ada", "r1")));
  assertEquals(await everything(kv), []);
});
