import { assert, assertEquals, assertGreater } from "@std/assert";
import { CloseCode } from "../../lib/chat/close_codes.ts";
import { MAX_FRAMES, MAX_MESSAGE_BYTES, MAX_PAGE_EVENTS } from "../../lib/chat/limits.ts";
import { PROTOCOL_VERSION } from "../../lib/chat/protocol.ts";
import { Appender } from "../../lib/live/appender.ts";
import { Peer } from "../../lib/live/peer.ts";
import { toPerson } from "../../lib/store/accounts.ts";
import { hashToken } from "../../lib/store/ids.ts";
import { getOrCreateDirect, listRoomIds } from "../../lib/store/rooms.ts";
import { createSession, removeSession } from "../../lib/store/sessions.ts";
import { FakeSocket } from "../helpers/fake_socket.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { TestInstance } from "../helpers/instance.ts";
import { createPair, createPerson } from "../helpers/people.ts";
import { stubKv } from "../helpers/stub_kv.ts";
import { quietly } from "../helpers/waiting.ts";

const HELLO = { type: "hello", version: PROTOCOL_VERSION };

async function setUp(options: { postsPerSecond?: number } = {}) {
  const kv = await freshKv();
  const pair = await createPair(kv);
  const eve = await createPerson(kv, "eve", "Eve");
  const instance = await TestInstance.start(kv, options);
  return {
    kv,
    ...pair,
    eve,
    instance,
    async [Symbol.asyncDispose]() {
      await instance[Symbol.asyncDispose]();
      kv.close();
    },
  };
}

function post(room: string, id: string, text = "hi") {
  return { type: "post", room, id, text };
}

/** Posts and waits until all are acked. */
async function postAll(socket: FakeSocket, room: string, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) socket.say(post(room, `m${n}`, `text ${n}`));
  for (let n = 1; n <= count; n++) await socket.take("ack", ({ id }) => id === `m${n}`);
}

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
    assertEquals(events.map(({ seq, by, id, text }) => [seq, by, id, text]), [
      [1, t.ada.id, "m1", " hello"],
    ]);
  }
  ada.say([post(t.room.id, "m1", "again"), post(t.room.id, "m2")]);
  assertEquals(await ada.take("ack"), ack);
  await ben.take("events", ({ events }) => events[0].id === "m2");
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

Deno.test("a session that ends closes its own sockets and no others", async () => {
  await using t = await setUp();
  const token = await createSession(t.kv, t.ada.id);
  const hash = await hashToken(token);
  const sockets = [
    await t.instance.connect(t.ada, { session: hash }),
    await t.instance.connect(t.ada, { session: hash }),
  ];
  const other = await t.instance.connect(t.ada, { session: "another" });
  await removeSession(t.kv, hash);
  for (const socket of sockets) assertEquals((await socket.closed).code, CloseCode.SIGNED_OUT);
  other.say({ type: "ping" });
  await other.take("pong");
  assertEquals(other.readyState, 1);
});

Deno.test("an unexpected failure says nothing of itself and leaves the socket open", async () => {
  using kv = await freshKv();
  const { ada, room } = await createPair(kv);
  let isDown = false;
  const flaky = stubKv(kv, {
    list() {
      if (isDown) throw new Error("secret detail");
    },
  });
  await using instance = await TestInstance.start(flaky);
  const socket = await instance.connect(ada);
  socket.say(post(room.id, "m1"));
  await socket.take("ack");
  isDown = true;
  await quietly(async (errors) => {
    socket.say({ type: "history", ref: 5, room: room.id });
    const error = await socket.take("error");
    assertEquals([error.code, error.ref], ["internal", 5]);
    assert(!error.message.includes("secret"));
    assertEquals(errors.length, 1);
  });
  isDown = false;
  socket.say({ type: "history", ref: 6, room: room.id });
  assertEquals((await socket.take("page")).ref, 6);
});

/** Rooms of a person with 25 others, so that their socket needs several watch streams. */
async function openRooms(kv: Deno.Kv, id: string): Promise<void> {
  for (let n = 0; n < 25; n++) {
    await getOrCreateDirect(kv, id, (await createPerson(kv, `other${n}`)).id);
  }
}

Deno.test("a socket that goes away leaves nothing behind", async () => {
  await using t = await setUp();
  await openRooms(t.kv, t.eve.id);
  const eve = await t.instance.connect(t.eve);
  // What another instance stores arrives by the watch, so all watches are there then.
  const elsewhere = new Appender(t.kv, { onCommit: () => {} });
  for (const room of await listRoomIds(t.kv, t.eve.id)) {
    await elsewhere.append({ room, by: t.ada.id, id: "m1", text: "hi" });
    await eve.take("events", (events) => events.room === room);
  }
  const { live } = t.instance;
  assertGreater(live.streams, 1, "premise: it needed streams of its own");
  eve.hangUp();
  eve.hangUp();
  eve.say({ type: "ping" });
  assertEquals([live.hub.peers.size, live.hub.ofUser(t.eve.id).size], [0, 0]);
  assertEquals([t.instance.sockets.size, live.streams], [0, 1]);
});

Deno.test("a socket that goes away during its hello leaves nothing behind", async () => {
  await using t = await setUp();
  await openRooms(t.kv, t.eve.id);
  for (let n = 0; n < 10; n++) {
    const socket = t.instance.open(t.eve);
    socket.say(HELLO);
    for (let reads = 0; reads < n; reads++) await t.kv.get(["any"]);
    socket.hangUp();
  }
  // Greetings that were under way end before this one's posts do.
  const ada = await t.instance.connect(t.ada);
  await postAll(ada, t.room.id, 20);
  const { live, sockets } = t.instance;
  assertEquals([live.hub.peers.size, sockets.size, live.streams], [1, 1, 1]);
});

Deno.test("joining with a peer that left follows nothing", async () => {
  await using t = await setUp();
  const { live } = t.instance;
  const peer = new Peer(new FakeSocket(), { person: toPerson(t.eve), session: "s" });
  await live.add(peer);
  live.remove(peer);
  await live.join(peer, Array.from({ length: 25 }, (_, n) => `room${n}`));
  // A note arrives by a watch that was opened later than those would have been.
  const hash = await hashToken(await createSession(t.kv, t.ada.id));
  const socket = await t.instance.connect(t.ada, { session: hash });
  await removeSession(t.kv, hash);
  await socket.closed;
  assertEquals(live.streams, 1);
});

Deno.test("sweep() closes who never greets and who falls silent, and lets others be", async () => {
  await using t = await setUp();
  const now = Date.now();
  const mute = t.instance.open(t.ada);
  const silent = await t.instance.connect(t.ben);
  t.instance.sockets.sweep(now + 9_000);
  assertEquals([mute.readyState, silent.readyState], [1, 1]);
  t.instance.sockets.sweep(now + 11_000);
  assertEquals((await mute.closed).code, CloseCode.TIMEOUT);
  assertEquals(silent.readyState, 1);
  t.instance.sockets.sweep(now + 61_000);
  assertEquals((await silent.closed).code, CloseCode.TIMEOUT);
  assertEquals(t.instance.sockets.size, 0);
});

Deno.test("sweep() closes sockets whose session ended unnoticed", async () => {
  await using t = await setUp();
  const now = Date.now();
  const token = await createSession(t.kv, t.ada.id);
  const good = await t.instance.connect(t.ada, { session: await hashToken(token) });
  const gone = await t.instance.connect(t.ada, { session: "gone" });
  const later = now + 10 * 60 * 1000 + 5_000;
  const real = Date.now;
  try {
    Date.now = () => later;
    for (const socket of [good, gone]) socket.say({ type: "ping" });
    t.instance.sockets.sweep(later);
  } finally {
    Date.now = real;
  }
  assertEquals((await gone.closed).code, CloseCode.SIGNED_OUT);
  assertEquals(good.readyState, 1);
});

Deno.test("one person has a limited number of sockets at an instance", async () => {
  await using t = await setUp();
  const sockets = Array.from({ length: 30 }, () => t.instance.open(t.ada));
  assertEquals(t.instance.sockets.accepts(t.ada.id), false);
  assertEquals(t.instance.sockets.accepts(t.ben.id), true);
  sockets[0].hangUp();
  assertEquals(t.instance.sockets.accepts(t.ada.id), true);
});

Deno.test("an instance that stops stores what waits, acks it and asks its sockets back", async () => {
  using kv = await freshKv();
  const { ada, room } = await createPair(kv);
  const instance = await TestInstance.start(kv);
  const socket = await instance.connect(ada);
  socket.say(post(room.id, "first"));
  await socket.take("ack");
  for (let n = 0; n < 50; n++) socket.say(post(room.id, `m${n}`));
  await instance[Symbol.asyncDispose]();
  assertEquals((await socket.closed).code, CloseCode.RESTART);
  assertEquals(socket.all("ack").length, 51);
  assertEquals(instance.sockets.accepts(ada.id), false);
});

Deno.test("a new account is told to everybody with a socket, without secrets", async () => {
  await using t = await setUp();
  await using other = await TestInstance.start(t.kv);
  const sockets = [await t.instance.connect(t.ada), await other.connect(t.ben)];
  const fay = await createPerson(t.kv, "fay", "Fay");
  for (const socket of sockets) {
    const { people } = await socket.take("joined");
    assertEquals(people, [{ id: fay.id, username: "fay", name: "Fay" }]);
  }
});
