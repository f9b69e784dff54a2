import { assert, assertEquals, assertMatch } from "@std/assert";
import { MAX_PREVIEW_CHARS } from "../../lib/chat/limits.ts";
import { setFlags } from "../../lib/store/flags.ts";
import { newId } from "../../lib/store/ids.ts";
import { listPushDevices } from "../../lib/store/push_devices.ts";
import { getPushed } from "../../lib/store/pushed.ts";
import { moveRead } from "../../lib/store/reads.ts";
import { getOrCreateDirect } from "../../lib/store/rooms.ts";
import { removeSession } from "../../lib/store/sessions.ts";
import { changeSettings } from "../../lib/store/settings.ts";
import { getVapidKeys } from "../../lib/store/vapid.ts";
import { post } from "../helpers/conversation.ts";
import { makeGroup } from "../helpers/groups.ts";
import { TestInstance } from "../helpers/instance.ts";
import { addDevice, setUpNotified } from "../helpers/notified.ts";
import { startNotifier } from "../../lib/push/start.ts";

/** Longer ago or ahead than any pause between sounds. */
const HOUR = 60 * 60 * 1000;

Deno.test("a message that its reader does not see comes to their device, and can be read there", async () => {
  await using t = await setUpNotified();
  const { seq, at } = await t.say(t.ada, "Is there **soup**?");
  await t.service.got("phone", 1);
  const [push] = t.service.pushes.all;
  assertEquals(push.content, {
    type: "message",
    room: t.room.id,
    title: "Ada",
    body: "Is there soup?",
    at,
    alert: true,
    open: [t.room.id],
  });
  assertEquals([push.urgency, push.ttl, push.audience], ["high", 86_400, "https://push.example"]);
  assertEquals(push.key, (await getVapidKeys(t.kv)).publicKey);
  assertEquals((await getPushed(t.kv, t.ben.id, t.room.id)).value?.seq, seq);
});

Deno.test("nothing of a message is readable on its way", async () => {
  await using t = await setUpNotified();
  await t.say(t.ada, "secret words");
  await t.service.got("phone", 1);
  const [request] = t.service.raw;
  // Short words are in any random bytes some day.
  for (const word of ["secret", `"Ada`, t.room.id, t.ada.id, t.ben.id]) {
    assert(!request.includes(word), word);
  }
});

Deno.test("every device of a person gets it, the author's get none", async () => {
  await using t = await setUpNotified();
  await addDevice(t.kv, t.service, t.ben, "laptop");
  await addDevice(t.kv, t.service, t.ada, "adas");
  await addDevice(t.kv, t.service, t.eve, "eves");
  t.notifier.people.add(t.ada.id);
  t.notifier.people.add(t.eve.id);
  await t.say(t.ada, "hi");
  await t.settle();
  assertEquals(t.service.pushes.all.map(({ device }) => device).sort(), ["laptop", "phone"]);
});

Deno.test("a burst is one notification, with the newest message and how many there are", async () => {
  await using t = await setUpNotified({ times: { collapseMs: 60_000 } });
  for (const text of ["one", "two", "three"]) await t.say(t.ada, text);
  await t.settle();
  assertEquals(t.notices().map(({ title, body }) => [title, body]), [["Ada (3)", "three"]]);
});

Deno.test("what comes soon after replaces the notification without another sound", async () => {
  await using t = await setUpNotified();
  await t.say(t.ada, "one");
  await t.service.got("phone", 1);
  await t.say(t.ada, "two");
  await t.service.got("phone", 2);
  t.clock.now = () => Date.now() + HOUR;
  await t.say(t.ada, "much later");
  await t.service.got("phone", 3);
  assertEquals(t.notices().map(({ alert }) => alert), [true, false, true]);
  const topics = t.service.pushes.all.map(({ topic }) => topic);
  assertEquals(new Set(topics).size, 1, "the push service too keeps only the newest");
});

Deno.test("two devices have other topics for one room", async () => {
  await using t = await setUpNotified();
  await addDevice(t.kv, t.service, t.ben, "laptop");
  await t.say(t.ada, "hi");
  await t.settle();
  assertEquals(new Set(t.service.pushes.all.map(({ topic }) => topic)).size, 2);
});

Deno.test("who looks at Parley gets none, on no device; who looked away does", async () => {
  await using t = await setUpNotified();
  const socket = await t.instance.connect(t.ben);
  socket.say({ type: "attention", focused: true });
  await t.say(t.ada, "you see this");
  await t.notifier.idle();
  assertEquals(t.service.requests, 0);
  socket.say({ type: "attention", focused: false });
  await t.say(t.ada, "and not this");
  await t.service.got("phone", 1);
});

Deno.test("who looks at Parley at another instance gets none", async () => {
  await using t = await setUpNotified();
  await using other = await TestInstance.start(t.kv, { instance: "other" });
  (await other.connect(t.ben)).say({ type: "attention", focused: true });
  await other.live.attention.flushed();
  await t.say(t.ada, "hi");
  await t.settle();
  assertEquals(t.service.requests, 0);
});

Deno.test("in quiet hours none comes, and before them one does", async () => {
  await using t = await setUpNotified();
  await changeSettings(t.kv, t.ben.id, { quiet: { from: 22 * 60, to: 7 * 60, zone: "UTC" } });
  t.clock.now = () => Date.UTC(2030, 0, 1, 21, 59);
  await t.say(t.ada, "still up?");
  await t.service.got("phone", 1);
  t.clock.now = () => Date.UTC(2030, 0, 1, 22, 0);
  await t.say(t.ada, "good night");
  await t.settle();
  assertEquals(t.notices().length, 1);
});

Deno.test("a muted room tells nothing, and others do", async () => {
  await using t = await setUpNotified();
  await setFlags(t.kv, t.ben.id, t.room.id, { muted: true });
  const other = await getOrCreateDirect(t.kv, t.eve.id, t.ben.id);
  await t.say(t.ada, "psst");
  await t.say(t.eve, "hello", other.id);
  await t.settle();
  assertEquals(t.notices().map(({ title }) => title), ["Eve"]);
});

Deno.test("a room that is muted after it was told still loses what was deleted", async () => {
  await using t = await setUpNotified();
  const { seq } = await t.say(t.ada, "regretted");
  await t.service.got("phone", 1);
  await setFlags(t.kv, t.ben.id, t.room.id, { muted: true });
  await t.unsay(seq);
  await t.service.got("phone", 2);
  assertEquals(t.notices()[1].body, "This message was deleted");
});

Deno.test("what was read elsewhere in the meantime is not told", async () => {
  await using t = await setUpNotified({ times: { collapseMs: 60_000 } });
  const { seq } = await t.say(t.ada, "hi");
  await moveRead(t.kv, t.ben.id, t.room.id, seq);
  await t.settle();
  assertEquals(t.service.requests, 0);
});

Deno.test("a message that was deleted in the meantime is not told", async () => {
  await using t = await setUpNotified({ times: { collapseMs: 60_000 } });
  const { seq } = await t.say(t.ada, "wrong room");
  await t.unsay(seq);
  await t.settle();
  assertEquals(t.service.requests, 0);
});

Deno.test("a message that is edited in the meantime is told as it is then", async () => {
  await using t = await setUpNotified({ times: { collapseMs: 60_000 } });
  const { seq } = await t.say(t.ada, "helo");
  await t.instance.live.appender.append({
    type: "edited",
    room: t.room.id,
    by: t.ada.id,
    id: newId(),
    message: seq,
    text: "hello",
  });
  await t.settle();
  assertEquals(t.notices().map(({ body }) => body), ["hello"]);
});

Deno.test("a message that is deleted after it was told goes from the notification", async () => {
  await using t = await setUpNotified();
  const { seq } = await t.say(t.ada, "regretted");
  await t.service.got("phone", 1);
  await t.unsay(seq);
  await t.service.got("phone", 2);
  const [first, second] = t.notices();
  assertEquals([second.body, second.alert], ["This message was deleted", false]);
  const [a, b] = t.service.pushes.all;
  assertEquals([first.room, a.topic], [second.room, b.topic], "it takes the first one's place");
});

Deno.test("of a deleted message and an older unread one, the older is shown again", async () => {
  await using t = await setUpNotified();
  await t.say(t.ada, "older");
  await t.service.got("phone", 1);
  const { seq } = await t.say(t.ada, "regretted");
  await t.service.got("phone", 2);
  await t.unsay(seq);
  await t.service.got("phone", 3);
  assertEquals(t.notices().map(({ body }) => body), ["older", "regretted", "older"]);
});

Deno.test("an old message is not told because something else happens in the room", async () => {
  await using t = await setUpNotified();
  const socket = await t.instance.connect(t.ben);
  socket.say({ type: "attention", focused: true });
  const { seq } = await t.say(t.ada, "seen in the list, not opened");
  await t.say(t.ada, "this too");
  await t.notifier.idle();
  socket.say({ type: "attention", focused: false });
  await t.instance.live.attention.flushed();
  await t.say(t.ben, "written by another client of the same person");
  await t.unsay(seq);
  await t.settle();
  assertEquals(t.service.requests, 0);
});

Deno.test("reading on another device closes the notification on this one", async () => {
  await using t = await setUpNotified();
  const { seq } = await t.say(t.ada, "hi");
  await t.service.got("phone", 1);
  const desk = await t.instance.connect(t.ben, { session: "desk" });
  desk.say({ type: "read", room: t.room.id, seq });
  const [, content] = await t.service.got("phone", 2);
  assertEquals(content, { type: "read", room: t.room.id });
  const [shown, closing] = t.service.pushes.all;
  assertEquals(closing.topic, shown.topic, "undelivered, the first is replaced by it");
  assertEquals(closing.urgency, "low");
  assertEquals((await getPushed(t.kv, t.ben.id, t.room.id)).value, null);
});

Deno.test("reading a part closes nothing", async () => {
  await using t = await setUpNotified();
  const [{ seq }] = await Promise.all(["one", "two"].map((text) => t.say(t.ada, text)));
  await t.service.got("phone", 1);
  const desk = await t.instance.connect(t.ben, { session: "desk" });
  desk.say({ type: "read", room: t.room.id, seq });
  await desk.take("read");
  await t.settle();
  assertEquals(t.service.requests, 1);
});

Deno.test("a device with an open page closes its notifications itself, Safari's get no empty push", async () => {
  await using t = await setUpNotified();
  const { seq } = await t.say(t.ada, "hi");
  await t.service.got("phone", 1);
  const page = await t.instance.connect(t.ben, { session: t.phone.session });
  page.say({ type: "read", room: t.room.id, seq });
  await page.take("read");
  await t.settle();
  assertEquals(t.service.requests, 1);
  await using apple = await setUpNotified({ origin: "https://web.push.apple.com" });
  const said = await apple.say(apple.ada, "hi");
  await apple.service.got("phone", 1);
  const desk = await apple.instance.connect(apple.ben, { session: "desk" });
  desk.say({ type: "read", room: apple.room.id, seq: said.seq });
  await desk.take("read");
  await apple.settle();
  assertEquals(apple.service.requests, 1);
});

Deno.test("a device gets few pushes that show nothing", async () => {
  await using t = await setUpNotified();
  const desk = await t.instance.connect(t.ben, { session: "desk" });
  for (let n = 1; n <= 5; n++) {
    const { seq } = await t.say(t.ada, `message ${n}`);
    await t.service.pushes.until(() => t.notices().length === n, `notice ${n}`);
    desk.say({ type: "read", room: t.room.id, seq });
    await desk.take("read", (fact) => fact.seq === seq);
    await t.notifier.idle();
  }
  assertEquals(t.service.contents("phone").length - t.notices().length, 3);
});

Deno.test("each notification says which rooms still have one", async () => {
  await using t = await setUpNotified();
  const other = await getOrCreateDirect(t.kv, t.eve.id, t.ben.id);
  await t.say(t.ada, "hi");
  await t.service.got("phone", 1);
  await t.say(t.eve, "hello", other.id);
  await t.service.got("phone", 2);
  assertEquals(new Set(t.notices()[1].open), new Set([t.room.id, other.id]));
});

Deno.test("a group's message says where and who, and hurries for whom it mentions", async () => {
  await using t = await setUpNotified();
  const { kv } = t.instance.live;
  const group = await makeGroup(kv, [t.ada, t.ben, t.eve], { name: "Garden" });
  await addDevice(t.kv, t.service, t.eve, "eves");
  t.notifier.people.add(t.eve.id);
  const socket = await t.instance.connect(t.ada);
  socket.say({ type: "post", room: group.id, id: "g1", text: "Soup, @ben?" });
  await t.service.got("phone", 1);
  await t.service.got("eves", 1);
  const said = (device: string) => t.service.pushes.all.find((push) => push.device === device)!;
  assertEquals([t.notices()[0].title, t.notices()[0].body], ["Garden", "Ada: Soup, @ben?"]);
  assertEquals([said("phone").urgency, said("eves").urgency], ["high", "normal"]);
});

Deno.test("who was removed from a group in the meantime is told nothing", async () => {
  await using t = await setUpNotified({ times: { collapseMs: 60_000 } });
  const { kv } = t.instance.live;
  const group = await makeGroup(kv, [t.ada, t.ben, t.eve]);
  await t.say(t.ada, "not for Ben", group.id);
  await t.instance.live.groups.manage(t.ada.id, group.id, { type: "remove", person: t.ben.id });
  await t.settle();
  assertEquals(t.service.requests, 0);
});

Deno.test("who is removed from a group after it was told loses the notification", async () => {
  await using t = await setUpNotified();
  const { kv } = t.instance.live;
  const group = await makeGroup(kv, [t.ada, t.ben]);
  await t.say(t.ada, "hello all", group.id);
  await t.service.got("phone", 1);
  await t.instance.live.groups.manage(t.ada.id, group.id, { type: "remove", person: t.ben.id });
  const [, content] = await t.service.got("phone", 2);
  assertEquals(content, { type: "read", room: group.id });
});

Deno.test("who joins where the past is hidden is not told of what was said before", async () => {
  await using t = await setUpNotified({ times: { collapseMs: 60_000 } });
  const { kv } = t.instance.live;
  const group = await makeGroup(kv, [t.ada, t.eve], { history: "joined" });
  await t.say(t.ada, "before Ben came", group.id);
  await t.instance.live.groups.manage(t.ada.id, group.id, { type: "add", people: [t.ben.id] });
  await t.settle();
  assertEquals(t.service.requests, 0);
});

Deno.test("a push service that never answers holds up nobody's message", async () => {
  await using t = await setUpNotified({ times: { collapseMs: 1 } });
  t.service.hang("phone");
  const socket = await t.instance.connect(t.ada);
  for (let n = 1; n <= 50; n++) {
    socket.say(post(t.room.id, `m${n}`));
    await socket.take("ack", ({ id }) => id === `m${n}`);
  }
  const start = Date.now();
  await t.settle();
  assert(Date.now() - start < 5_000, "a stop does not wait for it either");
  assertEquals(t.service.requests, 1, "one at a time for each device and room");
});

Deno.test("a subscription that has ended is removed", async () => {
  for (const status of [404, 410]) {
    await using t = await setUpNotified();
    t.service.answer("phone", new Response("gone", { status }));
    await t.say(t.ada, "hi");
    await t.notifier.idle();
    assertEquals(await listPushDevices(t.kv, t.ben.id), [], String(status));
  }
});

Deno.test("a push service that refuses for now is tried again, then it is enough", async () => {
  await using t = await setUpNotified();
  const no = () => new Response("later", { status: 503 });
  t.service.answer("phone", no(), new Response("slow down", { status: 429 }));
  await t.say(t.ada, "third time lucky");
  await t.service.got("phone", 1);
  assertEquals(t.service.requests, 3);
  t.clock.now = () => Date.now() + HOUR;
  t.service.answer("phone", no(), no(), no(), no());
  await t.say(t.ada, "never");
  await t.notifier.idle();
  assertEquals([t.service.requests, t.notices().length], [6, 1]);
  assertEquals((await listPushDevices(t.kv, t.ben.id)).length, 1);
});

Deno.test("Retry-After is waited for, and what would be too long is given up", async () => {
  await using t = await setUpNotified();
  const later = (seconds: number) =>
    new Response("later", { status: 429, headers: { "retry-after": String(seconds) } });
  t.service.answer("phone", later(1));
  const start = Date.now();
  await t.say(t.ada, "hi");
  await t.service.got("phone", 1);
  assert(Date.now() - start >= 1_000);
  t.service.answer("phone", later(3_600));
  await t.say(t.ada, "again");
  await t.notifier.idle();
  assertEquals(t.notices().length, 1);
});

Deno.test("what was read, or deleted, while a push waited to be tried again is not sent", async () => {
  await using t = await setUpNotified({ times: { againMs: [2_000] } });
  t.service.answer("phone", new Response("later", { status: 503 }));
  const { seq } = await t.say(t.ada, "hi");
  for (; t.service.requests === 0;) await new Promise((resolve) => setTimeout(resolve, 5));
  await moveRead(t.kv, t.ben.id, t.room.id, seq);
  await t.notifier.idle();
  assertEquals([t.service.requests, t.notices().length], [1, 0]);
});

Deno.test("redirects and refusals are not followed up", async () => {
  await using t = await setUpNotified();
  const to = { location: "http://169.254.169.254/" };
  t.service.answer("phone", new Response(null, { status: 307, headers: to }));
  await t.say(t.ada, "hi");
  await t.notifier.idle();
  t.service.answer("phone", new Response("bad token", { status: 403 }));
  await t.say(t.ada, "hi");
  await t.notifier.idle();
  assertEquals(t.service.requests, 2);
  assertEquals((await listPushDevices(t.kv, t.ben.id)).length, 1);
});

Deno.test("with the session end its notifications", async () => {
  await using t = await setUpNotified();
  await addDevice(t.kv, t.service, t.ben, "laptop");
  await removeSession(t.kv, t.phone.session);
  await t.say(t.ada, "hi");
  await t.settle();
  assertEquals(t.service.pushes.all.map(({ device }) => device), ["laptop"]);
  assertEquals((await listPushDevices(t.kv, t.ben.id)).map(({ name }) => name), ["laptop"]);
});

Deno.test("an endpoint at a host that is not allowed any more gets nothing and is removed", async () => {
  await using t = await setUpNotified();
  const service = Object.assign(t.service, { origin: "https://10.0.0.1" });
  await addDevice(t.kv, service, t.ben, "inside");
  await t.say(t.ada, "hi");
  await t.settle();
  assertEquals(t.service.pushes.all.map(({ device }) => device), ["phone"]);
  assertEquals((await listPushDevices(t.kv, t.ben.id)).map(({ name }) => name), ["phone"]);
});

Deno.test("of two instances that both stored messages of a burst, one tells", async () => {
  await using t = await setUpNotified({ times: { collapseMs: 60_000 } });
  await using other = await TestInstance.start(t.kv, { instance: "other" });
  const second = await startNotifier(other.live, {
    subject: null,
    hosts: ["push.example"],
    fetch: t.service.fetch,
    times: { collapseMs: 60_000, readMs: 20 },
  });
  await t.say(t.ada, "here");
  await other.live.appender.append({
    type: "posted",
    room: t.room.id,
    by: t.ada.id,
    id: newId(),
    text: "there",
  });
  await Promise.all([t.settle(), second.close()]);
  assertEquals(t.notices().map(({ title, body }) => [title, body]), [["Ada (2)", "there"]]);
  const [push] = t.service.pushes.all;
  assertEquals(push.key, (await getVapidKeys(t.kv)).publicKey);
});

Deno.test("a device that was added at another instance is known here when it looks again", async () => {
  await using t = await setUpNotified();
  await addDevice(t.kv, t.service, t.ada, "adas");
  assert(!t.notifier.people.has(t.ada.id));
  await t.notifier.people.look();
  assert(t.notifier.people.has(t.ada.id));
});

Deno.test("the longest name and text fit, cut to a preview", async () => {
  await using t = await setUpNotified();
  await t.say(t.ada, "👩‍👩‍👧‍👦 long ".repeat(700));
  await t.service.got("phone", 1);
  const [{ body }] = t.notices();
  assert([...body].length <= MAX_PREVIEW_CHARS);
  assertMatch(body, /…$/);
});
