/** Notifications of edits that mention somebody anew. */

import { assertEquals } from "@std/assert";
import type { MentionState } from "../../lib/chat/events.ts";
import { startNotifier } from "../../lib/push/start.ts";
import type { PushTimes } from "../../lib/push/notifier.ts";
import type { UserRecord } from "../../lib/store/accounts.ts";
import { setFlags } from "../../lib/store/flags.ts";
import type { NewGroup } from "../../lib/store/groups.ts";
import { newId } from "../../lib/store/ids.ts";
import { getPushed } from "../../lib/store/pushed.ts";
import { moveRead } from "../../lib/store/reads.ts";
import { changeSettings } from "../../lib/store/settings.ts";
import { makeGroup } from "../helpers/groups.ts";
import { TestInstance } from "../helpers/instance.ts";
import { addDevice, setUpNotified } from "../helpers/notified.ts";

interface Options {
  times?: Partial<PushTimes>;
  settings?: Partial<NewGroup>;
}

/** Ada, Ben and Eve in a group, each with a device. Declare it with `await using`. */
async function setUpGarden({ times, settings }: Options = {}) {
  const t = await setUpNotified({ times });
  for (const [user, name] of [[t.ada, "adas"], [t.eve, "eves"]] as const) {
    await addDevice(t.kv, t.service, user, name);
    t.notifier.people.add(user.id);
  }
  const group = await makeGroup(t.instance.live.kv, [t.ada, t.ben, t.eve], settings);
  const { appender } = t.instance.live;
  const draft = (by: UserRecord) => ({ room: group.id, by: by.id, id: newId() });
  return {
    ...t,
    group,
    /** Posts to the group, mentioning these. */
    post: (by: UserRecord, text: string, mentions: MentionState = {}) =>
      appender.append({ ...draft(by), type: "posted", text, ...mentions }),
    /** Edits a message of Ada's. */
    edit: (message: number, text: string, mentions: MentionState = {}, at = appender) =>
      at.append({ ...draft(t.ada), type: "edited", message, text, ...mentions }),
    delete: (message: number) => appender.append({ ...draft(t.ada), type: "deleted", message }),
    /** What a device was shown, all that waits done. */
    async told(device = "phone") {
      await t.notifier.idle();
      return t.notices(device).map(({ title, body }) => [title, body]);
    },
    mark: async (user: UserRecord) => (await getPushed(t.kv, user.id, group.id)).value,
  };
}

Deno.test("an edit that mentions somebody anew is told to them, and to nobody else", async () => {
  await using t = await setUpGarden();
  const { seq } = await t.post(t.ada, "Soup?");
  await t.told();
  t.clock.now = () => Date.now() + 60_000;
  await t.edit(seq, "Soup, @ben?", { mentions: [t.ben.id] });
  assertEquals(await t.told(), [["Garden", "Ada: Soup?"], ["Garden", "Ada: Soup, @ben?"]]);
  assertEquals(await t.told("eves"), [["Garden", "Ada: Soup?"]]);
  assertEquals(await t.told("adas"), []);
  const [plain, call] = t.service.pushes.all.filter(({ device }) => device === "phone");
  assertEquals([plain.urgency, call.urgency], ["normal", "high"]);
  assertEquals(t.notices().map(({ alert }) => alert), [true, true]);
  assertEquals(call.topic, plain.topic, "it takes the other's place");
});

Deno.test("an edit far back is told by itself, with how much is unread, and what is newer not again", async () => {
  await using t = await setUpGarden();
  const { seq } = await t.post(t.ada, "Soup?");
  for (let n = 1; n <= 40; n++) await t.post(t.eve, `chatter ${n}`);
  await t.told();
  const { length } = t.notices();
  await t.edit(seq, "Soup, @ben?", { mentions: [t.ben.id] });
  assertEquals((await t.told()).slice(length), [["Garden (41)", "Ada: Soup, @ben?"]]);
  assertEquals(t.notices().at(-1)!.alert, false, "the room made itself heard a moment ago");
  assertEquals(await t.mark(t.ben).then((mark) => [mark!.shows, mark!.seq]), [seq, seq + 40]);
});

Deno.test("an edit that keeps a mention, or mentions nobody, is not told", async () => {
  await using t = await setUpGarden();
  const { seq } = await t.post(t.ada, "Soup, @ben?", { mentions: [t.ben.id] });
  const told = await t.told();
  assertEquals(told.length, 1, "the premise");
  await t.edit(seq, "Soup, @ben?", { mentions: [t.ben.id] });
  await t.edit(seq, "Stew, @ben?", { mentions: [t.ben.id] });
  await t.edit(seq, "Stew?");
  assertEquals(await t.told(), told);
});

Deno.test("an edit to all is told to those who were not named before", async () => {
  await using t = await setUpGarden();
  const { seq } = await t.post(t.ada, "Soup, @ben?", { mentions: [t.ben.id] });
  assertEquals([(await t.told()).length, (await t.told("eves")).length], [1, 1]);
  await t.edit(seq, "Soup, @all?", { all: true });
  assertEquals([(await t.told()).length, (await t.told("eves")).length], [1, 2]);
  assertEquals(await t.told("adas"), []);
  await t.edit(seq, "Soup, @all and @eve?", { mentions: [t.eve.id], all: true });
  assertEquals((await t.told("eves")).length, 2);
});

Deno.test("who has read past the message is not told, who has not is", async () => {
  await using t = await setUpGarden();
  const { seq } = await t.post(t.ada, "Soup?");
  const { seq: newest } = await t.post(t.eve, "What?");
  await t.told();
  await moveRead(t.kv, t.ben.id, t.group.id, newest);
  const before = [t.notices().length, t.notices("eves").length];
  await t.edit(seq, "Soup, @ben, @eve?", { mentions: [t.ben.id, t.eve.id] });
  await t.told();
  assertEquals([t.notices().length, t.notices("eves").length], [before[0], before[1] + 1]);
});

Deno.test("whoever mentions oneself by an edit is not told", async () => {
  await using t = await setUpGarden();
  const { seq } = await t.post(t.ada, "me?");
  await t.edit(seq, "me, @ada?", { mentions: [t.ada.id] });
  assertEquals(await t.told("adas"), []);
});

Deno.test("who muted the room, has quiet hours or looks is not told of an edit either", async () => {
  await using t = await setUpGarden();
  await changeSettings(t.kv, t.eve.id, { quiet: { from: 0, to: 12 * 60, zone: "UTC" } });
  t.clock.now = () => Date.UTC(2030, 0, 1, 6);
  await setFlags(t.kv, t.ben.id, t.group.id, { muted: true });
  const { seq } = await t.post(t.ada, "Soup?");
  await t.edit(seq, "Soup, @ben, @eve?", { mentions: [t.ben.id, t.eve.id] });
  assertEquals([await t.told(), await t.told("eves")], [[], []]);
  await setFlags(t.kv, t.ben.id, t.group.id, { muted: false });
  const socket = await t.instance.connect(t.ben);
  socket.say({ type: "attention", focused: true });
  await t.edit(seq, "Soup?");
  await t.edit(seq, "Soup, @ben?", { mentions: [t.ben.id] });
  assertEquals(await t.told(), []);
  socket.say({ type: "attention", focused: false });
  await t.instance.live.attention.flushed();
  await t.edit(seq, "Soup?");
  await t.edit(seq, "Soup, @ben?", { mentions: [t.ben.id] });
  assertEquals((await t.told()).length, 1);
});

Deno.test("who may not see the message is not told of its edit, nor who was removed", async () => {
  await using t = await setUpGarden({
    settings: { history: "joined" },
    times: { collapseMs: 60_000 },
  });
  const { live } = t.instance;
  await live.groups.manage(t.ada.id, t.group.id, { type: "remove", person: t.ben.id });
  const { seq } = await t.post(t.ada, "Soup?");
  await live.groups.manage(t.ada.id, t.group.id, { type: "add", people: [t.ben.id] });
  await t.edit(seq, "Soup, @ben, @eve?", { mentions: [t.ben.id, t.eve.id] });
  await live.groups.manage(t.ada.id, t.group.id, { type: "remove", person: t.eve.id });
  await t.settle();
  assertEquals(await t.told(), []);
  assertEquals(await t.told("eves"), []);
});

Deno.test("a mention that is taken back, or deleted, before it is told is not", async () => {
  await using t = await setUpGarden({ times: { collapseMs: 60_000 } });
  const first = await t.post(t.ben, "mine");
  const { seq } = await t.post(t.ada, "Soup?");
  const other = await t.post(t.ada, "Stew?");
  await moveRead(t.kv, t.ben.id, t.group.id, first.seq);
  await t.edit(seq, "Soup, @ben?", { mentions: [t.ben.id] });
  await t.edit(seq, "Soup?");
  await t.edit(other.seq, "Stew, @ben?", { mentions: [t.ben.id] });
  await t.delete(other.seq);
  await t.settle();
  assertEquals(t.notices().map(({ body }) => body), ["Ada: Soup?"], "as a new message, not a call");
});

Deno.test("of an edit and a post in a moment one is told, what came last", async () => {
  await using t = await setUpGarden({ times: { collapseMs: 60_000 } });
  const { seq } = await t.post(t.ada, "Soup?");
  await t.post(t.eve, "What?");
  await t.edit(seq, "Soup, @ben?", { mentions: [t.ben.id] });
  await t.settle();
  assertEquals(await t.told(), [["Garden (2)", "Ada: Soup, @ben?"]]);
  await using other = await setUpGarden({ times: { collapseMs: 60_000 } });
  const soup = await other.post(other.ada, "Soup?");
  await other.edit(soup.seq, "Soup, @ben?", { mentions: [other.ben.id] });
  await other.post(other.eve, "What?");
  await other.settle();
  assertEquals(await other.told(), [["Garden (2)", "Eve: What?"]]);
});

Deno.test("a told edit that is deleted gives its place to what is unread; reading all closes it", async () => {
  await using t = await setUpGarden();
  const { seq } = await t.post(t.ada, "Soup?");
  const { seq: newest } = await t.post(t.eve, "What?");
  await t.edit(seq, "Soup, @ben?", { mentions: [t.ben.id] });
  const before = (await t.told()).length;
  assertEquals(await t.mark(t.ben).then((mark) => mark!.shows), seq, "the premise");
  await t.delete(seq);
  assertEquals((await t.told()).slice(before), [["Garden", "Eve: What?"]]);
  const desk = await t.instance.connect(t.ben, { session: "desk" });
  desk.say({ type: "read", room: t.group.id, seq: newest + 2 });
  await desk.take("read");
  await t.notifier.idle();
  assertEquals(t.service.contents("phone").at(-1), { type: "read", room: t.group.id });
  assertEquals(await t.mark(t.ben), null);
});

Deno.test("an edit that a push service refuses for now is tried again, unless it is taken back", async () => {
  await using t = await setUpGarden({ times: { againMs: [2_000] } });
  const { seq } = await t.post(t.ada, "Soup?");
  await t.post(t.eve, "What?");
  const before = (await t.told()).length;
  t.service.answer("phone", new Response("later", { status: 503 }));
  await t.edit(seq, "Soup, @ben?", { mentions: [t.ben.id] });
  assertEquals((await t.told()).slice(before), [["Garden (2)", "Ada: Soup, @ben?"]]);
  await t.edit(seq, "Soup?");
  await t.told();
  t.service.answer("phone", new Response("later", { status: 503 }));
  await t.edit(seq, "Stew, @ben?", { mentions: [t.ben.id] });
  const refused = t.service.requests + 1;
  while (t.service.requests < refused) await new Promise((resolve) => setTimeout(resolve, 5));
  await t.edit(seq, "Stew?");
  assertEquals((await t.told()).length, before + 1);
});

Deno.test("of two instances the one that stored the edit tells, whatever the other tells", async () => {
  await using t = await setUpGarden();
  await using other = await TestInstance.start(t.kv, { instance: "other" });
  await using stack = new AsyncDisposableStack();
  const second = await startNotifier(other.live, {
    subject: null,
    hosts: ["push.example"],
    fetch: t.service.fetch,
    times: { collapseMs: 60, readMs: 20 },
  });
  stack.defer(() => second.close());
  const { seq } = await t.post(t.ada, "Soup?");
  await t.told();
  const before = t.notices().length;
  const edited = t.edit(seq, "Soup, @ben?", { mentions: [t.ben.id] }, other.live.appender);
  await Promise.all([edited, t.post(t.eve, "What?")]);
  await Promise.all([t.notifier.idle(), second.idle()]);
  const told = t.notices().slice(before).map(({ body }) => body);
  const calls = told.filter((body) => body === "Ada: Soup, @ben?");
  assertEquals(calls.length, 1, told.join());
  assertEquals(told.filter((body) => body === "Eve: What?").length <= 1, true, told.join());
});
