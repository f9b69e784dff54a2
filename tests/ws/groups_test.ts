/** Groups at a real server process: three people over the wire, and the addresses of the API. */

import { assert, assertEquals, assertLess } from "@std/assert";
import type { RoomCard, RoomSummary } from "../../lib/chat/rooms.ts";
import type { Client } from "../helpers/client.ts";
import type { TestServer } from "../helpers/server.ts";
import { testsInTown } from "../helpers/town.ts";

let server: TestServer;
let ada: Client;
let bob: Client;
let cat: Client;
let eve: Client;

const test = testsInTown({ ada: "ada", bob: "bob", cat: "cat", eve: "eve" }, {
  prepare: (town) => ({ server, ada, bob, cat, eve } = town),
});

async function create(settings: Record<string, unknown> = {}): Promise<RoomSummary> {
  const people = [bob.me.id, cat.me.id];
  const group = { id: crypto.randomUUID(), name: "Harbour", people, ...settings };
  return (await ada.json<{ room: RoomSummary }>("/api/groups", group)).room;
}

async function statusOf(client: Client, path: string, body?: unknown, method?: string) {
  const response = await client.fetch(path, {
    method: method ?? (body ? "POST" : "GET"),
    ...body !== undefined && {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    },
  });
  await response.body?.cancel();
  return response.status;
}

test("three people talk, and who is removed hears nothing more and finds nothing", async () => {
  await using a = await ada.connect();
  await using b = await bob.connect();
  await using c = await cat.connect();
  const { id: room } = await create();
  await Promise.all([b, c].map((socket) => socket.next("room", (f) => f.room.id === room)));
  c.send({ type: "post", room, id: "m1", text: "hello, all" });
  for (const socket of [a, b, c]) {
    await socket.next("events", ({ events }) => events.some(({ id }) => id === "m1"));
  }
  const since = performance.now();
  assertEquals(
    await statusOf(ada, `/api/rooms/${room}/members/${cat.me.id}`, undefined, "DELETE"),
    204,
  );
  await c.next("left", (f) => f.room === room);
  assertLess(performance.now() - since, 1_000);
  const heard = c.frames.length;
  a.send({ type: "post", room, id: "m2", text: "secret" });
  await b.next("events", ({ events }) => events.some(({ id }) => id === "m2"));
  await c.settled();
  assertEquals(c.frames.slice(heard).map(({ type }) => type), ["pong"]);
  const post = { id: "m3", text: "hi" };
  const change = { type: "react", id: "m4", message: 2, emoji: "👍", on: true };
  const doors: [path: string, body?: unknown, method?: string][] = [
    [`/chat/${room}`],
    [`/chat/${room}/2`],
    [`/api/rooms/${room}`],
    [`/api/rooms/${room}`, { name: "Mine" }, "PATCH"],
    [`/api/rooms/${room}/events`],
    [`/api/rooms/${room}/messages/2/versions`],
    [`/api/rooms/${room}/posts`, post],
    [`/api/rooms/${room}/changes`, change],
    [`/api/rooms/${room}/read`, { seq: 1 }],
    [`/api/rooms/${room}/pins`],
    [`/api/rooms/${room}/members`],
    [`/api/rooms/${room}/members`, { people: [eve.me.id] }],
    [`/api/rooms/${room}/members/${bob.me.id}`, { role: "admin" }, "PATCH"],
    [`/api/rooms/${room}/members/${bob.me.id}`, undefined, "DELETE"],
    [`/api/rooms/${room}/members/${cat.me.id}`, undefined, "DELETE"],
    [`/api/rooms/${room}/link`],
    [`/api/rooms/${room}/link`, {}],
    [`/api/rooms/${room}/link`, undefined, "DELETE"],
    [`/api/rooms/${room}/join`, {}],
  ];
  for (const [path, body, method] of doors) {
    assertEquals(await statusOf(cat, path, body, method), 404, `${method ?? ""} ${path}`);
    assertEquals(await statusOf(eve, path, body, method), 404, `${method ?? ""} ${path}`);
  }
  const { rooms } = await cat.json<{ rooms: RoomSummary[] }>("/api/rooms");
  assert(!rooms.some(({ id }) => id === room));
});

test("the addresses of a group do what the commands do", async () => {
  const { id: room } = await create({ picture: "⚓", history: "joined" });
  const get = async () => (await ada.json<{ room: RoomSummary }>(`/api/rooms/${room}`)).room.group!;
  await ada.json(`/api/rooms/${room}`, { name: "Port", picture: null }, "PATCH");
  await ada.json(`/api/rooms/${room}/members`, { people: [eve.me.id] });
  await ada.json(`/api/rooms/${room}/members/${bob.me.id}`, { role: "admin" }, "PATCH");
  const { name, picture, memberCount, role } = await get();
  assertEquals([name, picture, memberCount, role], ["Port", undefined, 4, "owner"]);
  const { members } = await eve.json<{ members: { username: string; role: string }[] }>(
    `/api/rooms/${room}/members?q=b`,
  );
  assertEquals(members.map(({ username, role }) => [username, role]), [["bob", "admin"]]);
  const page = await eve.json<{ events: { type: string }[]; people: { id: string }[] }>(
    `/api/rooms/${room}/events`,
  );
  assertEquals(page.events.map(({ type }) => type), ["members", "role"]);
  assertEquals(
    new Set(page.people.map(({ id }) => id)),
    new Set([ada, eve, bob].map((c) => c.me.id)),
  );
  assertEquals(await statusOf(eve, `/api/rooms/${room}`, { name: "Mine" }, "PATCH"), 400);
  assertEquals(await statusOf(eve, `/api/rooms/${room}/link`), 400);
  assertEquals(
    await statusOf(eve, `/api/rooms/${room}/members/${eve.me.id}`, undefined, "DELETE"),
    204,
  );
  assertEquals((await get()).memberCount, 3);
});

test("a link shows its group and lets people in, until it is renewed", async () => {
  const { id: room } = await create();
  const { link } = await ada.json<{ link: string }>(`/api/rooms/${room}/link`, {});
  const seen = await eve.json<{ room: RoomCard }>(`/api/links/${link}`);
  assertEquals(seen.room, { id: room, name: "Harbour", memberCount: 3, member: false });
  const { link: other } = await ada.json<{ link: string }>(`/api/rooms/${room}/link`, {});
  for (const wrong of [link, "x", "__proto__", "%00", "a".repeat(3_000)]) {
    assertEquals(await statusOf(eve, `/api/links/${wrong}`), 404);
    assertEquals(await statusOf(eve, `/api/links/${wrong}`, {}), 404);
  }
  await eve.json(`/api/links/${other}`, {});
  assertEquals((await eve.json<{ room: RoomCard }>(`/api/links/${other}`)).room.member, true);
});

test("a room that cannot be is none", async () => {
  for (const room of ["x", "%00", "a".repeat(3_000)]) {
    assertEquals(await statusOf(eve, `/api/rooms/${room}/join`, {}), 404);
    assertEquals(await statusOf(eve, `/api/rooms/${room}`, { name: "x" }, "PATCH"), 404);
    assertEquals(await statusOf(eve, `/api/rooms/${room}/link`), 404);
    assertEquals(await statusOf(eve, `/api/rooms/${room}/link`, {}), 404);
    assertEquals(
      await statusOf(eve, `/api/rooms/${room}/members/${"b".repeat(3_000)}`, undefined, "DELETE"),
      404,
    );
  }
});

test("a public group is listed and joined", async () => {
  const { id: room } = await create({ name: "Regatta 2027", public: true });
  const { rooms } = await eve.json<{ rooms: RoomCard[] }>("/api/groups?q=reg");
  assertEquals(rooms, [{ id: room, name: "Regatta 2027", memberCount: 3, member: false }]);
  const joined = await eve.json<{ room: RoomSummary }>(`/api/rooms/${room}/join`, {});
  assertEquals([joined.room.group?.role, joined.room.unread], ["member", 0]);
});

test("a group needs a session, the site's origin, and fields that are right", async () => {
  const group = { id: "g1", name: "Harbour", people: [] };
  assertEquals(
    await statusOf({
      ...ada,
      fetch: (path, init) => fetch(server.origin + path, init),
    }, "/api/groups"),
    401,
  );
  const foreign = await fetch(`${server.origin}/api/groups`, {
    method: "POST",
    headers: {
      cookie: ada.cookie,
      origin: "https://evil.example",
      "content-type": "application/json",
    },
    body: JSON.stringify(group),
  });
  await foreign.body?.cancel();
  assertEquals(foreign.status, 403);
  for (
    const wrong of [
      { name: "" },
      { name: 1 },
      { people: "all" },
      { people: Array(201).fill("x") },
      { history: "none" },
      { picture: "not one" },
      { owner: eve.me.id },
    ]
  ) assertEquals(await statusOf(ada, "/api/groups", { ...group, ...wrong }), 400);
  assertEquals(await statusOf(ada, "/api/groups", { ...group, people: ["nobody"] }), 404);
});
