/** Groups over sockets: what members hear, and that those who were removed hear nothing more. */

import { assert, assertEquals, assertLess } from "@std/assert";
import { changeGroup } from "../../lib/store/groups.ts";
import { getOrCreateDirect } from "../../lib/store/rooms.ts";
import { allowsFiles, kvFile } from "../helpers/fresh_kv.ts";
import { ask, idsOf, makeGroup, say, setUpGroup } from "../helpers/groups.ts";
import { TestInstance } from "../helpers/instance.ts";
import { createPerson } from "../helpers/people.ts";
import { stubKv } from "../helpers/stub_kv.ts";
import type { FakeSocket } from "../helpers/fake_socket.ts";
import type { RoomSummary } from "../../lib/chat/rooms.ts";

/** Resolves once everything that was sent before was obeyed. */
async function settled(socket: FakeSocket): Promise<void> {
  socket.say({ type: "ping" });
  await socket.take("pong");
}

/** Everything that a member may do with a room, as somebody who is none. */
async function assertShut(socket: FakeSocket, room: string, message: number): Promise<void> {
  const commands = [
    { type: "history", room },
    { type: "history", room, around: message },
    { type: "versions", room, message },
    { type: "members", room },
    { type: "link", room },
    { type: "link", room, set: "new" },
    { type: "add", room, people: ["x"] },
    { type: "remove", room, person: "x" },
    { type: "role", room, person: "x", role: "member" },
    { type: "configure", room, name: "Mine" },
    { type: "leave", room },
    { type: "join", room },
  ];
  for (const command of commands) {
    const answer = await ask(socket, command);
    assertEquals([answer.type, answer.code], ["error", "not_found"], JSON.stringify(command));
  }
  const stored = [
    { type: "post", text: "hi" },
    { type: "edit", message, text: "hi" },
    { type: "delete", message },
    { type: "react", message, emoji: "👍", on: true },
  ];
  for (const [n, command] of stored.entries()) {
    socket.say({ room, id: `shut${n}`, ...command });
    assertEquals((await socket.take("error", ({ id }) => id === `shut${n}`)).code, "not_found");
  }
  socket.say([{ type: "read", room, seq: message }, { type: "typing", room }]);
  for (let n = 0; n < 2; n++) {
    assertEquals((await socket.take("error", (error) => error.room === room)).code, "not_found");
  }
}

Deno.test("a group that is created is there for all its members at once, and for nobody else", async () => {
  await using t = await setUpGroup();
  const [a, tab] = [await t.instance.connect(t.ada), await t.instance.connect(t.ada)];
  const [b, e] = [await t.instance.connect(t.ben), await t.instance.connect(t.eve)];
  const { room } = await ask(a, {
    type: "create",
    id: "c1",
    name: " Boat\u202e  crew ",
    people: idsOf(t.ben, t.cat, t.ada),
    picture: "⛵",
  }) as unknown as { room: RoomSummary };
  assertEquals(room.kind, "group");
  const { joinedAt, ...group } = room.group!;
  assertEquals(group, {
    name: "Boat crew",
    picture: "⛵",
    memberCount: 3,
    role: "owner",
    public: false,
    history: "all",
    from: 1,
    changed: 1,
  });
  assertLess(Math.abs(joinedAt - Date.now()), 60_000);
  const theirs = (await b.take("room")).room;
  assertEquals([theirs.id, theirs.group?.role, theirs.unread], [room.id, "member", 0]);
  await tab.take("room");
  await say(a, room.id, "ahoy");
  await b.take("events", ({ events }) => events.some(({ type }) => type === "posted"));
  await settled(e);
  assertEquals([e.all("room"), e.all("events")], [[], []]);
  const again = await ask(a, { type: "create", id: "c1", name: "Other", people: [] });
  assertEquals((again.room as RoomSummary).id, room.id, "the same create makes the same group");
});

Deno.test("a group of nobody, with strangers, or without a name is refused", async () => {
  await using t = await setUpGroup();
  const a = await t.instance.connect(t.ada);
  const bad = { type: "create", id: "c1", name: "Garden", people: ["nobody"] };
  assertEquals((await ask(a, bad)).code, "not_found");
  for (const name of ["", "  ", "\u2063", "x".repeat(65)]) {
    assertEquals((await ask(a, { ...bad, people: [], name })).code, "invalid", name);
  }
});

Deno.test("who is added hears the room from then on, with nothing unread", async () => {
  await using t = await setUpGroup();
  const [a, e] = [await t.instance.connect(t.ada), await t.instance.connect(t.eve)];
  await say(a, t.room.id, "before");
  assertEquals((await ask(a, { type: "add", room: t.room.id, people: [t.eve.id] })).type, "done");
  const { room } = await e.take("room");
  assertEquals([room.unread, room.last?.text, room.group?.from], [0, "before", 1]);
  await say(a, t.room.id, "after");
  await e.take(
    "events",
    ({ events }) => events.some((event) => event.type === "posted" && event.text === "after"),
  );
  const welcome = await (await t.instance.connect(t.eve)).received.until(() => true, "");
  const [{ rooms }] = welcome as unknown as [{ rooms: RoomSummary[] }];
  assertEquals(rooms.map(({ unread }) => unread), [1]);
});

for (const solo of [false, true]) {
  Deno.test(`who is removed hears nothing more and finds nothing, ${solo ? "alone" : "watched"}`, async () => {
    await using t = await setUpGroup({}, { solo });
    const a = await t.instance.connect(t.ada);
    const [c, tab] = [await t.instance.connect(t.cat), await t.instance.connect(t.cat)];
    const message = await say(a, t.room.id, "hello");
    await c.take("events");
    await ask(a, { type: "remove", room: t.room.id, person: t.cat.id });
    for (const socket of [c, tab]) await socket.take("left", ({ room }) => room === t.room.id);
    const heard = c.received.all.length;
    await say(a, t.room.id, "secret");
    await ask(a, { type: "configure", room: t.room.id, name: "Secret" });
    a.say({ type: "typing", room: t.room.id });
    await settled(c);
    assertEquals(c.received.all.slice(heard).map(({ type }) => type), ["pong"]);
    assertEquals(tab.all("events").flatMap(({ events }) => events).at(-1)?.seq, message);
    await assertShut(c, t.room.id, message);
    const back = await t.instance.connect(t.cat, { cursors: { [t.room.id]: 1 } });
    assertEquals(back.all("welcome")[0].rooms, []);
    assertEquals(await back.take("error").then(({ code, room }) => [code, room]), [
      "not_found",
      t.room.id,
    ]);
  });
}

Deno.test({
  name: "a removal at one instance ends what another one's sockets hear within a second",
  ignore: !allowsFiles,
  async fn() {
    await using file = await kvFile(2);
    const times = { leaseMs: 1_500 };
    await using one = await TestInstance.start(file.kvs[0], { solo: true, times });
    await using two = await TestInstance.start(file.kvs[1], { solo: true, times });
    const [ada, ben, cat] = await Promise.all(
      ["ada", "ben", "cat"].map((name) => createPerson(one.live.kv, name)),
    );
    const room = await makeGroup(one.live.kv, [ada, ben, cat]);
    const [a, c, b] = [await one.connect(ada), await two.connect(cat), await two.connect(ben)];
    const message = await say(a, room.id, "hello");
    await c.take("events");
    await say(c, room.id, "the record is in the cache now");
    const since = performance.now();
    await ask(a, { type: "remove", room: room.id, person: cat.id });
    await c.take("left");
    assertLess(performance.now() - since, 1_000);
    await assertShut(c, room.id, message);
    await say(a, room.id, "secret");
    await b.take(
      "events",
      ({ events }) => events.some((event) => event.type === "posted" && event.text === "secret"),
    );
    assert(!JSON.stringify(c.received.all).includes("secret"));
    await ask(a, { type: "add", room: room.id, people: [cat.id] });
    await c.take("room");
    await say(a, room.id, "welcome back");
    await c.take("events", ({ events }) => events.some(({ type }) => type === "posted"));
    assertEquals((await ask(c, { type: "history", room: room.id })).type, "page");
  },
});

Deno.test("who is removed while they connect hears nothing of the room", async () => {
  await using t = await setUpGroup();
  const kv = stubKv(
    t.kv,
    {
      listed: async ({ prefix }: { prefix?: Deno.KvKey }) => {
        if (prefix?.[0] !== "user_room" || prefix[1] !== t.cat.id || removed) return;
        removed = true;
        await changeGroup(t.kv, t.room.id, t.ada.id, { type: "remove", person: t.cat.id });
      },
    } as Parameters<typeof stubKv>[1],
  );
  let removed = false;
  await using instance = await TestInstance.start(kv);
  const c = await instance.connect(t.cat);
  assertEquals(c.all("welcome")[0].rooms, []);
  const a = await instance.connect(t.ada);
  await say(a, t.room.id, "secret");
  await settled(c);
  assertEquals(c.all("events"), []);
});

Deno.test("who leaves is out on all devices, and comes back by the link with nothing unread", async () => {
  await using t = await setUpGroup();
  const a = await t.instance.connect(t.ada);
  const [b, phone] = [await t.instance.connect(t.ben), await t.instance.connect(t.ben)];
  await say(b, t.room.id, "one of mine");
  await say(a, t.room.id, "one");
  const { link } = await ask(a, { type: "link", room: t.room.id, set: "new" });
  assertEquals((await ask(b, { type: "leave", room: t.room.id })).type, "done");
  for (const socket of [b, phone]) await socket.take("left");
  await say(a, t.room.id, "two");
  const { room } = await ask(b, { type: "join", link }) as unknown as { room: RoomSummary };
  assertEquals([room.unread, room.group?.memberCount], [0, 3]);
  await phone.take("room", ({ room }) => room.unread === 0);
  await say(a, t.room.id, "three");
  await say(b, t.room.id, "mine again");
  const later = await t.instance.connect(t.ben);
  assertEquals(later.all("welcome")[0].rooms.map(({ unread }) => unread), [1]);
});

Deno.test("a link that was renewed or revoked leads nowhere, and only admins see it", async () => {
  await using t = await setUpGroup();
  const [a, b, e] = await Promise.all([t.ada, t.ben, t.eve].map((who) => t.instance.connect(who)));
  const link = (set?: string) => ask(a, { type: "link", room: t.room.id, set });
  assertEquals((await link()).link, null);
  const { link: first } = await link("new");
  assertEquals((await link()).link, first);
  assertEquals((await ask(b, { type: "link", room: t.room.id })).code, "invalid");
  assertEquals((await ask(b, { type: "link", room: t.room.id, set: "new" })).code, "invalid");
  const { link: second } = await link("new");
  for (const wrong of [first, "nothing", t.room.id, "A".repeat(22)]) {
    assertEquals((await ask(e, { type: "join", link: wrong })).code, "not_found", String(wrong));
  }
  await link("none");
  assertEquals((await ask(e, { type: "join", link: second })).code, "not_found");
  const { link: third } = await link("new");
  assertEquals((await ask(e, { type: "join", link: third })).type, "opened");
});

Deno.test("who joined a group that hides its past sees none of it, in whatever way", async () => {
  await using t = await setUpGroup({ history: "joined" });
  const room = t.room.id;
  const [a, e] = [await t.instance.connect(t.ada), await t.instance.connect(t.eve)];
  const old = await say(a, room, "secret one");
  await say(a, room, "secret two");
  await ask(a, { type: "add", room, people: [t.eve.id] });
  const { room: seen } = await e.take("room");
  const from = seen.group!.from;
  assertEquals([from, seen.last, seen.unread, seen.read], [4, null, 0, 4]);
  a.say({ type: "post", room, id: "answer", text: "an answer", reply: old });
  await e.take("events", ({ events }) => events.some(({ id }) => id === "answer"));
  a.say({ type: "edit", room, id: "change", message: old, text: "secret changed" });
  const { events: [edited] } = await e.take(
    "events",
    ({ events }) => events.some(({ type }) => type === "edited"),
  );
  assertEquals(edited.type === "edited" && edited.text, "");
  for (const range of [{}, { before: 3 }, { after: 0 }, { around: old }, { around: 1, limit: 1 }]) {
    const page = await ask(e, { type: "history", room, ...range });
    const events = page.events as { seq: number; type: string }[];
    assert(events.every(({ seq }) => seq >= from), JSON.stringify(range));
    assertEquals(events.length > 0, !("before" in range), JSON.stringify(range));
    assertEquals([page.older, page.quoted], [false, undefined]);
  }
  assertEquals((await ask(e, { type: "versions", room, message: old })).code, "not_found");
  for (
    const [n, command] of [
      { type: "post", text: "hm", reply: old },
      { type: "react", message: old, emoji: "👍", on: true },
    ].entries()
  ) {
    e.say({ room, id: `n${n}`, ...command });
    assertEquals((await e.take("error", ({ id }) => id === `n${n}`)).code, "not_found");
  }
  const back = await t.instance.connect(t.eve, { cursors: { [room]: 0 } });
  const resumed = await back.take("resumed");
  assertEquals(resumed.events.map(({ seq }) => seq), [4, 5, 6]);
  assert(!JSON.stringify([...e.messages, ...back.messages]).includes("secret"));
  const ben = await t.instance.connect(t.ben);
  const all = await ask(ben, { type: "history", room });
  assertEquals((all.events as unknown[]).length, 6, "the others see everything");
});

Deno.test("the commands of groups do nothing to the room of two people", async () => {
  await using t = await setUpGroup();
  const { id: room } = await getOrCreateDirect(t.kv, t.ada.id, t.ben.id);
  const a = await t.instance.connect(t.ada);
  for (
    const command of [
      { type: "add", people: [t.eve.id] },
      { type: "remove", person: t.ben.id },
      { type: "leave" },
      { type: "role", person: t.ben.id, role: "admin" },
      { type: "configure", name: "Us", public: true },
      { type: "link", set: "new" },
      { type: "link" },
      { type: "join" },
      { type: "members" },
    ]
  ) assertEquals((await ask(a, { room, ...command })).code, "not_found", command.type);
});

Deno.test("members come in pages, the owner first, then admins, then by name, and by filter", async () => {
  await using t = await setUpGroup();
  const a = await t.instance.connect(t.ada);
  await ask(a, { type: "role", room: t.room.id, person: t.cat.id, role: "admin" });
  const names: string[] = [];
  for (let after: unknown = undefined; after !== null;) {
    const page = await ask(a, { type: "members", room: t.room.id, limit: 2, after });
    for (const { username, role } of page.members as { username: string; role: string }[]) {
      names.push(`${username} ${role}`);
    }
    after = page.next;
  }
  assertEquals(names, ["ada owner", "cat admin", "ben member"]);
  const found = await ask(a, { type: "members", room: t.room.id, q: "be" });
  assertEquals((found.members as { username: string }[]).map(({ username }) => username), ["ben"]);
  assertEquals((await ask(a, { type: "members", room: t.room.id, after: "x" })).code, "invalid");
});

Deno.test("public groups are found and joined by everybody, private ones by nobody", async () => {
  await using t = await setUpGroup();
  const [a, e] = [await t.instance.connect(t.ada), await t.instance.connect(t.eve)];
  const names = async (query = {}) => {
    const { rooms } = await ask(e, { type: "browse", ...query });
    return (rooms as { name: string; member: boolean; memberCount: number }[])
      .map(({ name, member, memberCount }) => [name, member, memberCount]);
  };
  assertEquals(await names(), []);
  await ask(a, { type: "configure", room: t.room.id, public: true });
  assertEquals(await names(), [["Garden", false, 3]]);
  await ask(a, { type: "configure", room: t.room.id, name: "Étangs du jardin" });
  assertEquals(await names({ q: "etan" }), [["Étangs du jardin", false, 3]]);
  assertEquals(await names({ q: "garden" }), []);
  assertEquals((await ask(e, { type: "join", room: t.room.id })).type, "opened");
  assertEquals(await names(), [["Étangs du jardin", true, 4]]);
  await ask(a, { type: "configure", room: t.room.id, public: false });
  assertEquals(await names(), []);
  await ask(e, { type: "leave", room: t.room.id });
  assertEquals((await ask(e, { type: "join", room: t.room.id })).code, "not_found");
});

Deno.test("who() tells of people, and of none that do not exist", async () => {
  await using t = await setUpGroup();
  const e = await t.instance.connect(t.eve);
  const { people } = await ask(e, { type: "who", people: [t.ada.id, "nobody", t.ada.id] });
  assertEquals(people, [{ id: t.ada.id, username: "ada", name: "ada" }]);
});

Deno.test("links are not to be guessed, nor groups made, without end", async () => {
  await using t = await setUpGroup();
  const e = await t.instance.connect(t.eve);
  const codes = async (times: number, commandOf: (n: number) => { type: string }) => {
    const answers = Array.from({ length: times }, (_, n) => ask(e, { ...commandOf(n) }));
    return (await Promise.all(answers)).map(({ type, code }) => code ?? type);
  };
  const guesses = await codes(62, () => ({ type: "join", link: "A".repeat(22) }));
  assertEquals(guesses, [...Array(60).fill("not_found"), "rate_limited", "rate_limited"]);
  const group = { type: "create", name: "Spam", people: [] };
  const made = await codes(22, (n) => ({ ...group, id: `n${n}` }));
  assertEquals(made, [...Array(20).fill("opened"), "rate_limited", "rate_limited"]);
});

Deno.test("who is removed while they are shown a group is not put back into it", async () => {
  await using t = await setUpGroup();
  let removal: (() => Promise<void>) | null = null;
  const kv = stubKv(t.kv, {
    read: async (what) => {
      const [key] = what as Deno.KvKey[];
      if (key?.[0] !== "user" || !removal) return; // the names for the summary: the record is read
      const run = removal;
      removal = null;
      await run();
    },
  });
  await using instance = await TestInstance.start(kv);
  const e = await instance.connect(t.eve);
  const a = await instance.connect(t.ada);
  const { promise: removed, resolve } = Promise.withResolvers<void>();
  removal = async () => {
    await instance.live.groups.manage(t.ada.id, t.room.id, { type: "remove", person: t.eve.id });
    await e.take("left");
    resolve();
  };
  await changeGroup(t.kv, t.room.id, t.ada.id, { type: "add", people: [t.eve.id] });
  await removed;
  await settled(e);
  await say(a, t.room.id, "secret");
  await settled(e);
  assert(!JSON.stringify(e.received.all).includes("secret"));
});
