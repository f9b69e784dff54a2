import { assert, assertEquals } from "@std/assert";
import { MAX_DRAFTS, MAX_TEXT_CHARS } from "../../lib/chat/limits.ts";
import { readLog } from "../../lib/store/logs.ts";
import { getDraft, listDrafts, removeDraft, setDraft } from "../../lib/store/room_drafts.ts";
import { getSummary, listSummaries } from "../../lib/store/summaries.ts";
import { setUp } from "../helpers/conversation.ts";
import { freshKv } from "../helpers/fresh_kv.ts";

Deno.test("a draft is one person's of one room, and its time only goes up", async () => {
  using kv = await freshKv();
  const first = await setDraft(kv, "ada", "r1", { text: "hello", reply: 3 });
  assertEquals(await getDraft(kv, "ada", "r1"), { text: "hello", reply: 3, at: first.at });
  const second = await setDraft(kv, "ada", "r1", { text: "hello there" });
  assert(second.at > first.at);
  assertEquals(await getDraft(kv, "ada", "r1"), { text: "hello there", at: second.at });
  assertEquals([await getDraft(kv, "ben", "r1"), await getDraft(kv, "ada", "r2")], [null, null]);
});

Deno.test("a draft that is gone has left no text behind, not even in the person's log", async () => {
  using kv = await freshKv();
  await setDraft(kv, "ada", "r1", { text: "a secret" });
  await removeDraft(kv, "ada", "r1");
  const all = await Array.fromAsync(kv.list({ prefix: [] }), ({ value }) => JSON.stringify(value));
  assert(all.length > 0, "notes are there");
  assertEquals(all.filter((text) => text.includes("secret")), []);
});

Deno.test("removing a draft that is not there writes nothing", async () => {
  using kv = await freshKv();
  await removeDraft(kv, "ada", "r1");
  await setDraft(kv, "ada", "r1", { text: "" });
  assertEquals(await readLog(kv, ["user", "ada"], { after: 0, upTo: 9 }), []);
});

Deno.test("of too many drafts the oldest is dropped", async () => {
  using kv = await freshKv();
  for (let n = 0; n <= MAX_DRAFTS; n++) await setDraft(kv, "ada", `r${n}`, { text: "x" });
  const drafts = await listDrafts(kv, "ada");
  assertEquals(drafts.size, MAX_DRAFTS);
  assertEquals([drafts.has("r0"), drafts.has("r1"), drafts.has(`r${MAX_DRAFTS}`)], [
    false,
    true,
    true,
  ]);
  await setDraft(kv, "ada", "r1", { text: "another text takes no more place" });
  assertEquals((await listDrafts(kv, "ada")).size, MAX_DRAFTS);
});

Deno.test("a draft reaches all sockets of the person, their summaries, and nobody else", async () => {
  await using t = await setUp();
  const [one, other] = [await t.instance.connect(t.ada), await t.instance.connect(t.ada)];
  const ben = await t.instance.connect(t.ben);
  one.say({ type: "draft", ref: 7, room: t.room.id, text: " dear Ben\n" });
  const { at } = await one.take("draft", ({ ref }) => ref === 7);
  const told = { type: "draft" as const, room: t.room.id, text: " dear Ben\n", at };
  assertEquals(await other.take("draft"), told);
  const { rooms: [{ draft }] } = await listSummaries(t.kv, t.ada.id);
  assertEquals(draft, { text: " dear Ben\n", at });
  assertEquals((await getSummary(t.kv, t.ada.id, t.room)).draft, draft);
  assertEquals((await getSummary(t.kv, t.ben.id, t.room)).draft, undefined);

  one.say({ type: "draft", ref: 8, room: t.room.id, text: "" });
  const cleared = await other.take("draft");
  assertEquals(cleared.text, "");
  assert(cleared.at > at);
  ben.say({ type: "ping" });
  await ben.take("pong");
  assertEquals(ben.all("draft"), []);
});

Deno.test("a draft for a room of others, or too long a one, is refused", async () => {
  await using t = await setUp();
  const [ada, eve] = [await t.instance.connect(t.ada), await t.instance.connect(t.eve)];
  eve.say([
    { type: "draft", ref: 1, room: t.room.id, text: "hi" },
    { type: "draft", ref: 2, room: "absent", text: "hi" },
  ]);
  const [here, absent] = [await eve.take("error"), await eve.take("error")];
  assertEquals([here.code, here.message], ["not_found", absent.message]);
  assertEquals((await listDrafts(t.kv, t.eve.id)).size, 0);
  ada.say({ type: "draft", ref: 3, room: t.room.id, text: "x".repeat(MAX_TEXT_CHARS + 1) });
  assertEquals((await ada.take("error")).code, "invalid");
  assertEquals(await getDraft(t.kv, t.ada.id, t.room.id), null);
});
