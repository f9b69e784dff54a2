/** `GET /api/search` of a real server process: who may ask, what is refused, how often. */

import { assert, assertEquals } from "@std/assert";
import type { SearchPage } from "../../lib/chat/pages.ts";
import { type Client, register } from "../helpers/client.ts";
import type { TestServer } from "../helpers/server.ts";
import { testsInTown } from "../helpers/town.ts";

let server: TestServer;
let ada: Client;
let bob: Client;
let eve: Client;
let room: string;

const test = testsInTown({ ada: "Ada", bob: "Bob", eve: "Eve" }, {
  prepare: async (town) => {
    ({ server, ada, bob, eve } = town);
    room = (await ada.room(bob.me)).id;
    await bob.json(`/api/rooms/${room}/posts`, { id: "m1", text: "a **secret** soup" });
  },
});

function search(who: Client, parameters: Record<string, string>): Promise<SearchPage> {
  return who.json(`/api/search?${new URLSearchParams(parameters)}`);
}

async function statusOf(who: Client, query: string): Promise<number> {
  const response = await who.fetch(`/api/search?${query}`);
  await response.body?.cancel();
  return response.status;
}

test("a member finds a message, with its room and its author; others find nothing", async () => {
  const { hits, rooms, people, next } = await search(ada, { q: "SECR from:bob" });
  assertEquals(hits.map(({ room, seq, by, text }) => ({ room, seq, by, text })), [{
    room,
    seq: 1,
    by: bob.me.id,
    text: [{ text: "a " }, { text: "secr", hit: true }, { text: "et soup" }],
  }]);
  assertEquals([rooms.map(({ id }) => id), people, next], [[room], [bob.me], null]);
  assertEquals((await search(eve, { q: "secret" })).hits, []);
});

test("a stranger is told to sign in", async () => {
  const response = await fetch(`${server.origin}/api/search?q=secret`);
  assertEquals(response.status, 401);
  assert(!(await response.text()).includes("soup"));
});

test("another's room and no room at all answer alike", async () => {
  assertEquals(await statusOf(ada, `q=secret&room=${room}`), 200);
  assertEquals(await statusOf(eve, `q=secret&room=${room}`), 404);
  assertEquals(await statusOf(eve, "q=secret&room=absent"), 404);
});

test("what is not described is refused", async () => {
  const bad = [
    "",
    `q=${"x".repeat(201)}`,
    "q=x&limit=0",
    "q=x&limit=51",
    "q=x&before=nonsense",
    "q=x&extra=1",
    `q=x&room=${"r".repeat(65)}`,
  ];
  for (const query of bad) assertEquals(await statusOf(ada, query), 400, query);
});

test("who asks too often is told to wait, and others are not", async () => {
  const greedy = await register(server.origin, "greedy");
  const answers = await Promise.all(Array.from({ length: 55 }, () => statusOf(greedy, "q=x")));
  assert(answers.filter((status) => status === 200).length >= 30);
  assert(answers.includes(429));
  assertEquals(await statusOf(ada, "q=x"), 200);
});

test("the page shows what was found to members only, as text", async () => {
  const page = async (who: Client, query: string) => {
    const response = await who.fetch(`/search?${query}`);
    return { status: response.status, html: await response.text() };
  };
  await bob.json(`/api/rooms/${room}/posts`, { id: "m2", text: "<img src=x> tag soup" });
  const { status, html } = await page(ada, "q=soup");
  assertEquals(status, 200);
  assert(/<mark ?>soup<\/mark>/.test(html) && html.includes(`/chat/${room}?at=1`));
  assert(!html.includes("<img src=x>") && html.includes(">&lt;img src=x"));
  assert(!(await page(eve, "q=soup")).html.includes("<mark"));
  assertEquals((await page(ada, `q=soup&room=${room}`)).status, 200);
  assertEquals((await page(eve, `q=soup&room=${room}`)).status, 404);
  assertEquals((await page(ada, "q=soup&before=x")).status, 400);
  assertEquals((await page(ada, `q=${"x".repeat(201)}`)).status, 400);
  const stranger = await fetch(`${server.origin}/search?q=soup`, { redirect: "manual" });
  await stranger.body?.cancel();
  assertEquals(stranger.headers.get("location"), "/login?next=%2Fsearch%3Fq%3Dsoup");
});
