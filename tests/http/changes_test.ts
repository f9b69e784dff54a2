/** Changing messages over the JSON API of a real server process. */

import { assertEquals, assertMatch } from "@std/assert";
import type { PostedEvent } from "../../lib/chat/events.ts";
import type { EventPage } from "../../lib/chat/pages.ts";
import type { Ack } from "../../lib/store/drafts.ts";
import type { Client } from "../helpers/client.ts";
import { testsInTown } from "../helpers/town.ts";

let ada: Client;
let bob: Client;
let eve: Client;
let room: string;

const test = testsInTown({ ada: "Ada", bob: "Bob", eve: "Eve" }, {
  prepare: async (town) => {
    ({ ada, bob, eve } = town);
    room = (await ada.room(bob.me)).id;
  },
});

function post(id: string, text: string): Promise<Ack> {
  return ada.json(`/api/rooms/${room}/posts`, { id, text });
}

function change(person: Client, body: object): Promise<Ack> {
  return person.json(`/api/rooms/${room}/changes`, body);
}

async function messageAt(seq: number): Promise<PostedEvent> {
  const path = `/api/rooms/${room}/events?after=${seq - 1}&limit=1`;
  const { events: [event] } = await ada.json<EventPage>(path);
  return event as PostedEvent;
}

async function refusal(answer: Promise<unknown>): Promise<string> {
  return await answer.then(() => "accepted", (error) => error.message);
}

test("a message is edited, reacted to and deleted, each once under its id", async () => {
  const { seq } = await post("m1", "Soop?");
  const edit = { type: "edit", id: "e1", message: seq, text: "Soup?" };
  const first = await change(ada, edit);
  assertEquals(await change(ada, edit), first);
  await change(bob, { type: "react", id: "r1", message: seq, emoji: "❤️", on: true });
  const now = await messageAt(seq);
  assertEquals([now.text, now.reactions], ["Soup?", [{ emoji: "❤️", by: [bob.me.id] }]]);
  const path = `/api/rooms/${room}/messages/${seq}/versions`;
  const { versions } = await bob.json<{ versions: { text: string }[] }>(path);
  assertEquals(versions.map(({ text }) => text), ["Soop?", "Soup?"]);
  await change(ada, { type: "delete", id: "d1", message: seq });
  assertEquals(await messageAt(seq).then(({ text, deleted }) => ({ text, deleted })), {
    text: "",
    deleted: true,
  });
});

test("what may not be changed says why, and stays as it is", async () => {
  const { seq } = await post("m2", "Mine");
  const edit = { type: "edit", id: "e2", message: seq, text: "Yours" };
  assertMatch(await refusal(change(bob, edit)), /400 .*Only its author/);
  assertMatch(await refusal(change(ada, { ...edit, message: 999 })), / 404 /);
  assertMatch(await refusal(change(ada, { ...edit, text: " " })), / 400 /);
  assertMatch(await refusal(change(ada, { ...edit, type: "post" })), / 400 /);
  assertMatch(await refusal(change(ada, { ...edit, room: "elsewhere" })), / 400 /);
  assertEquals((await messageAt(seq)).text, "Mine");
});

test("a third person and another site's page change and read nothing", async () => {
  const { seq } = await post("m3", "Private");
  const react = { type: "react", id: "r3", message: seq, emoji: "👍", on: true };
  assertMatch(await refusal(change(eve, react)), / 404 /);
  const path = `/api/rooms/${room}/messages/${seq}/versions`;
  assertMatch(await refusal(eve.json(path)), / 404 /);
  assertMatch(await refusal(ada.json(`/api/rooms/${room}/messages/none/versions`)), / 404 /);
  const foreign = await ada.fetch(`/api/rooms/${room}/changes`, {
    method: "POST",
    headers: { origin: "https://evil.example", "content-type": "application/json" },
    body: JSON.stringify(react),
  });
  await foreign.body?.cancel();
  assertEquals(foreign.status, 403);
  assertEquals((await messageAt(seq)).reactions, undefined);
});
