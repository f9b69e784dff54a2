import { assertEquals } from "@std/assert";
import type { MembersEvent, RoomEvent } from "../../../lib/chat/events.ts";
import type { GroupInfo, RoomSummary } from "../../../lib/chat/rooms.ts";
import { MAX_WINDOW_EVENTS } from "../../../lib/client/event_window.ts";
import {
  ANN,
  BOB,
  chatData,
  event,
  line,
  ME,
  page,
  room,
  Tab,
} from "../../helpers/chat_harness.ts";
import { microtasks } from "../../helpers/virtual_clock.ts";

const INFO: GroupInfo = {
  name: "Harbour",
  memberCount: 3,
  role: "member",
  public: false,
  history: "all",
  from: 1,
  joinedAt: 500,
  changed: 0,
};

function group(parts: Partial<RoomSummary> = {}, info: Partial<GroupInfo> = {}): RoomSummary {
  return room({ kind: "group", group: { ...INFO, ...info }, ...parts });
}

function members(
  seq: number,
  what: MembersEvent["what"],
  people: string[],
  by = "ann",
): MembersEvent {
  return { type: "members", seq, at: 1_000 + seq, by, id: `m${seq}`, posts: 1, what, people };
}

/** A tab with the group open on this run of its log. */
function openTab(events: RoomEvent[], summary = group()): Tab {
  const head = events.at(-1)?.seq ?? 0;
  const open = {
    room: { ...summary, head },
    page: { room: "r", events, head, older: false, newer: false },
  };
  return new Tab(chatData({ rooms: [open.room], open }));
}

Deno.test("what happens to a group stands between its messages and is none of them", async () => {
  const tab = openTab([members(1, "created", ["ann", "me"]), event(2)]);
  await tab.live([group({ head: 2, read: 2 })]);
  await tab.say({
    type: "events",
    room: "r",
    events: [members(3, "added", ["bob"]), event(4, { by: "bob" })],
  });
  assertEquals(tab.seqs, [2, 4]);
  assertEquals(tab.room.lines.value.map(({ seq }) => seq), [1, 3]);
  assertEquals(tab.room.unread.value, 1, "a line is not unread");
});

Deno.test("lines come with older pages and go with what the window lets go", async () => {
  const tab = new Tab(chatData({
    rooms: [group({ head: 60 })],
    open: { room: group({ head: 60 }), page: page(11, 60) },
  }));
  await tab.live([group({ head: 60 })]);
  const loaded = tab.room.loadOlder();
  await microtasks();
  const { ref } = tab.connection.sentOf("history").at(-1)!;
  const events = [members(1, "created", ["ann"]), ...page(2, 10).events];
  await tab.say({ type: "page", ref, ...page(1, 10, 60), events });
  await loaded;
  assertEquals(tab.room.lines.value.map(({ seq }) => seq), [1]);
  for (let seq = 61; seq <= MAX_WINDOW_EVENTS + 1; seq += 100) {
    const { events } = page(seq, Math.min(seq + 99, MAX_WINDOW_EVENTS + 1));
    await tab.say({ type: "events", room: "r", events });
  }
  assertEquals(tab.room.oldest.value, 2);
  assertEquals(tab.room.lines.value, []);
});

Deno.test("events bring a group's name, count and role up to date, each once", async () => {
  const tab = openTab([event(1)]);
  await tab.live([group({ head: 1, read: 1 })]);
  const base = { at: 2_000, by: "ann", posts: 1 };
  const events: RoomEvent[] = [
    members(2, "added", ["bob", "cy"]),
    { type: "configured", seq: 3, id: "c", ...base, name: "Port", picture: "⚓" },
    { type: "role", seq: 4, id: "d", ...base, person: "me", role: "admin" },
  ];
  await tab.say({ type: "events", room: "r", events });
  await tab.say({ type: "events", room: "r", events });
  const { name, picture, memberCount, role } = tab.room.summary.value.group!;
  assertEquals({ name, picture, memberCount, role }, {
    name: "Port",
    picture: "⚓",
    memberCount: 5,
    role: "admin",
  });
  // A summary that was read before these events says older things.
  await tab.say({ type: "room", room: group({ head: 4, read: 1 }, { changed: 2 }) });
  assertEquals(tab.room.summary.value.group!.name, "Port");
});

Deno.test("a person who leaves a group hears of it: the open room closes and says why", async () => {
  const tab = openTab([event(1)]);
  await tab.live([group({ head: 1, read: 1 })]);
  tab.room.post("never to be sent");
  await microtasks();
  await tab.say({ type: "left", room: "r" });
  assertEquals(tab.model.room.value, null);
  assertEquals(tab.model.rooms.value, []);
  assertEquals(tab.model.notice.value, "You are no longer in Harbour.");
  assertEquals(await tab.browser.storage.load(), [], "nothing waits for a room that is gone");
  // What was on its way when it ended changes nothing.
  await tab.say({ type: "events", room: "r", events: [event(2)] });
  assertEquals(tab.model.rooms.value, []);
});

Deno.test("a group that somebody left and came back to is there anew, with what is said there", async () => {
  const tab = openTab([event(1)]);
  await tab.live([group({ head: 1, read: 1 })]);
  await tab.say({ type: "left", room: "r" });
  await tab.say(
    { type: "room", room: group({ head: 3, read: 3 }, { from: 3, joinedAt: 9_000, changed: 3 }) },
    { type: "events", room: "r", events: [event(4)] },
  );
  const [back] = tab.model.rooms.value;
  assertEquals([back.id, back.unread.value, back.summary.value.head], ["r", 1, 4]);
});

Deno.test("a group that was left while there was no connection closes at the next one", async () => {
  const tab = openTab([event(1)]);
  await tab.live([group({ head: 1, read: 1 })]);
  await tab.reconnect([]);
  assertEquals(tab.model.room.value, null);
  assertEquals(tab.model.notice.value, "You are no longer in Harbour.");
});

Deno.test("leaving a room that is not open says nothing", async () => {
  const tab = new Tab(chatData({ rooms: [group()] }));
  await tab.live([group()]);
  await tab.say({ type: "left", room: "r" });
  assertEquals(tab.model.rooms.value, []);
  assertEquals(tab.model.notice.value, null);
});

Deno.test("a group that somebody was just added to stands on top of the list", async () => {
  const old = room({ id: "old", head: 1 });
  const tab = await new Tab(chatData({ rooms: [old] })).live([old]);
  await tab.say({ type: "room", room: group({ last: null }, { joinedAt: 5_000 }) });
  assertEquals(tab.model.rooms.value.map(({ id }) => id), ["r", "old"]);
});

Deno.test("the directory knows whom rooms and pages bring, and asks for others", async () => {
  const tab = openTab([members(1, "added", ["bob"])], group({ members: [ME, ANN] }));
  assertEquals(tab.model.directory.of("ann").value, ANN);
  assertEquals(tab.model.directory.of("bob").value, null);
  await tab.live([group({ head: 1 })]);
  const [{ ref, people }] = tab.connection.sentOf("who");
  assertEquals(people, ["bob"]);
  await tab.say({ type: "who", ref, people: [BOB] });
  assertEquals(tab.model.directory.of("bob").value, BOB);
});

Deno.test("who comes back to a group that hides its past holds nothing of before", async () => {
  const tab = openTab([members(1, "created", ["ann", "me"]), event(2, { text: "old" })]);
  await tab.live([group({ head: 9, read: 8 }, { history: "joined", from: 8, changed: 8 })]);
  assertEquals(tab.room.loaded.value, false);
  assertEquals(tab.seqs, []);
});

Deno.test("the members of an open group are asked for once, and follow the log", async () => {
  const tab = openTab([event(1)]);
  await tab.live([group({ head: 1, read: 1 })]);
  const [{ ref, room }] = tab.connection.sentOf("members");
  assertEquals(room, "r");
  const lines = [ME, ANN].map((person) => ({ ...line(person), role: "member" as const }));
  await tab.say({ type: "members", ref, room: "r", members: lines, next: null });
  assertEquals(tab.room.members.ids.value, ["me", "ann"]);
  await tab.say({ type: "events", room: "r", events: [members(2, "added", ["bob"])] });
  assertEquals(tab.room.members.ids.value, ["me", "ann", "bob"]);
  await tab.say({ type: "events", room: "r", events: [members(3, "removed", ["ann"], "bob")] });
  assertEquals(tab.room.members.ids.value, ["me", "bob"]);
  const [watched] = tab.connection.sentOf("watch").slice(-1);
  assertEquals(watched.people.includes("bob"), true, "their presence is watched");
});

Deno.test("the members of a big group are not asked for", async () => {
  const tab = openTab([event(1)], group({}, { memberCount: 1_000 }));
  await tab.live([group({ head: 1, read: 1 }, { memberCount: 1_000 })]);
  assertEquals(tab.connection.sentOf("members"), []);
});
