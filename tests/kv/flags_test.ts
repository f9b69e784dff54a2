import { assertEquals } from "@std/assert";
import { keys } from "../../lib/store/keys.ts";
import { getFlags, listFlags, setFlags } from "../../lib/store/flags.ts";
import { moveRead } from "../../lib/store/reads.ts";
import { getSummary, listSummaries } from "../../lib/store/summaries.ts";
import { post, postAll, setUp } from "../helpers/conversation.ts";
import { freshKv } from "../helpers/fresh_kv.ts";

Deno.test("flags are set one by one, and what is not named stays", async () => {
  using kv = await freshKv();
  assertEquals(await setFlags(kv, "ada", "r1", { muted: true }), { muted: true, marked: false });
  assertEquals(await setFlags(kv, "ada", "r1", { marked: true }), { muted: true, marked: true });
  assertEquals(await setFlags(kv, "ada", "r1", {}), { muted: true, marked: true });
  assertEquals(await setFlags(kv, "ada", "r1", { muted: false }), { muted: false, marked: true });
  assertEquals(await getFlags(kv, "ada", "r1"), { marked: true });
});

Deno.test("flags are one person's of one room, and none leave no key", async () => {
  using kv = await freshKv();
  await setFlags(kv, "ada", "r1", { muted: true });
  assertEquals([...await listFlags(kv, "ada")], [["r1", { muted: true }]]);
  assertEquals([...await listFlags(kv, "ben")], []);
  assertEquals(await getFlags(kv, "ada", "r2"), {});
  await setFlags(kv, "ada", "r1", { muted: false });
  assertEquals((await kv.get(keys.flag("ada", "r1"))).versionstamp, null);
});

/** Ada's flags as her list and her room show them. */
async function shown({ kv, ada, room }: Awaited<ReturnType<typeof setUp>>) {
  const { rooms: [{ muted, marked }] } = await listSummaries(kv, ada.id);
  const one = await getSummary(kv, ada.id, room);
  assertEquals([one.muted, one.marked], [muted, marked]);
  return { muted, marked };
}

Deno.test("summaries show the viewer's own flags", async () => {
  await using t = await setUp();
  await setFlags(t.kv, t.ben.id, t.room.id, { muted: true });
  assertEquals(await shown(t), { muted: undefined, marked: undefined });
  await setFlags(t.kv, t.ada.id, t.room.id, { marked: true });
  assertEquals(await shown(t), { muted: undefined, marked: true });
});

Deno.test("a read pointer that moves takes the mark away and leaves the room muted", async () => {
  await using t = await setUp();
  const ben = await t.instance.connect(t.ben);
  await postAll(ben, t.room.id, 2);
  await setFlags(t.kv, t.ada.id, t.room.id, { muted: true, marked: true });
  await moveRead(t.kv, t.ada.id, t.room.id, 0);
  assertEquals(await shown(t), { muted: true, marked: true });
  await moveRead(t.kv, t.ada.id, t.room.id, 2);
  assertEquals(await shown(t), { muted: true, marked: undefined });
});

Deno.test("a flag reaches all sockets of the person and nobody else's", async () => {
  await using t = await setUp();
  const [one, other] = [await t.instance.connect(t.ada), await t.instance.connect(t.ada)];
  const ben = await t.instance.connect(t.ben);
  one.say({ type: "flag", ref: 7, room: t.room.id, muted: true });
  const told = { type: "flags" as const, room: t.room.id, muted: true, marked: false };
  assertEquals(await one.take("flags", ({ ref }) => ref === 7), { ...told, ref: 7 });
  assertEquals(await other.take("flags"), told);
  ben.say([post(t.room.id, "m1"), { type: "ping" }]);
  await ben.take("pong");
  assertEquals(ben.all("flags"), []);
});

Deno.test("a stranger to a room cannot flag it, and learns nothing of it", async () => {
  await using t = await setUp();
  const eve = await t.instance.connect(t.eve);
  eve.say([
    { type: "flag", ref: 1, room: t.room.id, muted: true },
    { type: "flag", ref: 2, room: "absent", muted: true },
  ]);
  const [here, absent] = [await eve.take("error"), await eve.take("error")];
  assertEquals([here.code, absent.code], ["not_found", "not_found"]);
  assertEquals(here.message, absent.message);
  assertEquals([...await listFlags(t.kv, t.eve.id)], []);
});
