/** The pages and forms of groups, asked without a browser: who gets them, and who does not. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { RoomSummary } from "../../lib/chat/rooms.ts";
import type { Client } from "../helpers/client.ts";
import type { TestServer } from "../helpers/server.ts";
import { testsInTown } from "../helpers/town.ts";

let server: TestServer;
let ada: Client;
let bob: Client;
let eve: Client;

const test = testsInTown({ ada: "Ada", bob: "Bob", eve: "Eve" }, {
  prepare: (town) => ({ server, ada, bob, eve } = town),
});

/** A group of Ada's with Bob in it. */
async function makeGroup(name = "Crew"): Promise<RoomSummary> {
  await using socket = await ada.connect();
  const people = [bob.me.id];
  socket.send({ type: "create", ref: 1, id: crypto.randomUUID(), name, people });
  return (await socket.next("opened")).room;
}

/** What a form's answer is: its status, where it leads, its page. */
async function post(
  client: Client,
  path: string,
  fields: Record<string, string> | [string, string][],
  headers: Record<string, string> = {},
) {
  const body = new URLSearchParams(fields);
  const response = await client.fetch(path, { method: "POST", body, headers });
  const { status } = response;
  return { status, location: response.headers.get("location"), text: await response.text() };
}

async function get(client: Client, path: string) {
  const response = await client.fetch(path);
  return { status: response.status, text: await response.text() };
}

/** The link to join, made by Ada. */
async function makeLink(room: string): Promise<string> {
  await post(ada, `/chat/${room}/info`, { what: "link", set: "new" });
  const { text } = await get(ada, `/chat/${room}/info`);
  return new URL(text.match(/value="([^"]*\/join\/[^"]*)"/)![1]).pathname;
}

test("the pages of a group are for its members; for others they are not there", async () => {
  const { id } = await makeGroup();
  const direct = await ada.room(bob.me);
  for (const page of ["info", "add"]) {
    assertEquals((await get(bob, `/chat/${id}/${page}`)).status, 200, `premise: ${page}`);
    assertEquals((await get(eve, `/chat/${id}/${page}`)).status, 404);
    assertEquals((await get(ada, `/chat/${direct.id}/${page}`)).status, 404, "no group");
    assertEquals((await get(ada, `/chat/absent/${page}`)).status, 404);
  }
  const refused = await post(eve, `/chat/${id}/info`, { what: "leave" });
  assertEquals(refused.status, 404);
  assertEquals((await post(eve, `/chat/${id}/add`, { person: eve.me.id })).status, 404);
});

test("a member without a role changes nothing by form, and sees no link", async () => {
  const { id } = await makeGroup("Keep this name");
  const link = await makeLink(id);
  const forms: [string, Record<string, string>][] = [
    ["info", { what: "configure", name: "Taken over" }],
    ["info", { what: "link", set: "new" }],
    ["info", { what: "remove", person: ada.me.id }],
    ["info", { what: "role", person: bob.me.id, role: "owner" }],
    ["add", { person: eve.me.id }],
  ];
  for (const [page, fields] of forms) {
    const { status, text } = await post(bob, `/chat/${id}/${page}`, fields);
    assertEquals(status, 400, `${page} ${fields.what}`);
    assertEquals(text.includes(link), false);
  }
  const { text } = await get(bob, `/chat/${id}/info`);
  assertStringIncludes(text, "Keep this name");
  assertEquals(text.includes(link), false);
  assertEquals((await get(eve, link)).status, 200, "the link is the one that was");
});

test("a change of a member leads back to the part of the list where it was made", async () => {
  const { id } = await makeGroup();
  const person = bob.me.id;
  const change = { what: "role", person, role: "admin" };
  const made = await post(ada, `/chat/${id}/info?q=bo&after=&other=x`, change);
  assertEquals([made.status, made.location], [303, `/chat/${id}/info?q=bo&done=`]);
  const { text } = await get(ada, made.location!);
  assertStringIncludes(text, "Done.");
  assertStringIncludes(text, "@bob");
});

test("forms from another site do nothing", async () => {
  const { id } = await makeGroup();
  const link = await makeLink(id);
  const headers = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  for (
    const [who, path, fields] of [
      [ada, "/groups/new", { name: "Forged" }],
      [ada, `/chat/${id}/info`, { what: "leave" }],
      [ada, `/chat/${id}/add`, { person: eve.me.id }],
      [eve, link, {}],
      [eve, "/rooms", { room: id }],
    ] as [Client, string, Record<string, string>][]
  ) {
    assertEquals((await post(who, path, fields, headers)).status, 403, path);
  }
  assertEquals((await get(eve, `/chat/${id}`)).status, 404);
  assertEquals((await get(ada, `/chat/${id}`)).status, 200);
});

test("a form that is sent twice makes one group", async () => {
  const fields = { id: "the-form", name: "Once" };
  const [first, second] = [
    await post(ada, "/groups/new", fields),
    await post(ada, "/groups/new", fields),
  ];
  assertEquals([first.status, second.status], [303, 303]);
  assertEquals(first.location, second.location);
});

test("what is wrong with a new group is said, and what was typed and chosen is kept", async () => {
  const { status, text } = await post(ada, "/groups/new", [
    ["name", " "],
    ["emoji", "🦊"],
    ["public", "yes"],
    ["person", bob.me.id],
  ]);
  assertEquals(status, 400);
  assertStringIncludes(text, "The group needs a name.");
  assertStringIncludes(text, 'value="🦊"');
  assertStringIncludes(text, `value="${bob.me.id}"`);
});

test("a link to join changes nothing until its button is pressed, and ends with its group's wish", async () => {
  const { id } = await makeGroup("Door");
  const link = await makeLink(id);
  const seen = await get(eve, link);
  assertEquals(seen.status, 200);
  assertStringIncludes(seen.text, "Door");
  assertEquals((await get(eve, `/chat/${id}`)).status, 404, "looking is not joining");

  const joined = await post(eve, link, {});
  assertEquals([joined.status, joined.location], [303, `/chat/${id}`]);
  assertEquals((await get(eve, `/chat/${id}`)).status, 200);

  // Whoever was removed does not come back by the link.
  await post(ada, `/chat/${id}/info`, { what: "remove", person: eve.me.id });
  assertEquals((await get(eve, `/chat/${id}`)).status, 404);
  assert((await post(eve, link, {})).status >= 400);
  assertEquals((await get(eve, `/chat/${id}`)).status, 404);

  await post(ada, `/chat/${id}/info`, { what: "link", set: "none" });
  assertEquals((await get(eve, link)).status, 404);
  assertEquals((await post(eve, link, {})).status, 404);
  assertEquals((await get(eve, "/join/never-was")).status, 404);
  assertEquals((await get(eve, `/join/${"x".repeat(3_000)}`)).status, 404);
});

test("a stranger at a link is sent to sign in, with the way back", async () => {
  const { id } = await makeGroup();
  const link = await makeLink(id);
  const response = await fetch(server.origin + link, { redirect: "manual" });
  await response.body?.cancel();
  const next = encodeURIComponent(link);
  assertEquals(response.headers.get("location"), `/login?next=${next}`);
});

test("nobody joins a private group by the form of the public ones", async () => {
  const { id } = await makeGroup("Private");
  const listed = await get(eve, "/rooms");
  assertEquals(listed.text.includes("Private"), false);
  assert((await post(eve, "/rooms", { room: id })).status >= 400);
  assertEquals((await get(eve, `/chat/${id}`)).status, 404);
});

test("pages that read many names count as searches, as the API's do", async () => {
  const { id: room } = await makeGroup();
  for (const path of ["/rooms", "/groups/new", `/chat/${room}/info`, `/chat/${room}/add`]) {
    assert(await isHeldBack(path), path);
  }
  assertEquals((await get(bob, "/rooms")).status, 200);
});

/** Whether a page of Ada's is refused once she has searched as much as she may. */
async function isHeldBack(path: string): Promise<boolean> {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  await wait(2_000); // reading has a limit of its own, which must not be met first
  for (let searches = 30, tries = 0; tries < 20; searches = 12, tries++) {
    await Promise.all(Array.from({ length: searches }, () => get(ada, "/api/search?q=x")));
    const { status, text } = await get(ada, path);
    if (status === 429 && text.includes("Too many searches")) return true;
    await wait(300);
  }
  return false;
}
