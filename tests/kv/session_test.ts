import { assert, assertEquals, assertGreater } from "@std/assert";
import { CloseCode } from "../../lib/chat/close_codes.ts";
import { MAX_FRAMES, MAX_MESSAGE_BYTES, MAX_PAGE_EVENTS } from "../../lib/chat/limits.ts";
import { HELLO, post, postAll, setUp } from "../helpers/conversation.ts";
import { TestInstance } from "../helpers/instance.ts";
import { stubKv } from "../helpers/stub_kv.ts";
import { quietly } from "../helpers/waiting.ts";
import { textOf } from "../helpers/events.ts";

Deno.test("a hello is answered by the person's rooms", async () => {
  await using t = await setUp();
  const socket = t.instance.open(t.ada);
  socket.say(HELLO);
  const { me, rooms, more } = await socket.take("welcome");
  assertEquals(me, { id: t.ada.id, username: "ada", name: "Ada" });
  assertEquals(rooms.map(({ id }) => id), [t.room.id]);
  assertEquals(more, false);
});

Deno.test("the first frame must be a hello, the only one, and of this version", async (t) => {
  await using s = await setUp();
  const cases: [string, unknown, number][] = [
    ["a ping first", { type: "ping" }, CloseCode.PROTOCOL],
    ["a post first", post(s.room.id, "m1"), CloseCode.PROTOCOL],
    ["two hellos", [HELLO, HELLO], CloseCode.PROTOCOL],
    ["an older version", { ...HELLO, version: 0 }, CloseCode.BAD_VERSION],
    ["a newer version", { ...HELLO, version: 2 }, CloseCode.BAD_VERSION],
  ];
  for (const [name, message, code] of cases) {
    await t.step(name, async () => {
      const socket = s.instance.open(s.ada);
      socket.say(message);
      assertEquals((await socket.closed).code, code);
      assertEquals(socket.all("ack"), []);
    });
  }
});

Deno.test("a message that is no message closes the socket", async (t) => {
  await using s = await setUp();
  const cases: [string, unknown, number][] = [
    ["not JSON", "{", CloseCode.PROTOCOL],
    ["binary", new ArrayBuffer(8), CloseCode.PROTOCOL],
    ["too many frames", JSON.stringify(Array(MAX_FRAMES + 1).fill({ type: "ping" })), 4400],
    ["too big", `"${"x".repeat(MAX_MESSAGE_BYTES)}"`, CloseCode.TOO_BIG],
    ["too big in bytes", `"${"界".repeat(MAX_MESSAGE_BYTES / 3)}"`, CloseCode.TOO_BIG],
  ];
  for (const [name, data, code] of cases) {
    await t.step(name, async () => {
      const socket = await s.instance.connect(s.ada);
      socket.raw(data);
      assertEquals((await socket.closed).code, code);
    });
  }
});

Deno.test("a bad frame is answered by an error that names it, and the others are obeyed", async () => {
  await using t = await setUp();
  const socket = await t.instance.connect(t.ada);
  socket.say([
    { type: "nonsense", ref: 1 },
    null,
    [],
    "text",
    { type: "history", ref: 2, room: t.room.id, limit: 0 },
    { type: "history", ref: 3, room: t.room.id, before: 1, after: 1 },
    { ...post(t.room.id, "m1"), extra: true },
    post(t.room.id, "m2", "  \n "),
    { type: "toString" },
    { type: "__proto__" },
    post(t.room.id, "m3"),
  ]);
  assertEquals((await socket.take("ack")).id, "m3");
  const errors = socket.all("error").map(({ code, ref, id }) => [code, ref ?? id]);
  assertEquals(errors, [
    ["malformed", 1],
    ["malformed", undefined],
    ["malformed", undefined],
    ["malformed", undefined],
    ["malformed", 2],
    ["invalid", 3],
    ["malformed", "m1"],
    ["invalid", "m2"],
    ["malformed", undefined],
    ["malformed", undefined],
  ]);
});

Deno.test("a flood of frames closes the socket, and what still waits is not obeyed", async () => {
  await using t = await setUp({ postsPerSecond: 5 });
  const socket = await t.instance.connect(t.ada);
  for (let n = 0; n < 20; n++) socket.say(Array(MAX_FRAMES).fill({ type: "ping" }));
  assertEquals((await socket.closed).code, CloseCode.FLOOD);
  const before = socket.messages.length;
  socket.say(post(t.room.id, "late"));
  await t.instance.live.appender.flushed();
  assertEquals(socket.messages.length, before);
});

Deno.test("a post reaches both people's sockets once, with the ack to its author", async () => {
  await using t = await setUp();
  const [ada, tab, ben] = [
    await t.instance.connect(t.ada),
    await t.instance.connect(t.ada),
    await t.instance.connect(t.ben),
  ];
  ada.say(post(t.room.id, "m1", " hello\r\n"));
  const ack = await ada.take("ack");
  assertEquals([ack.id, ack.seq, ack.room], ["m1", 1, t.room.id]);
  for (const socket of [ada, tab, ben]) {
    const { events } = await socket.take("events");
    assertEquals(events.map((e) => [e.seq, e.by, e.id, textOf(e)]), [
      [1, t.ada.id, "m1", " hello"],
    ]);
  }
  ada.say([post(t.room.id, "m1", "again"), post(t.room.id, "m2")]);
  assertEquals(await ada.take("ack"), ack);
  await ben.take("events", ({ events }) => events.some(({ id }) => id === "m2"));
  assertEquals(ben.all("events").length, 2);
  assertEquals(tab.all("ack"), []);
});

Deno.test("a room of others answers every command as one that does not exist", async (t) => {
  await using s = await setUp();
  const ada = await s.instance.connect(s.ada);
  await postAll(ada, s.room.id, 2);
  const commands = (room: string) => [
    post(room, "m1"),
    { type: "history", ref: 1, room },
    { type: "history", ref: 1, room, after: 0 },
    { type: "read", room, seq: 1 },
  ];
  for (const [n, foreign] of commands(s.room.id).entries()) {
    await t.step(JSON.stringify(foreign.type), async () => {
      const eve = await s.instance.connect(s.eve);
      eve.say(foreign);
      const { room: _, ...first } = await eve.take("error");
      eve.say(commands("nothing")[n]);
      const { room: __, ...second } = await eve.take("error");
      assertEquals(first.code, "not_found");
      assertEquals(first, second);
      assertEquals([eve.all("events"), eve.all("page")], [[], []]);
    });
  }
  const eve = await s.instance.connect(s.eve, { cursors: { [s.room.id]: 0, nothing: 0 } });
  await eve.take("error");
  await eve.take("error");
  const errors = eve.all("error").map(({ room: _, ...error }) => error);
  assertEquals(errors[0], errors[1]);
  assertEquals(eve.all("resumed"), []);
  ada.say(post(s.room.id, "secret"));
  await ada.take("ack");
  eve.say({ type: "ping" });
  await eve.take("pong");
  assertEquals(eve.all("events"), []);
});

Deno.test("history answers pages to members", async () => {
  await using t = await setUp();
  const ada = await t.instance.connect(t.ada);
  await postAll(ada, t.room.id, 12);
  ada.say({ type: "history", ref: 7, room: t.room.id, before: 11, limit: 3 });
  const page = await ada.take("page");
  assertEquals([page.ref, page.head, page.older, page.newer], [7, 12, true, true]);
  assertEquals(page.events.map(({ seq }) => seq), [8, 9, 10]);
});

Deno.test("a read moves the pointer on all of the reader's sockets and on no other's", async () => {
  await using t = await setUp();
  const ada = await t.instance.connect(t.ada);
  await postAll(ada, t.room.id, 3);
  const [ben, tab] = [await t.instance.connect(t.ben), await t.instance.connect(t.ben)];
  ben.say({ type: "read", room: t.room.id, seq: 2 });
  for (const socket of [ben, tab]) {
    assertEquals(await socket.take("read"), {
      type: "read",
      room: t.room.id,
      seq: 2,
      unread: 1,
      head: 3,
    });
  }
  ben.say([
    { type: "read", room: t.room.id, seq: 1 },
    { type: "read", room: t.room.id, seq: 999 },
  ]);
  assertEquals((await tab.take("read")).seq, 3);
  assertEquals(ada.all("read"), []);
});

Deno.test("open makes a room that both people's sockets get, and finds it the next time", async () => {
  await using t = await setUp();
  const [ada, eve, ben] = [
    await t.instance.connect(t.ada),
    await t.instance.connect(t.eve),
    await t.instance.connect(t.ben),
  ];
  ada.say({ type: "open", ref: 1, with: t.eve.id });
  const { room, ref } = await ada.take("opened");
  assertEquals(ref, 1);
  assertEquals((await eve.take("room")).room.id, room.id);
  eve.say(post(room.id, "m1"));
  assertEquals((await ada.take("events")).room, room.id);
  eve.say({ type: "open", ref: 2, with: t.ada.id });
  assertEquals((await eve.take("opened")).room.id, room.id);
  ben.say({ type: "ping" });
  await ben.take("pong");
  assertEquals([ben.all("room"), ben.all("events")], [[], []]);
});

Deno.test("open says the same of oneself and of nobody", async () => {
  await using t = await setUp();
  const ada = await t.instance.connect(t.ada);
  ada.say([{ type: "open", ref: 1, with: t.ada.id }, { type: "open", ref: 1, with: "nobody" }]);
  const errors = [await ada.take("error"), await ada.take("error")];
  assertEquals(errors[0], errors[1]);
  assertEquals(errors[0].code, "not_found");
});

Deno.test("people answers pages of everyone but the viewer, and refuses bad cursors", async () => {
  await using t = await setUp();
  const ada = await t.instance.connect(t.ada);
  ada.say({ type: "people", ref: 1, limit: 1 });
  const first = await ada.take("people");
  assertEquals(first.people.map(({ username }) => username), ["ben"]);
  ada.say({ type: "people", ref: 2, limit: 1, after: first.next });
  const second = await ada.take("people");
  assertEquals(second.people.map(({ username, online }) => [username, online]), [["eve", false]]);
  ada.say({ type: "people", ref: 3, after: "nonsense" });
  const error = await ada.take("error");
  assertEquals([error.code, error.ref], ["invalid", 3]);
});

Deno.test("the rate of posts is limited, with the time to wait, and no post is lost or doubled", async () => {
  await using t = await setUp({ postsPerSecond: 1 });
  const ada = await t.instance.connect(t.ada);
  for (let n = 0; n < 70; n++) ada.say(post(t.room.id, `m${n}`));
  const error = await ada.take("error");
  assertEquals([error.code, error.id, error.room], ["rate_limited", "m60", t.room.id]);
  assertGreater(error.retryAfterMs!, 0);
  ada.say({ type: "ping" });
  await ada.take("pong");
  await t.instance.live.appender.flushed();
  const [acks, errors] = [ada.all("ack"), ada.all("error")];
  assert(acks.length >= 60, "a slow machine may gain a token or two meanwhile");
  assertEquals(new Set([...acks, ...errors].map(({ id }) => id)).size, 70);
  assertEquals(acks.length + errors.length, 70);
});

Deno.test("commands that read are limited together", async () => {
  await using t = await setUp({ postsPerSecond: 5 });
  const ada = await t.instance.connect(t.ada);
  for (let ref = 0; ref < 100; ref++) ada.say({ type: "history", ref, room: t.room.id });
  const error = await ada.take("error");
  assertEquals(error.code, "rate_limited");
  assertGreater(error.ref!, 59);
});

Deno.test("commands are answered in the order they came", async () => {
  await using t = await setUp();
  const ada = await t.instance.connect(t.ada);
  ada.say([
    { type: "people", ref: 1 },
    { type: "history", ref: 2, room: t.room.id },
    { type: "watch", people: [t.ben.id] },
    { type: "ping" },
  ]);
  await ada.take("pong");
  assertEquals(ada.received.all.map(({ type }) => type), [
    "welcome",
    "people",
    "page",
    "presence",
    "pong",
  ]);
});

Deno.test("a resume brings what was missed, whole or with the word that more is to ask for", async () => {
  await using t = await setUp();
  const ben = await t.instance.connect(t.ben);
  await postAll(ben, t.room.id, MAX_PAGE_EVENTS + 5);
  const cases = [
    { cursor: MAX_PAGE_EVENTS + 5, from: null, contiguous: true },
    { cursor: 5, from: 6, contiguous: true },
    { cursor: 4, from: 5, contiguous: false },
    { cursor: 0, from: 1, contiguous: false },
  ];
  for (const { cursor, from, contiguous } of cases) {
    const ada = await t.instance.connect(t.ada, { cursors: { [t.room.id]: cursor } });
    const resumed = await ada.take("resumed");
    assertEquals(resumed.events[0]?.seq ?? null, from);
    assertEquals([resumed.contiguous, resumed.head], [contiguous, MAX_PAGE_EVENTS + 5]);
    ada.hangUp();
  }
});

Deno.test("posts during a hello are not lost between the resume and the live events", async () => {
  await using t = await setUp();
  const ben = await t.instance.connect(t.ben);
  const say = (n: number) => ben.say(post(t.room.id, `m${n}`));
  for (let n = 1; n <= 20; n++) say(n);
  const ada = t.instance.open(t.ada);
  ada.say({ ...HELLO, cursors: { [t.room.id]: 0 } });
  for (let n = 21; n <= 60; n++) {
    say(n);
    if (n % 5 === 0) await ben.take("ack");
  }
  const resumed = await ada.take("resumed");
  const seqs = new Set(resumed.events.map(({ seq }) => seq));
  while (seqs.size < 60) {
    for (const { seq } of (await ada.take("events")).events) seqs.add(seq);
  }
  const [first, second] = ada.received.all.map(({ type }) => type);
  assertEquals([first, second], ["welcome", "resumed"]);
  const live = ada.all("events").flatMap(({ events }) => events.map(({ seq }) => seq));
  assertEquals(live, live.map((_, n) => live[0] + n), "live events are gapless");
  assert(live.length === 0 || live[0] <= resumed.head + 1, "and overlap the resume");
});

Deno.test("people whose new room could not be read come back to see it", async () => {
  await using t = await setUp();
  let fails = false;
  const flaky = stubKv(t.kv, {
    read() {
      if (fails) throw new Error("unreachable");
    },
  });
  await using other = await TestInstance.start(flaky);
  const [ada, eve] = [await t.instance.connect(t.ada), await other.connect(t.eve)];
  await quietly(async () => {
    fails = true;
    ada.say({ type: "open", ref: 1, with: t.eve.id });
    await ada.take("opened");
    assertEquals((await eve.closed).code, CloseCode.RESTART);
    fails = false;
  });
});
