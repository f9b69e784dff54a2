/** The socket of a real server process: the upgrade, and two people over the wire. */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { facts } from "../../lib/chat/facts.ts";
import {
  type Client,
  clientOf,
  cookieOf,
  PASSWORD,
  register,
  TestSocket,
} from "../helpers/client.ts";
import { startServer, type TestServer } from "../helpers/server.ts";
import { testsInTown } from "../helpers/town.ts";
import { textOf } from "../helpers/events.ts";

let server: TestServer;
let ada: Client;
let bob: Client;
let eve: Client;

const test = testsInTown({ ada: "Ada", bob: "Bob", eve: "Eve" }, {
  prepare: (town) => ({ server, ada, bob, eve } = town),
});

/** The status that the upgrade was refused with. */
async function refusal(headers: Record<string, string>): Promise<number> {
  const response = await fetch(`${server.origin}/api/ws`, {
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    },
  });
  await response.body?.cancel();
  return response.status;
}

test("the upgrade succeeds with a session and the site's own origin", async () => {
  await using socket = await ada.connect();
  await socket.settled();
});

test("the upgrade is refused without a session", async () => {
  assertEquals(await refusal({ origin: server.origin }), 401);
});

test("the upgrade is refused with a made-up session", async () => {
  const cookie = `session=${"A".repeat(43)}`;
  assertEquals(await refusal({ origin: server.origin, cookie }), 401);
});

test("the upgrade is refused from a foreign, a similar and a missing origin", async () => {
  const { cookie } = ada;
  const similar = server.origin.replace("localhost", "localhost.evil.example");
  for (const origin of ["https://evil.example", similar, "null", `${server.origin}0`]) {
    assertEquals(await refusal({ origin, cookie }), 403, origin);
  }
  assertEquals(await refusal({ cookie }), 403);
  const foreign = new TestSocket(server.origin, { cookie, origin: "https://evil.example" });
  await assertRejects(() => foreign.opened);
});

test("a plain GET of the socket's address is not an upgrade", async () => {
  const response = await ada.fetch("/api/ws");
  await response.body?.cancel();
  assertEquals(response.status, 400);
});

test("two people hear each other, and each post is acked where it stands", async () => {
  const { id: room } = await ada.room(bob.me);
  await using a = await ada.connect();
  await using b = await bob.connect();
  a.send({ type: "post", room, id: "hello-1", text: "Hello Bob" });
  const ack = await a.next("ack", ({ id }) => id === "hello-1");
  const { events: [event] } = await b.next("events", (f) => f.room === room);
  assertEquals(event, {
    type: "posted",
    seq: ack.seq,
    at: ack.at,
    by: ada.me.id,
    id: "hello-1",
    text: "Hello Bob",
    posts: 1,
  });
  b.send({ type: "post", room, id: "hello-1", text: "Hello Ada" });
  assertEquals((await b.next("ack")).seq, ack.seq + 1);
  await a.next("events", ({ events }) => events.some(({ by }) => by === bob.me.id));
});

test("an id that is sent again answers the first ack and is stored once", async () => {
  const { id: room } = await ada.room(bob.me);
  await using a = await ada.connect();
  a.send({ type: "post", room, id: "again", text: "one" });
  const first = await a.next("ack", ({ id }) => id === "again");
  a.send({ type: "post", room, id: "again", text: "two" });
  const second = await a.next("ack", ({ id }) => id === "again");
  assertEquals([second.seq, second.at], [first.seq, first.at]);
  const { events } = await ada.json<{ events: { id: string; text: string }[] }>(
    `/api/rooms/${room}/events`,
  );
  assertEquals(events.filter(({ id }) => id === "again").map(({ text }) => text), ["one"]);
});

test("a third person cannot see, post to, read or hear a direct room, by any way", async () => {
  const { id: room } = await ada.room(bob.me);
  await using a = await ada.connect();
  await using e = await eve.connect({ [room]: 0 });
  const absent = "no-such-room-000";

  // The premise: the same ways work for a member.
  await ada.json(`/api/rooms/${room}/events`);

  const page = await eve.fetch(`/chat/${room}`);
  const noPage = await eve.fetch(`/chat/${absent}`);
  assertEquals([page.status, noPage.status], [404, 404]);
  assertEquals(await page.text(), await noPage.text());
  for (const path of ["events", "events?before=2"]) {
    const [one, other] = await Promise.all([
      eve.fetch(`/api/rooms/${room}/${path}`),
      eve.fetch(`/api/rooms/${absent}/${path}`),
    ]);
    assertEquals([one.status, await one.text()], [404, await other.text()]);
  }
  await assertRejects(
    () => eve.json(`/api/rooms/${room}/posts`, { id: "x", text: "x" }),
    Error,
    "404",
  );
  await assertRejects(() => eve.json(`/api/rooms/${room}/read`, { seq: 1 }), Error, "404");
  const form = await eve.fetch(`/chat/${room}`, {
    method: "POST",
    body: new URLSearchParams({ text: "let me in" }),
  });
  await form.body?.cancel();
  assertEquals(form.status, 404);

  e.send({ type: "post", room, id: "spy", text: "spy" });
  e.send({ type: "history", ref: 1, room });
  e.send({ type: "read", room, seq: 1 });
  e.send({ type: "history", ref: 2, room: absent });
  assertEquals((await e.next("error", ({ id }) => id === "spy")).code, "not_found");
  const { ref: _1, room: _2, ...refused } = await e.next("error", ({ ref }) => ref === 1);
  const { ref: _3, room: _4, ...unknown } = await e.next("error", ({ ref }) => ref === 2);
  assertEquals(refused, unknown);

  a.send({ type: "post", room, id: "secret", text: "between us" });
  await a.next("ack", ({ id }) => id === "secret");
  await a.next("events", ({ events }) => events.some(({ id }) => id === "secret"));
  await e.settled();
  assert(e.raw.every((message) => !message.includes("between us")));
  assert(e.frames.every(({ type }) => type !== "events"));
});

test("people see each other come and go, without flicker on a reload", async () => {
  await using a = await ada.connect();
  a.send({ type: "watch", people: [eve.me.id] });
  const { people: [before] } = await a.next("presence");
  if (before.online) await a.next("presence", ({ people }) => !people[0].online);
  const first = await eve.connect();
  await a.next("presence", ({ people: [p] }) => p.id === eve.me.id && p.online);
  await first.close();
  const second = await eve.connect();
  await second.settled();
  const seen = a.frames.length;
  await second.close();
  const { people: [gone] } = await a.next(
    "presence",
    ({ people: [p] }) => !p.online && p.seenAt !== null,
  );
  assertEquals(gone.id, eve.me.id);
  assertEquals(a.frames.slice(seen).filter(({ type }) => type === "presence").length, 1);
});

test("a socket resumes exactly what it missed", async () => {
  const { id: room } = await ada.room(bob.me);
  await using a = await ada.connect();
  const texts = Array.from({ length: 30 }, (_, i) => `missed ${i}`);
  a.send({ type: "post", room, id: "mark", text: "the last that Bob saw" });
  const { seq: cursor } = await a.next("ack", ({ id }) => id === "mark");
  texts.forEach((text, i) => a.send({ type: "post", room, id: `missed-${i}`, text }));
  await a.next("ack", ({ id }) => id === "missed-29");
  await using b = await bob.connect({ [room]: cursor });
  const resumed = await b.next("resumed");
  assert(resumed.contiguous);
  assertEquals(resumed.events.map(textOf), texts);
  assertEquals(resumed.events.map(({ seq }) => seq), texts.map((_, i) => cursor + 1 + i));
});

test("reading on one device clears the others", async () => {
  const { id: room } = await ada.room(bob.me);
  await using a = await ada.connect();
  await using phone = await bob.connect();
  await using laptop = await bob.connect();
  a.send({ type: "post", room, id: "to-read", text: "read me" });
  const { seq } = await a.next("ack", ({ id }) => id === "to-read");
  phone.send({ type: "read", room, seq });
  const { seq: to, unread } = await laptop.next("read");
  assertEquals([to, unread], [seq, 0]);
});

test("signing out closes that session's sockets at once, and no others", async () => {
  const login = async () => {
    const response = await fetch(`${server.origin}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.origin },
      body: JSON.stringify({ username: "eve", password: PASSWORD }),
    });
    await response.body?.cancel();
    return clientOf(server.origin, cookieOf(response));
  };
  const [one, other] = [await login(), await login()];
  const ended = await one.connect();
  await using kept = await other.connect();
  await one.json("/api/session", undefined, "DELETE");
  assertEquals((await ended.closed).code, 4401);
  await kept.settled();
  await assertRejects(() => one.json("/api/me"), Error, "401");
});

test("bad input gets its answer and loses nothing", async () => {
  const { id: room } = await ada.room(bob.me);
  await using a = await ada.connect();
  a.send({ type: "nonsense" }, { type: "post", room, id: "ok-1", text: "still here" });
  assertEquals((await a.next("error")).code, "malformed");
  await a.next("ack", ({ id }) => id === "ok-1");
  a.send({ type: "post", room, id: "long", text: "x".repeat(8_001) });
  const tooLong = await a.next("error", ({ id }) => id === "long");
  assertEquals(tooLong.code, "invalid");
  assertMatch(tooLong.message, /8000/);
  a.send({ type: "post", room, id: "full", text: "😀".repeat(8_000) });
  await a.next("ack", ({ id }) => id === "full");
});

test("a message that is no JSON, binary or too big closes with its code", async () => {
  const send = async (data: string | Uint8Array<ArrayBuffer>) => {
    const socket = await ada.connect();
    socket.socket.send(data);
    return (await socket.closed).code;
  };
  assertEquals(await send("{"), 4400);
  assertEquals(await send(new Uint8Array([1, 2, 3])), 4400);
  assertEquals(await send(JSON.stringify({ type: "ping", pad: "x".repeat(70_000) })), 1009);
});

test("a first frame that is no hello closes the socket", async () => {
  const socket = new TestSocket(server.origin, { cookie: ada.cookie, origin: server.origin });
  await socket.opened;
  socket.send({ type: "ping" });
  assertEquals((await socket.closed).code, 4400);
  const old = new TestSocket(server.origin, { cookie: ada.cookie, origin: server.origin });
  await old.opened;
  old.send({ type: "hello", version: 99 });
  assertEquals((await old.closed).code, 4426);
});

test("every frame that the server sends has the shape it promises", async () => {
  const { id: room } = await ada.room(bob.me);
  await using a = await ada.connect({ [room]: 0, absent: 3 });
  a.send({ type: "post", room, id: "shape", text: "shape" });
  a.send({ type: "history", ref: 1, room, limit: 5 });
  a.send({ type: "people", ref: 2 });
  a.send({ type: "watch", people: [bob.me.id] });
  a.send({ type: "open", ref: 3, with: eve.me.id });
  a.send({ type: "read", room, seq: 1 });
  const { seq: message } = await a.next("ack", ({ id }) => id === "shape");
  a.send({ type: "edit", room, id: "shape-2", message, text: "other" });
  a.send({ type: "react", room, id: "shape-3", message, emoji: "👍", on: true });
  a.send({ type: "history", ref: 4, room });
  await a.next("ack", ({ id }) => id === "shape-3");
  a.send({ type: "versions", ref: 5, room, message });
  await a.next("versions");
  a.send({ type: "delete", room, id: "shape-4", message });
  await a.next("ack", ({ id }) => id === "shape-4");
  await a.next("opened");
  await a.settled();
  for (const fact of a.frames) facts[fact.type].parse(fact);
  const kinds = new Set(a.frames.map(({ type }) => type));
  for (
    const type of [
      ...["welcome", "resumed", "ack", "events", "page", "versions", "people", "presence"],
      "opened",
    ]
  ) {
    assert([...kinds].includes(type as never), type);
  }
});

test("an acknowledged message survives kill -9, and a graceful stop closes with 1012", async () => {
  await using own = await startServer();
  const [x, y] = [await register(own.origin, "xena"), await register(own.origin, "yuri")];
  const { id: room } = await x.room(y.me);
  const before = await x.connect();
  before.send({ type: "post", room, id: "kept", text: "kept" });
  await before.next("ack");
  await own.stop("SIGKILL");
  await own.restart();
  const after = await x.connect({ [room]: 0 });
  assertEquals((await after.next("resumed")).events.map(({ id }) => id), ["kept"]);
  const started = performance.now();
  assertEquals(await own.stop("SIGTERM"), 0);
  assert(performance.now() - started < 5_000);
  assertEquals((await after.closed).code, 1012);
});
