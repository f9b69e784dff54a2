/**
 * Pins, saved messages, mentions and forwards over the API and the socket of a real server process:
 * what their members can do, and that a stranger cannot, nor learns whether there is anything.
 */

import { assertEquals } from "@std/assert";
import type { Mentioned, Pin, SavedMessage } from "../../lib/chat/pages.ts";
import type { RoomSummary } from "../../lib/chat/rooms.ts";
import type { Client } from "../helpers/client.ts";
import { testsInTown } from "../helpers/town.ts";

let ada: Client;
let bob: Client;
let eve: Client;
let room: string;

const test = testsInTown({ ada: "Ada", bob: "Bob", eve: "Eve" }, {
  env: { POSTS_PER_SECOND: "1000" },
  prepare: async (town) => {
    ({ ada, bob, eve } = town);
    room = (await ada.room(bob.me)).id;
    await bob.json(`/api/rooms/${room}/posts`, { id: "m1", text: "secret, @ada" });
  },
});

async function status(client: Client, path: string, body?: unknown): Promise<number> {
  const response = await client.fetch(path, {
    method: body === undefined ? "GET" : "POST",
    ...body !== undefined && {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    },
  });
  await response.body?.cancel();
  return response.status;
}

test("a message is pinned, listed and taken down, each once under its id", async () => {
  const pin = { type: "pin", id: "p1", message: 1, on: true };
  const first = await ada.json(`/api/rooms/${room}/changes`, pin);
  assertEquals(await ada.json(`/api/rooms/${room}/changes`, pin), first);
  const { pins } = await bob.json<{ pins: Pin[] }>(`/api/rooms/${room}/pins`);
  assertEquals(pins.map(({ by, message }) => [by, message.seq]), [[ada.me.id, 1]]);
  const { rooms } = await bob.json<{ rooms: RoomSummary[] }>("/api/rooms");
  assertEquals(rooms.find(({ id }) => id === room)?.pins, 1);
  await bob.json(`/api/rooms/${room}/changes`, { ...pin, id: "p2", on: false });
  assertEquals((await ada.json<{ pins: Pin[] }>(`/api/rooms/${room}/pins`)).pins, []);
});

test("a message is saved and dropped, told to one's own sockets only", async () => {
  await using own = await ada.connect();
  await using other = await bob.connect();
  await ada.json("/api/saved", { room, message: 1, on: true });
  assertEquals((await own.next("saved")).message, 1);
  const saved = () => ada.json<{ saved: SavedMessage[] }>("/api/saved");
  assertEquals((await saved()).saved.map(({ seq, message }) => [seq, message?.text]), [
    [1, "secret, @ada"],
  ]);
  await ada.json("/api/saved", { room, message: 1, on: false });
  assertEquals((await saved()).saved, []);
  await other.settled();
  assertEquals(other.frames.filter(({ type }) => type === "saved"), []);
});

test("who is mentioned finds it in the list and in the room, until it is read", async () => {
  const { mentions } = await ada.json<{ mentions: Mentioned[] }>("/api/mentions");
  assertEquals(mentions.map(({ room, message }) => [room, message.seq]), [[room, 1]]);
  assertEquals((await bob.json<{ mentions: Mentioned[] }>("/api/mentions")).mentions, []);
  const unread = async () => {
    const { rooms } = await ada.json<{ rooms: RoomSummary[] }>("/api/rooms");
    return rooms.find(({ id }) => id === room)?.mentions;
  };
  assertEquals(await unread(), [1]);
  await ada.json(`/api/rooms/${room}/read`, { seq: 1 });
  assertEquals(await unread(), undefined);
});

test("a message is forwarded once under its id, in its author's name", async () => {
  const { id: target } = await ada.room(eve.me);
  await using socket = await eve.connect();
  const forward = { id: "f1", from: { room, message: 1 } };
  const first = await ada.json(`/api/rooms/${target}/forwards`, forward);
  assertEquals(await ada.json(`/api/rooms/${target}/forwards`, forward), first);
  const { events: [event] } = await socket.next("events", (fact) => fact.room === target);
  const { text, by, forwarded, mentions } = event as Extract<typeof event, { type: "posted" }>;
  assertEquals([text, by, forwarded?.by, mentions], [
    "secret, @ada",
    ada.me.id,
    bob.me.id,
    undefined,
  ]);
});

test("to a stranger a room that is not theirs and none are the same", async () => {
  const { id: own } = await eve.room(bob.me);
  for (const it of [room, "nothing"]) {
    const asked = [
      await status(eve, `/api/rooms/${it}/pins`),
      await status(eve, `/api/rooms/${it}/changes`, {
        type: "pin",
        id: `x-${it}`,
        message: 1,
        on: true,
      }),
      await status(eve, "/api/saved", { room: it, message: 1, on: true }),
      await status(eve, `/api/rooms/${own}/forwards`, {
        id: `y-${it}`,
        from: { room: it, message: 1 },
      }),
      await status(eve, `/api/rooms/${it}/forwards`, {
        id: `z-${it}`,
        from: { room: own, message: 1 },
      }),
      await status(eve, `/chat/${it}/pins`),
      await status(eve, `/chat/${it}/1/forward`),
    ];
    assertEquals(asked, [404, 404, 404, 404, 404, 404, 404], it);
  }
  await using socket = await eve.connect();
  const frames = (it: string) => [
    { type: "pin", room: it, id: "s1", message: 1, on: true },
    { type: "pins", ref: 1, room: it },
    { type: "saves", ref: 2, room: it },
    { type: "save", ref: 3, room: it, message: 1, on: true },
    { type: "forward", room: own, id: "s2", from: { room: it, message: 1 } },
    { type: "forward", room: it, id: "s3", from: { room: own, message: 1 } },
  ];
  for (const [n, frame] of frames(room).entries()) {
    socket.send(frame, frames("nothing")[n]);
    const { room: _, ...first } = await socket.next("error");
    const { room: __, ...second } = await socket.next("error");
    assertEquals([first, first.code], [second, "not_found"], frame.type);
  }
  await bob.json(`/api/rooms/${room}/posts`, { id: "m2", text: "hush" });
  await socket.settled();
  assertEquals(socket.raw.filter((text) => text.includes("hush")), []);
});

test("the API takes no other shapes", async () => {
  const bad: [string, unknown][] = [
    ["/api/saved", { room, message: 1 }],
    ["/api/saved", { room, message: -1, on: true }],
    [`/api/rooms/${room}/forwards`, { id: "b1", from: { room } }],
    [`/api/rooms/${room}/forwards`, { id: "b 2", from: { room, message: 1 } }],
    [`/api/rooms/${room}/forwards`, { id: "b3", from: { room, message: 1 }, text: "mine" }],
    [`/api/rooms/${room}/changes`, { type: "pin", id: "b4", message: 1, on: "yes" }],
    [`/api/rooms/${room}/posts`, { id: "b5", text: "hi", mentions: [ada.me.id] }],
    [`/api/rooms/${room}/posts`, { id: "b6", text: "hi", forwarded: { by: bob.me.id, at: 1 } }],
  ];
  for (const [path, body] of bad) assertEquals(await status(ada, path, body), 400, path);
  for (const path of ["/api/mentions?after=x", "/api/saved?limit=51", "/api/saved?after=WyJ4Il0"]) {
    assertEquals(await status(ada, path), 400, path);
  }
});
