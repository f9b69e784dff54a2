/** Searching as a person: whom it may show what, operators, pages, what is shown of a message. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { InvalidError, NotFoundError } from "../../lib/chat/errors.ts";
import type { SearchPage } from "../../lib/chat/pages.ts";
import { searchMessages, type SearchRequest } from "../../lib/search.ts";
import type { UserRecord } from "../../lib/store/accounts.ts";
import { newId } from "../../lib/store/ids.ts";
import { changeGroup } from "../../lib/store/groups.ts";
import { getOrCreateDirect } from "../../lib/store/rooms.ts";
import { catchUp } from "../../lib/store/search_index.ts";
import { setUp } from "../helpers/conversation.ts";
import { makeGroup } from "../helpers/groups.ts";

type World = Awaited<ReturnType<typeof setUp>>;

/** Posts, in a millisecond of its own: so the order is known across rooms. */
async function say(
  { instance }: World,
  by: UserRecord,
  room: string,
  text: string,
): Promise<number> {
  const draft = { type: "posted" as const, room, by: by.id, id: newId(), text };
  const { seq, at } = await instance.live.appender.append(draft);
  while (Date.now() <= at) await new Promise((resolve) => setTimeout(resolve));
  return seq;
}

function search(
  { instance }: World,
  { id }: UserRecord,
  q: string,
  request: Partial<SearchRequest> = {},
): Promise<SearchPage> {
  return searchMessages(instance.live, id, { zone: "UTC", q, ...request });
}

/** What was found, in one line each. */
async function found(...args: Parameters<typeof search>): Promise<string[]> {
  const { hits } = await search(...args);
  return hits.map(({ text }) => text.map(({ text, hit }) => hit ? `[${text}]` : text).join(""));
}

Deno.test("a search finds in all of a person's rooms, newest first, and nothing in others'", async () => {
  await using world = await setUp();
  const { kv, ada, ben, eve, room } = world;
  const other = await getOrCreateDirect(kv, ada.id, eve.id);
  await say(world, ben, room.id, "the old **tea** pot");
  await say(world, eve, other.id, "tea for Eve");
  await say(world, ada, room.id, "more Tea");
  for (const indexed of [false, true]) {
    if (indexed) await Promise.all([catchUp(kv, room.id), catchUp(kv, other.id)]);
    assertEquals(await found(world, ada, "tea"), [
      "more [Tea]",
      "[tea] for Eve",
      "the old [tea] pot",
    ]);
    assertEquals(await found(world, eve, "tea"), ["[tea] for Eve"]);
    assertEquals(await found(world, ben, "tea"), ["more [Tea]", "the old [tea] pot"]);
    assertEquals(await found(world, ada, "tea", { room: room.id }), [
      "more [Tea]",
      "the old [tea] pot",
    ]);
  }
  const { people, rooms } = await search(world, ada, "tea");
  assertEquals(people.map(({ name }) => name).sort(), ["Ada", "Ben", "Eve"]);
  assertEquals(rooms.map(({ id }) => id).sort(), [room.id, other.id].sort());
});

Deno.test("a room that is not the person's cannot be searched, like one that does not exist", async () => {
  await using world = await setUp();
  const { ada, ben, eve, room } = world;
  await say(world, ben, room.id, "tea");
  assertEquals((await search(world, ada, "tea", { room: room.id })).hits.length, 1, "the premise");
  await assertRejects(() => search(world, eve, "tea", { room: room.id }), NotFoundError);
  await assertRejects(() => search(world, eve, "tea", { room: "absent" }), NotFoundError);
  await assertRejects(() => search(world, eve, "", { room: room.id }), NotFoundError);
  assertEquals((await search(world, eve, "in:ben tea")).hits, []);
});

Deno.test("who was removed from a group finds nothing of it; who joined later only what came then", async () => {
  await using world = await setUp();
  const { kv, ada, ben, eve } = world;
  const group = await makeGroup(kv, [ada, ben], { name: "Tea Club", history: "joined" });
  for (const text of ["tea one", "tea two"]) await say(world, ada, group.id, text);
  await changeGroup(kv, group.id, ada.id, { type: "add", people: [eve.id] });
  await say(world, ben, group.id, "tea three");
  for (const indexed of [false, true]) {
    if (indexed) await catchUp(kv, group.id);
    assertEquals((await found(world, ben, "tea")).length, 3);
    assertEquals(await found(world, eve, "tea"), ["[tea] three"]);
    assertEquals(await found(world, eve, "in:club"), ["tea three"]);
  }
  await changeGroup(kv, group.id, ada.id, { type: "remove", person: ben.id });
  assertEquals(await found(world, ben, "tea"), []);
  await assertRejects(() => search(world, ben, "tea", { room: group.id }), NotFoundError);
  assertEquals((await found(world, ada, "tea from:ben")).length, 1, "what he wrote stays");
});

Deno.test("from: and in: take usernames, names, me; unknown ones find nothing and are told", async () => {
  await using world = await setUp();
  const { kv, ada, ben, eve, room } = world;
  const withEve = await getOrCreateDirect(kv, ada.id, eve.id);
  const group = await makeGroup(kv, [ada, ben], { name: "Größte Gruppe" });
  await say(world, ada, room.id, "mine");
  await say(world, ben, room.id, "his");
  await say(world, eve, withEve.id, "hers");
  await say(world, ben, group.id, "there");
  const cases: [string, string[]][] = [
    ["from:me", ["mine"]],
    ["from:BEN", ["there", "his"]],
    ["from:@ben in:ben", ["his"]],
    ["from:ben from:eve", ["there", "hers", "his"]],
    ["in:eve", ["hers"]],
    ["in:GROSSTE", ["there"]],
    ["in:gruppe in:eve", ["there", "hers"]],
    ["from:nobody", []],
    ["in:nowhere", []],
    ["in:me", []],
    ["from:!!!", []],
  ];
  for (const [q, texts] of cases) assertEquals(await found(world, ada, q), texts, q);
  assertEquals((await search(world, ada, "from:nobody from:eve in:eve")).unknown, ["nobody"]);
  assertEquals((await search(world, ada, "in:nowhere")).unknown, ["nowhere"]);
  assertEquals(await found(world, eve, "in:gruppe"), [], "another's group is no place");
});

Deno.test("has: and dates narrow, with words and without", async () => {
  await using world = await setUp();
  const { ada, ben, room, instance } = world;
  await say(world, ada, room.id, "see https://example.org/tea");
  const seq = await say(world, ada, room.id, "tea without");
  await instance.live.appender.append({
    type: "reacted",
    room: room.id,
    by: ben.id,
    id: "r1",
    message: seq,
    emoji: "👍",
    on: true,
  });
  assertEquals(await found(world, ada, "has:link"), ["see https://example.org/tea"]);
  assertEquals(await found(world, ada, "tea has:reaction"), ["[tea] without"]);
  assertEquals((await found(world, ada, "has:link has:reaction")).length, 2);
  assertEquals(await found(world, ada, "has:image"), []);
  assertEquals((await found(world, ada, "on:today tea")).length, 2);
  assertEquals(await found(world, ada, "before:today"), []);
  assertEquals(await found(world, ada, "after:today"), []);
  assertEquals((await found(world, ada, "after:yesterday")).length, 2);
});

Deno.test("pages hold every message once, newest first, in one room and in many", async () => {
  await using world = await setUp();
  const { kv, ada, ben, eve, room } = world;
  const other = await getOrCreateDirect(kv, ada.id, eve.id);
  const expected: string[] = [];
  for (let n = 0; n < 50; n++) {
    const place = n % 3 === 0 ? other.id : room.id;
    const seq = await say(world, n % 3 === 0 ? eve : ben, place, `tea ${n}`);
    expected.unshift(`${place} ${seq}`);
    if (n === 25) await Promise.all([catchUp(kv, room.id), catchUp(kv, other.id)]);
  }
  const all: string[] = [];
  const times: number[] = [];
  let before: string | undefined;
  do {
    const { hits, next } = await search(world, ada, "tea", { before, limit: 7 });
    assert(hits.length === 7 || next === null);
    all.push(...hits.map(({ room, seq }) => `${room} ${seq}`));
    times.push(...hits.map(({ at }) => at));
    before = next ?? undefined;
  } while (before !== undefined);
  assertEquals(all.toSorted(), expected.toSorted());
  assertEquals(times, times.toSorted((a, b) => b - a));
});

Deno.test("a cursor that is none is refused", async () => {
  await using world = await setUp();
  const text = (value: unknown) => btoa(JSON.stringify(value)).replace(/=+$/, "");
  for (const before of ["x", "", text(["1"]), text(["a", "b", "c"]), text(["-1", "r", "2"])]) {
    await assertRejects(() => search(world, world.ada, "tea", { before }), InvalidError);
  }
});

Deno.test("a deleted message is not found and an edited one by what it says now", async () => {
  await using world = await setUp();
  const { ada, room, instance: { live } } = world;
  const [one, two] = [
    await say(world, ada, room.id, "tea one"),
    await say(world, ada, room.id, "tea two"),
  ];
  const change = { room: room.id, by: ada.id };
  await live.appender.append({ ...change, type: "deleted", id: "d1", message: one });
  await live.appender.append({ ...change, type: "edited", id: "d2", message: two, text: "coffee" });
  assertEquals(await found(world, ada, "tea"), []);
  await live.search.settled();
  assertEquals(await found(world, ada, "tea"), []);
  assertEquals(await found(world, ada, "coffee"), ["[coffee]"]);
  assertEquals((await found(world, ada, "from:me")).length, 1);
});

Deno.test("nothing asked for is nothing found", async () => {
  await using world = await setUp();
  await say(world, world.ada, world.room.id, "tea");
  for (const q of ["", "  ", '""', "from:", "``"]) {
    assertEquals((await search(world, world.ada, q)).hits, [], q);
  }
});
