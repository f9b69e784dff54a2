/** Records in memory: right for as long as they are kept. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { NotFoundError } from "../../lib/chat/errors.ts";
import { RoomCache } from "../../lib/live/room_cache.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { change, makeGroup } from "../helpers/groups.ts";
import { createPair } from "../helpers/people.ts";
import { stubKv } from "../helpers/stub_kv.ts";

Deno.test("a direct room is read once, and told to its two people alone", async () => {
  using kv = await freshKv();
  const { ada, ben, room } = await createPair(kv);
  const cache = new RoomCache(kv);
  await cache.getFor(room.id, ada.id);
  cache.forget(room.id);
  assert(!(cache.getFor(room.id, ben.id) instanceof Promise));
  await assertRejects(async () => await cache.getFor(room.id, "eve"), NotFoundError);
});

Deno.test("a group is kept only while its log is followed, and until it changes", async () => {
  using kv = await freshKv();
  const { ada, ben } = await createPair(kv);
  const room = await makeGroup(kv, [ada, ben]);
  let followed = false;
  const cache = new RoomCache(kv, () => followed);
  const isKept = async () => {
    const found = cache.getFor(room.id, ada.id);
    await found;
    return !(found instanceof Promise);
  };
  assertEquals([await isKept(), await isKept()], [false, false]);
  followed = true;
  assertEquals([await isKept(), await isKept()], [false, true]);
  cache.forget(room.id);
  assertEquals([await isKept(), await isKept()], [false, true]);
});

Deno.test("a group that changed while it was read is not kept as it was", async () => {
  using kv = await freshKv();
  const { ada, ben } = await createPair(kv);
  const room = await makeGroup(kv, [ada, ben]);
  let reads = 0;
  const slow = new Proxy(kv, {
    get(target, name) {
      if (name !== "get") return Reflect.get(target, name).bind(target);
      return async (key: Deno.KvKey) => {
        const entry = await target.get(key);
        if (reads++ > 0) return entry;
        await change(kv, room, ada, { type: "remove", person: ben.id });
        cache.forget(room.id); // as the event of the removal has it
        return entry;
      };
    },
  });
  const cache = new RoomCache(stubKv(slow, {}), () => true);
  await cache.getFor(room.id, ben.id); // began before the removal
  await assertRejects(async () => await cache.getFor(room.id, ben.id), NotFoundError);
  assertEquals(reads, 2);
});
