import { assert, assertEquals, assertRejects } from "@std/assert";
import { MAX_WATCHED_PEOPLE } from "../../../lib/chat/limits.ts";
import { MAX_LOADED_ROOMS } from "../../../lib/client/rooms_model.ts";
import {
  ANN,
  BOB,
  chatData,
  event,
  line,
  ME,
  openData,
  room,
  Tab,
  welcome,
} from "../../helpers/chat_harness.ts";
import { FakeBrowser } from "../../helpers/fake_tabs.ts";
import { microtasks } from "../../helpers/virtual_clock.ts";

const WITH_BOB = room({ id: "b", members: [BOB, ME], createdAt: 900 });

function ids(tab: Tab): string[] {
  return tab.model.rooms.value.map(({ id }) => id);
}

Deno.test("ChatModel can be made on a server: it opens, stores and times nothing", async () => {
  const tab = new Tab(openData(1, 3));
  await microtasks();
  assertEquals(tab.model.connection.value, "connecting");
  assertEquals(tab.model.room.value?.id, "r");
  assertEquals(tab.model.room.value?.others, [ANN]);
  assertEquals([tab.transport.connections.length, tab.clock.pending, tab.browser.turns], [0, 0, 0]);
});

Deno.test("ChatModel closes without a timer left", async () => {
  const tab = await new Tab(openData(2, 3)).live([room({ head: 3 })]);
  tab.room.post("x");
  tab.model.setAttention(true);
  tab.room.markRead();
  tab.model.people.query.value = "a";
  void tab.room.loadOlder();
  await microtasks();
  tab.model.close();
  await microtasks();
  assertEquals([tab.clock.pending, tab.browser.turns], [0, 0]);
});

Deno.test("ChatModel closes without a timer left while it loads and catches up", async () => {
  const tab = await new Tab(openData(1, 1)).live([room({ head: 1 }), room({ id: "x", head: 9 })]);
  await tab.say({ type: "events", room: "r", events: [event(5)] });
  tab.model.openRoom("x");
  await microtasks();
  assertEquals(tab.connection.sentOf("history").map(({ room }) => room), ["r", "x"]);
  tab.model.close();
  await microtasks();
  assertEquals(tab.clock.pending, 0);
});

Deno.test("rooms are ordered by their newest message", async () => {
  const tab = new Tab(chatData({ rooms: [room({ head: 1 }), WITH_BOB] }));
  assertEquals(ids(tab), ["r", "b"]);
  await tab.live([room({ head: 1 }), WITH_BOB]);
  await tab.say({ type: "events", room: "b", events: [event(1, { by: "bob", at: 5_000 })] });
  assertEquals(ids(tab), ["b", "r"]);
  await tab.say({ type: "events", room: "r", events: [event(2, { at: 5_000 })] });
  assertEquals(ids(tab), ["r", "b"], "of equal times the higher seq is on top");
});

Deno.test("a welcome brings rooms up to date, adds new ones and drops those that are gone", async () => {
  const tab = new Tab(chatData({ rooms: [room({ head: 1 }), WITH_BOB] }));
  const fresh = room({ id: "c", createdAt: 1 });
  await tab.live([room({ head: 4, read: 1, unread: 3 }), fresh]);
  assertEquals(ids(tab), ["r", "c"]);
  assertEquals(tab.model.unread.value, 3);
  assertEquals(tab.model.rooms.value[0].summary.value.last?.seq, 4);
});

Deno.test("a welcome that does not list all rooms drops none", () => {
  const tab = new Tab(chatData({ rooms: [room({ head: 1 }), WITH_BOB] }));
  tab.model.start();
  tab.connection.accept();
  tab.connection.say(welcome([WITH_BOB], { more: true }));
  assertEquals(ids(tab), ["r", "b"]);
  assert(tab.model.moreRooms.value);
});

Deno.test("ChatModel leaves a room that the viewer is no longer in", async () => {
  const tab = await new Tab(openData(1, 2)).live([]);
  assertEquals(tab.model.room.value, null);
});

Deno.test("a room that begins elsewhere appears, with what was said in it before its frame", async () => {
  const tab = await new Tab(chatData()).live([]);
  await tab.say({ type: "events", room: "r", events: [event(1)] });
  assertEquals(ids(tab), []);
  await tab.say({ type: "room", room: room({ head: 0 }) });
  assertEquals(tab.model.unread.value, 1);
  assertEquals(tab.model.rooms.value[0].summary.value.last?.seq, 1);
});

Deno.test("openPerson() answers a known room without asking", async () => {
  const tab = new Tab(chatData({ rooms: [room()] }));
  assertEquals(await tab.model.openPerson("ann"), "r");
});

Deno.test("openPerson() makes a room over the socket, waiting for the connection", async () => {
  const tab = new Tab(chatData());
  tab.model.start();
  const opening = tab.model.openPerson("ann");
  await tab.greet([]);
  const [{ ref, with: other }] = tab.connection.sentOf("open");
  assertEquals(other, "ann");
  await tab.say({ type: "opened", ref, room: room() });
  assertEquals(await opening, "r");
  assertEquals(ids(tab), ["r"]);
});

Deno.test("openPerson() rejects and says so when the server refuses or is silent", async () => {
  const tab = await new Tab(chatData()).live([]);
  const refused = assertRejects(() => tab.model.openPerson("nobody"), Error, "There is no such");
  await microtasks();
  const { ref } = tab.connection.sentOf("open")[0];
  await tab.say({ type: "error", code: "not_found", message: "There is no such person.", ref });
  await refused;
  assertEquals(tab.model.notice.value, "The conversation could not be opened.");
  const silent = assertRejects(() => tab.model.openPerson("nobody"), Error);
  await tab.clock.advance(20_000);
  await silent;
});

Deno.test("openRoom() loads a room that holds no log, once it is live", async () => {
  const tab = new Tab(chatData({ rooms: [room({ head: 3, read: 1, unread: 2 })] }));
  tab.model.openRoom("r");
  assert(tab.room.loading.value);
  assertEquals(tab.room.dividerAfter.value, 1);
  await tab.live([room({ head: 3, read: 1, unread: 2 })]);
  assertEquals(tab.connection.sentOf("history").length, 1);
  await tab.answerHistory(1, 3);
  assertEquals(tab.seqs, [1, 2, 3]);
  assertEquals(tab.model.unread.value, 2);
});

Deno.test("openRoom() tries again on the next connection when loading failed", async () => {
  const tab = new Tab(chatData({ rooms: [room({ head: 3 })] }));
  tab.model.start();
  tab.model.openRoom("r");
  await tab.clock.advance(21_000);
  while (tab.model.connection.value !== "connecting") await tab.clock.advance(100);
  await tab.greet([room({ head: 3 })]);
  await tab.answerHistory(1, 3);
  assertEquals(tab.seqs, [1, 2, 3]);
});

Deno.test("openRoom() tries again, saying so once, while the server fails to load the room", async () => {
  const tab = await new Tab(chatData({ rooms: [room({ head: 3 })] })).live([room({ head: 3 })]);
  tab.model.openRoom("r");
  for (let tries = 1; tries <= 3; tries++) {
    await microtasks();
    const asked = tab.connection.sentOf("history");
    assertEquals(asked.length, tries);
    await tab.say({ type: "error", code: "internal", message: "x", ref: asked.at(-1)!.ref });
    assertEquals(tab.model.notice.value !== null, tries === 1);
    tab.model.dismissNotice();
    await tab.clock.advance(5_000);
  }
  await tab.answerHistory(1, 3);
  assertEquals(tab.seqs, [1, 2, 3]);
});

Deno.test("openRoom() of an unknown room opens none and says so", () => {
  const tab = new Tab(chatData());
  tab.model.openRoom("x");
  assertEquals(tab.model.room.value, null);
  assertEquals(tab.model.notice.value, "That conversation is not here.");
});

Deno.test("a room that was left keeps its log current, and only the last opened keep theirs", async () => {
  const rooms = Array.from(
    { length: MAX_LOADED_ROOMS + 1 },
    (_, n) => room({ id: `r${n}`, head: 1 }),
  );
  const tab = await new Tab(chatData({ rooms })).live(rooms);
  for (const { id } of rooms) {
    tab.model.openRoom(id);
    await microtasks();
    const { ref } = tab.connection.sentOf("history").at(-1)!;
    await tab.say({
      type: "page",
      ref,
      room: id,
      events: [event(1)],
      head: 1,
      older: false,
      newer: false,
    });
  }
  const [first, second] = ["r0", "r1"].map((id) => tab.model.rooms.value.find((r) => r.id === id)!);
  assertEquals([first.loaded.value, second.loaded.value], [false, true]);
  await tab.say({ type: "events", room: "r1", events: [event(2)] });
  assertEquals(second.entries.value.length, 2);
  await tab.reconnect(rooms);
  const cursors = tab.connection.sentOf("hello")[0].cursors!;
  assertEquals([Object.keys(cursors).length, cursors.r1, cursors.r0], [
    MAX_LOADED_ROOMS,
    2,
    undefined,
  ]);
});

Deno.test("a room that was posted to without opening it is resumed on the next connection", async () => {
  const tab = await new Tab(chatData({ rooms: [room()] })).live([room()]);
  tab.model.rooms.value[0].post("hello");
  await microtasks();
  await tab.answerHistory(1, 3);
  await tab.reconnect([room({ head: 5 })]);
  assertEquals(tab.connection.sentOf("hello")[0].cursors, { r: 3 });
});

Deno.test("two tabs each show what is posted in one of them, once", async () => {
  const one = await new Tab(openData(1, 1), { name: "a" }).live([room({ head: 1 })]);
  const two = await new Tab(openData(1, 1), { ...one, name: "b" }).live([room({ head: 1 })]);
  one.room.post("hi");
  await microtasks();
  assertEquals(two.room.entries.value.at(-1)?.key, "me:a1");
  assertEquals(two.connection.sentOf("post"), []);
  const stored = event(2, { by: "me", id: "a1", text: "hi" });
  await two.say({ type: "events", room: "r", events: [stored] });
  assertEquals(two.seqs, [1, 2]);
  await one.say({ type: "ack", room: "r", id: "a1", seq: 2, at: 9 });
  await one.say({ type: "events", room: "r", events: [stored] });
  assertEquals([one.seqs, two.seqs], [[1, 2], [1, 2]]);
});

Deno.test("what a tab wrote down before it died is sent by another that comes back on screen", async () => {
  const browser = new FakeBrowser();
  const tab = await new Tab(chatData({ rooms: [room()] }), { browser }).live([room()]);
  const entry = { room: "r", id: "orphan", text: "x", createdAt: 1, state: "pending" } as const;
  await browser.storage.put({ ...entry, askedAt: tab.clock.now() });
  tab.wake();
  await microtasks();
  assertEquals(tab.connection.sentOf("post").map(({ id }) => id), ["orphan"]);
});

Deno.test("a message that was stored before a reload is neither shown twice nor kept", async () => {
  const before = new Tab(openData(1, 1), { name: "a" });
  before.model.start();
  before.room.post("hi");
  await microtasks();
  before.model.close();
  const summary = room({ head: 2 });
  const stored = event(2, { by: "me", id: "a1", text: "hi" });
  const pageTwo = { room: "r", events: [event(1), stored], head: 2, older: false, newer: false };
  const data = chatData({ rooms: [summary], open: { room: summary, page: pageTwo } });
  const after = await new Tab(data, { browser: before.browser }).live([summary]);
  assertEquals(after.seqs, [1, 2]);
  await after.say({ type: "ack", room: "r", id: "a1", seq: 2, at: 9 });
  assertEquals(after.seqs, [1, 2]);
  assertEquals(after.browser.stored.size, 0);
});

Deno.test("nothing is sent when another account turns out to be signed in", async () => {
  const tab = new Tab(openData(1, 1));
  tab.model.start();
  tab.room.post("secret");
  await microtasks();
  tab.connection.accept();
  tab.connection.say(welcome([WITH_BOB], { me: BOB }));
  await tab.clock.advance(120_000);
  assertEquals(tab.model.connection.value, "signed_out");
  assertEquals(tab.connection.sent.map(({ type }) => type), ["hello"]);
  assertEquals(tab.transport.connections.length, 1);
  assertEquals(ids(tab), ["r"]);
  assertEquals(tab.browser.stored.size, 1, "it waits for its author");
});

Deno.test("a browser that cannot store tells once that it cannot", async () => {
  const tab = new Tab(openData(1, 1));
  tab.browser.broken = true;
  await tab.live([room({ head: 1 })]);
  assertEquals(tab.model.notice.value, "Unsent messages cannot be kept on this device.");
  tab.room.post("hi");
  await microtasks();
  assertEquals(tab.connection.sentOf("post").length, 1);
});

Deno.test("presence() is one signal a person, kept current by the socket", async () => {
  const data = chatData({ presence: [{ id: "ann", online: true, seenAt: 5 }] });
  const tab = await new Tab(data).live([]);
  const ann = tab.model.presence("ann");
  assertEquals(ann.value, { id: "ann", online: true, seenAt: 5 });
  assertEquals(tab.model.presence("nobody").value, { id: "nobody", online: false, seenAt: null });
  await tab.say({ type: "presence", people: [{ id: "ann", online: false, seenAt: 9 }] });
  assertEquals(ann.value, { id: "ann", online: false, seenAt: 9 });
  assert(tab.model.presence("ann") === ann);
});

Deno.test("the socket watches room partners and the people list, once each, on every connection", async () => {
  const data = chatData({
    rooms: [room()],
    people: { people: [line(ANN), line(BOB)], next: null },
  });
  const tab = await new Tab(data).live([room()]);
  assertEquals(tab.connection.sentOf("watch"), [{ type: "watch", people: ["ann", "bob"] }]);
  await tab.say({ type: "events", room: "r", events: [event(1)] });
  assertEquals(tab.connection.sentOf("watch").length, 1, "an order is no reason to watch anew");
  await tab.reconnect([room({ head: 1 })]);
  assertEquals(tab.connection.sentOf("watch"), [{ type: "watch", people: ["ann", "bob"] }]);
  const cara = { id: "cara", username: "cara", name: "" };
  await tab.say({ type: "room", room: room({ id: "c", members: [ME, cara] }) });
  assertEquals(tab.connection.sentOf("watch")[1].people.toSorted(), ["ann", "bob", "cara"]);
});

Deno.test("the socket watches no more people than it may, and the open room's first", async () => {
  const people = Array.from({ length: 400 }, (_, n) => line({ ...BOB, id: `p${n}` }));
  const data = { ...openData(1, 1), people: { people, next: null } };
  const tab = await new Tab(data).live([room({ head: 1 })]);
  const [watch] = tab.connection.sentOf("watch");
  assertEquals(watch.people.length, MAX_WATCHED_PEOPLE);
  assertEquals(watch.people[0], "ann");
});

Deno.test("a refused watch is sent again when the server says so", async () => {
  const tab = await new Tab(chatData({ rooms: [room()] })).live([room()]);
  await tab.say({ type: "error", code: "rate_limited", message: "x", retryAfterMs: 100 });
  await tab.clock.advance(100);
  assertEquals(tab.connection.sentOf("watch").length, 2);
});

Deno.test("a watch that failed is sent again, also when the server does not say when", async () => {
  const tab = await new Tab(chatData({ rooms: [room()] })).live([room()]);
  await tab.say({ type: "error", code: "internal", message: "x" });
  await tab.clock.advance(5_000);
  assertEquals(tab.connection.sentOf("watch").length, 2);
  await tab.say({ type: "error", code: "malformed", message: "x" });
  await tab.clock.advance(5_000);
  assertEquals(tab.connection.sentOf("watch").length, 2);
});

Deno.test("a pointer that the server failed to move is sent again", async () => {
  const tab = await new Tab(openData(1, 2, { read: 0, unread: 2 })).live([
    room({ head: 2, read: 0, unread: 2 }),
  ]);
  tab.model.setAttention(true);
  tab.room.markRead();
  await tab.say({ type: "error", code: "internal", message: "x", room: "r" });
  await tab.clock.advance(5_000);
  assertEquals(tab.connection.sentOf("read").map(({ seq }) => seq), [2, 2]);
});

Deno.test("facts of unknown types and of unknown rooms change nothing", async () => {
  const tab = await new Tab(openData(1, 1)).live([room({ head: 1 })]);
  tab.connection.raw('[{"type":"typing","room":"r"},{"type":"__proto__"},{"type":"constructor"}]');
  await tab.say(
    { type: "read", room: "x", seq: 1, unread: 7, head: 8 },
    { type: "ack", room: "x", id: "y", seq: 1, at: 1 },
    { type: "page", ref: 99, room: "r", events: [event(1)], head: 1, older: false, newer: false },
    { type: "error", code: "internal", message: "x", ref: 98 },
    { type: "error", code: "not_found", message: "x", room: "x" },
  );
  assertEquals(tab.seqs, [1]);
  assertEquals(tab.model.connection.value, "live");
});
