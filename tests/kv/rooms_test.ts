import { assertEquals, assertRejects } from "@std/assert";
import { NotFoundError } from "../../lib/chat/errors.ts";
import { readLog } from "../../lib/store/logs.ts";
import { getOrCreateDirect, getRoomFor, getRooms, listRoomIds } from "../../lib/store/rooms.ts";
import { listSummaries } from "../../lib/store/summaries.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";
import { createPair, createPerson } from "../helpers/people.ts";

async function race(kvs: readonly Deno.Kv[]): Promise<void> {
  const ada = await createPerson(kvs[0], "ada");
  const ben = await createPerson(kvs[0], "ben");
  const opens = Array.from({ length: 20 }, (_, n) => {
    const [a, b] = n % 2 ? [ada, ben] : [ben, ada];
    return getOrCreateDirect(kvs[n % kvs.length], a.id, b.id);
  });
  const rooms = await Promise.all(opens);
  assertEquals(new Set(rooms.map(({ id }) => id)).size, 1);
  for (const { id } of [ada, ben]) {
    assertEquals(await listRoomIds(kvs[0], id), [rooms[0].id]);
    const notes = await readLog(kvs[0], ["user", id], { after: 0, upTo: 9 });
    assertEquals(notes, [{ seq: 1, value: { type: "room", room: rooms[0].id } }]);
  }
}

Deno.test("getOrCreateDirect() makes one room of 20 concurrent opens from both sides", async () => {
  using kv = await freshKv();
  await race([kv]);
});

Deno.test({
  name: "getOrCreateDirect() makes one room of concurrent opens at two instances",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(2);
    await race(file.kvs);
  },
});

Deno.test("getOrCreateDirect() says the same of oneself and of nobody", async () => {
  using kv = await freshKv();
  const { ada, ben } = await createPair(kv);
  const self = await assertRejects(() => getOrCreateDirect(kv, ada.id, ada.id), NotFoundError);
  const none = await assertRejects(() => getOrCreateDirect(kv, ada.id, "nobody"), NotFoundError);
  assertEquals(self.message, none.message);
  assertEquals((await listRoomIds(kv, ada.id)).length, 1);
  assertEquals((await getOrCreateDirect(kv, ben.id, ada.id)).members.length, 2);
});

Deno.test("getRoomFor() says the same of a private room and of none", async () => {
  using kv = await freshKv();
  const { ada, room } = await createPair(kv);
  const eve = await createPerson(kv, "eve");
  assertEquals(await getRoomFor(kv, room.id, ada.id), room);
  const foreign = await assertRejects(() => getRoomFor(kv, room.id, eve.id), NotFoundError);
  const absent = await assertRejects(() => getRoomFor(kv, "nothing", eve.id), NotFoundError);
  assertEquals(foreign.message, absent.message);
});

Deno.test("getRooms() keeps the order and leaves out the unknown", async () => {
  using kv = await freshKv();
  const { room } = await createPair(kv);
  assertEquals(await getRooms(kv, ["no", room.id, ...Array(11).fill("no"), room.id]), [room, room]);
});

Deno.test("listSummaries() shows a person's rooms and no stored record", async () => {
  using kv = await freshKv();
  const { ada, ben, room } = await createPair(kv);
  const eve = await createPerson(kv, "eve");
  await getOrCreateDirect(kv, eve.id, ben.id);
  const { rooms, more } = await listSummaries(kv, ada.id);
  assertEquals(more, false);
  assertEquals(rooms, [{
    id: room.id,
    kind: "direct",
    members: rooms[0].members,
    createdAt: room.createdAt,
    head: 0,
    last: null,
    read: 0,
    unread: 0,
  }]);
  for (const member of rooms[0].members) {
    assertEquals(Object.keys(member).sort(), ["id", "name", "username"]);
  }
  const two = await listSummaries(kv, ben.id, { limit: 1 });
  assertEquals([two.rooms.length, two.more], [1, true]);
});
