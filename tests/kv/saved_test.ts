import { assertEquals, assertRejects } from "@std/assert";
import { InvalidError } from "../../lib/chat/errors.ts";
import { MAX_SAVED } from "../../lib/chat/limits.ts";
import { keys } from "../../lib/store/keys.ts";
import { isSaved, listSaved, listSavedIn, setSaved } from "../../lib/store/saved.ts";
import { postAll, setUp } from "../helpers/conversation.ts";
import { freshKv } from "../helpers/fresh_kv.ts";

const place = (message: number, room = "r1") => ({ room, message });

async function saved(kv: Deno.Kv, userId = "ada"): Promise<[string, number][]> {
  return (await listSaved(kv, userId)).saved.map(({ room, seq }) => [room, seq]);
}

Deno.test("what is saved last comes first; saving twice, or dropping twice, changes nothing", async () => {
  using kv = await freshKv();
  for (const message of [3, 1, 2, 3]) await setSaved(kv, "ada", { ...place(message), on: true });
  await setSaved(kv, "ada", { ...place(7, "r2"), on: true });
  await setSaved(kv, "ben", { ...place(9), on: true });
  assertEquals(await saved(kv), [["r2", 7], ["r1", 2], ["r1", 1], ["r1", 3]]);
  assertEquals(await listSavedIn(kv, "ada", "r1"), [1, 2, 3]);
  for (const _ of [1, 2]) await setSaved(kv, "ada", { ...place(1), on: false });
  assertEquals(await saved(kv), [["r2", 7], ["r1", 2], ["r1", 3]]);
  assertEquals([await isSaved(kv, "ada", place(1)), await isSaved(kv, "ada", place(2))], [
    false,
    true,
  ]);
  assertEquals((await kv.get(keys.savedTally("ada"))).value, { count: 3, last: 4 });
});

Deno.test("pages of what is saved miss nothing and repeat nothing", async () => {
  using kv = await freshKv();
  for (let n = 1; n <= 7; n++) await setSaved(kv, "ada", { ...place(n), on: true });
  const seen: number[] = [];
  let after: string | undefined;
  do {
    const page = await listSaved(kv, "ada", { limit: 3, after });
    seen.push(...page.saved.map(({ seq }) => seq));
    after = page.next ?? undefined;
  } while (after !== undefined);
  assertEquals(seen, [7, 6, 5, 4, 3, 2, 1]);
  await assertRejects(() => listSaved(kv, "ada", { after: "WyJ4Il0" }), InvalidError);
});

Deno.test("one saves so many messages, and all at once count right", async () => {
  using kv = await freshKv();
  await kv.set(keys.savedTally("ada"), { count: MAX_SAVED - 2, last: 9_000 });
  const tries = [1, 2, 3, 4].map((n) => setSaved(kv, "ada", { ...place(n), on: true }));
  const results = await Promise.allSettled(tries);
  assertEquals(results.filter(({ status }) => status === "rejected").length, 2);
  assertEquals((await kv.get(keys.savedTally("ada"))).value, { count: MAX_SAVED, last: 9_002 });
});

Deno.test("all of a person's devices are told, and nobody else's", async () => {
  await using t = await setUp();
  const [phone, laptop] = [await t.instance.connect(t.ada), await t.instance.connect(t.ada)];
  const ben = await t.instance.connect(t.ben);
  await postAll(phone, t.room.id, 2);
  const save = { type: "save", ref: 5, room: t.room.id, message: 2, on: true };
  phone.say(save);
  const { type: _, ...said } = save;
  assertEquals(await phone.take("saved", ({ ref }) => ref === 5), { type: "saved", ...said });
  const { ref: __, ...told } = said;
  assertEquals(await laptop.take("saved"), { type: "saved", ...told });
  laptop.say({ type: "saves", ref: 6, room: t.room.id });
  assertEquals((await laptop.take("saves")).messages, [2]);
  ben.say({ type: "saves", ref: 7, room: t.room.id });
  assertEquals((await ben.take("saves")).messages, []);
  assertEquals(ben.all("saved"), []);
});

Deno.test("what is deleted, no message, or of a room of others cannot be saved", async () => {
  await using t = await setUp();
  const [ada, eve] = [await t.instance.connect(t.ada), await t.instance.connect(t.eve)];
  await postAll(ada, t.room.id, 2);
  ada.say({ type: "delete", room: t.room.id, id: "d1", message: 1 });
  await ada.take("ack", ({ id }) => id === "d1");
  const save = (ref: number, message: number, room = t.room.id) => ({
    type: "save",
    ref,
    room,
    message,
    on: true,
  });
  ada.say([save(1, 1), save(2, 3), save(3, 99)]);
  for (const code of ["invalid", "not_found", "not_found"]) {
    assertEquals((await ada.take("error")).code, code);
  }
  eve.say([save(4, 2), save(4, 2, "nothing"), { type: "saves", ref: 5, room: t.room.id }]);
  const [first, second, third] = [
    await eve.take("error"),
    await eve.take("error"),
    await eve.take("error"),
  ];
  assertEquals([first.code, third.code], ["not_found", "not_found"]);
  assertEquals({ ...first, room: "" }, { ...second, room: "" });
  assertEquals(await saved(t.kv, t.eve.id), []);
});

Deno.test("a saved message that is deleted, or whose room one left, shows no text and can be dropped", async () => {
  await using t = await setUp();
  const ada = await t.instance.connect(t.ada);
  await postAll(ada, t.room.id, 2);
  for (const message of [1, 2]) {
    ada.say({ type: "save", ref: message, room: t.room.id, message, on: true });
    await ada.take("saved", ({ ref }) => ref === message);
  }
  const texts = async () => (await listSaved(t.kv, t.ada.id)).saved.map((s) => s.message?.text);
  assertEquals(await texts(), ["text 2", "text 1"], "the premise");
  ada.say({ type: "delete", room: t.room.id, id: "d1", message: 1 });
  await ada.take("ack", ({ id }) => id === "d1");
  assertEquals(await texts(), ["text 2", undefined]);
  await t.kv.set(keys.room(t.room.id), { ...t.room, members: [t.ben.id] });
  assertEquals(await texts(), [undefined, undefined]);
  await setSaved(t.kv, t.ada.id, { ...place(2, t.room.id), on: false });
  assertEquals((await saved(t.kv, t.ada.id)).length, 1);
});
