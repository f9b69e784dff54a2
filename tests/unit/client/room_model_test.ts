import { assert, assertEquals, assertFalse } from "@std/assert";
import { MAX_WINDOW_EVENTS } from "../../../lib/client/event_window.ts";
import { chatData, event, events, openData, page, room, Tab } from "../../helpers/chat_harness.ts";
import { microtasks } from "../../helpers/virtual_clock.ts";

function range(from: number, to: number): number[] {
  return events(from, to).map(({ seq }) => seq);
}

Deno.test("a room shows the page that the server rendered, before anything is started", () => {
  const tab = new Tab(openData(5, 7));
  assertEquals(tab.seqs, [5, 6, 7]);
  assert(tab.room.older.value);
  assertFalse(tab.room.newer.value);
  assertEquals(tab.transport.connections.length, 0);
  assertEquals(tab.clock.pending, 0);
});

Deno.test("a room places events by seq, never by clock or content", async () => {
  const tab = await new Tab(openData(1, 2)).live([room({ head: 2 })]);
  const late = event(3, { at: 1, text: "message 1" });
  await tab.say({ type: "events", room: "r", events: [late, event(4)] });
  assertEquals(tab.seqs, [1, 2, 3, 4]);
  assertEquals(tab.room.entries.value[2].text, "message 1");
});

Deno.test("a room drops events that it has", async () => {
  const tab = await new Tab(openData(1, 3)).live([room({ head: 3 })]);
  await tab.say({ type: "events", room: "r", events: events(2, 4) });
  await tab.say({ type: "events", room: "r", events: events(1, 4) });
  assertEquals(tab.seqs, [1, 2, 3, 4]);
  assertEquals(tab.connection.sentOf("history"), []);
});

Deno.test("a room fills a gap by history before it shows what follows", async () => {
  const tab = await new Tab(openData(1, 2)).live([room({ head: 2 })]);
  await tab.say({ type: "events", room: "r", events: [event(250)] });
  assertEquals(tab.seqs, [1, 2]);
  const [{ ref: _, ...question }] = tab.connection.sentOf("history");
  assertEquals(question, { type: "history", room: "r", after: 2, limit: 200 });
  await tab.answerHistory(3, 202, 250);
  assertEquals(tab.connection.sentOf("history")[1].after, 202);
  await tab.say({ type: "events", room: "r", events: [event(251)] });
  assertEquals(tab.seqs, range(1, 202));
  await tab.answerHistory(203, 250, 250);
  assertEquals(tab.connection.sentOf("history")[2].after, 250);
  await tab.answerHistory(251, 251);
  assertEquals(tab.seqs, range(1, 251));
  assertEquals(tab.connection.sentOf("history").length, 3);
});

Deno.test("a room tries to fill a gap again when that failed", async () => {
  const tab = await new Tab(openData(1, 2)).live([room({ head: 2 })]);
  await tab.say({ type: "events", room: "r", events: [event(4)] });
  const { ref } = tab.connection.sentOf("history")[0];
  await tab.say({ type: "error", code: "internal", message: "no", ref });
  assertEquals(tab.model.notice.value, null);
  await tab.clock.advance(5_000);
  await tab.answerHistory(3, 4);
  assertEquals(tab.seqs, [1, 2, 3, 4]);
});

Deno.test("a room that the viewer is out of is not asked for any more", async () => {
  const tab = await new Tab(openData(1, 2)).live([room({ head: 2 })]);
  await tab.say({ type: "events", room: "r", events: [event(4)] });
  const { ref } = tab.connection.sentOf("history")[0];
  tab.room.close();
  await tab.say({ type: "error", code: "not_found", message: "no", ref });
  await tab.clock.advance(5_000);
  assertEquals(tab.connection.sentOf("history").length, 1);
});

Deno.test("a room whose log is not loaded fills no gaps", async () => {
  const tab = await new Tab(chatData({ rooms: [room()] })).live([room()]);
  await tab.say({ type: "events", room: "r", events: [event(9)] });
  assertEquals(tab.connection.sentOf("history"), []);
  assertEquals(tab.model.rooms.value[0].entries.value, []);
});

Deno.test("a room counts kinds of events that it does not know, and shows nothing for them", async () => {
  const tab = await new Tab(openData(1, 1)).live([room({ head: 1 })]);
  const unknown = { ...event(2), type: "waved" } as unknown as ReturnType<typeof event>;
  await tab.say({ type: "events", room: "r", events: [unknown, event(3)] });
  assertEquals(tab.seqs, [1, 3]);
  assertEquals(tab.connection.sentOf("history"), []);
});

Deno.test("a room resumes from its newest event", async () => {
  const tab = await new Tab(openData(5, 7)).live([room({ head: 7 })]);
  assertEquals(tab.connection.sentOf("hello")[0].cursors, { r: 7 });
  await tab.reconnect([room({ head: 9 })], {
    type: "resumed",
    room: "r",
    events: events(8, 9),
    head: 9,
    contiguous: true,
  });
  assertEquals(tab.connection.sentOf("hello")[0].cursors, { r: 7 });
  assertEquals(tab.seqs, [5, 6, 7, 8, 9]);
});

Deno.test("a room pages on when a resume is not contiguous", async () => {
  const tab = await new Tab(openData(1, 10)).live([room({ head: 10 })]);
  const resumed = { type: "resumed", room: "r", events: events(11, 210), head: 400 } as const;
  await tab.reconnect([room({ head: 400 })], { ...resumed, contiguous: false });
  assertEquals(tab.seqs, range(1, 210));
  assertEquals(tab.connection.sentOf("history").map(({ after }) => after), [210]);
  await tab.answerHistory(211, 400);
  assertEquals(tab.seqs, range(1, 400));
});

Deno.test("a room takes the newest page when more than 1,000 events are missing", async () => {
  const tab = await new Tab(openData(1, 10)).live([room({ head: 10 })]);
  const resumed = { type: "resumed", room: "r", events: events(11, 210), head: 1_011 } as const;
  await tab.reconnect([room({ head: 1_011 })], { ...resumed, contiguous: false });
  assertEquals(tab.seqs, range(1, 10), "no hole is shown meanwhile");
  const [question] = tab.connection.sentOf("history");
  assertEquals([question.after, question.before], [undefined, undefined]);
  await tab.answerHistory(962, 1_011);
  assertEquals(tab.seqs, range(962, 1_011));
  assert(tab.room.older.value);
});

Deno.test("a room pages on when exactly 1,000 events are missing", async () => {
  const tab = await new Tab(openData(1, 10)).live([room({ head: 10 })]);
  const resumed = { type: "resumed", room: "r", events: events(11, 210), head: 1_010 } as const;
  await tab.reconnect([room({ head: 1_010 })], { ...resumed, contiguous: false });
  for (let from = 211; from <= 1_010; from += 200) {
    await tab.answerHistory(from, Math.min(1_010, from + 199), 1_010);
  }
  assertEquals(tab.seqs, range(11, 1_010), "of 1,010 the newest 1,000 are kept");
});

Deno.test("a room loads older pages until there are none", async () => {
  const tab = await new Tab(openData(51, 60)).live([room({ head: 60 })]);
  const done = tab.room.loadOlder();
  assert(tab.room.loading.value);
  void tab.room.loadOlder();
  await microtasks();
  assertEquals(tab.connection.sentOf("history").map(({ before }) => before), [51]);
  await tab.answerHistory(1, 50, 60);
  await done;
  assertEquals(tab.seqs, range(1, 60));
  assertFalse(tab.room.older.value);
  assertFalse(tab.room.loading.value);
  await tab.room.loadOlder();
  assertEquals(tab.connection.sentOf("history").length, 1);
});

Deno.test("a room that is asked for older pages while offline loads them once it is live", async () => {
  const tab = new Tab(openData(11, 20));
  tab.model.start();
  void tab.room.loadOlder();
  await tab.greet([room({ head: 20 })]);
  await tab.answerHistory(1, 10, 20);
  assertEquals(tab.seqs, range(1, 20));
});

Deno.test("a room says so when older messages cannot be loaded, and can try again", async () => {
  const tab = await new Tab(openData(11, 20)).live([room({ head: 20 })]);
  void tab.room.loadOlder();
  await tab.clock.advance(20_000);
  assertEquals(tab.model.notice.value, "Messages could not be loaded.");
  assertFalse(tab.room.loading.value);
  tab.model.dismissNotice();
  assertEquals(tab.model.notice.value, null);
  void tab.room.loadOlder();
  await microtasks();
  await tab.answerHistory(1, 10, 20);
  assertEquals(tab.seqs, range(1, 20));
});

Deno.test("a room keeps at most 1,000 events and comes back to the end of its log", async () => {
  const tab = await new Tab(openData(1_951, 2_000)).live([room({ head: 2_000 })]);
  for (let to = 1_950; to >= 951; to -= 200) {
    void tab.room.loadOlder();
    await microtasks();
    await tab.answerHistory(to - 199, to, 2_000);
  }
  assertEquals(tab.seqs.length, MAX_WINDOW_EVENTS);
  assertEquals(tab.seqs[0], 951);
  assert(tab.room.newer.value);
  await tab.say({ type: "events", room: "r", events: [event(2_001)] });
  assertEquals(tab.seqs.at(-1), 1_950, "what does not follow is not shown");
  void tab.room.loadNewer();
  await microtasks();
  assertEquals(tab.connection.sentOf("history").at(-1)?.after, 1_950);
  await tab.answerHistory(1_951, 2_001);
  assertFalse(tab.room.newer.value);
  assertEquals(tab.seqs, range(1_002, 2_001));
  assert(tab.room.older.value);
});

Deno.test("a room does not resume from the middle of its log", async () => {
  const summary = room({ head: 90 });
  const data = chatData({ rooms: [summary], open: { room: summary, page: page(11, 20, 90) } });
  const tab = await new Tab(data).live([summary]);
  assertEquals(tab.connection.sentOf("hello")[0].cursors, {});
  void tab.room.jumpToNewest();
  await microtasks();
  await tab.answerHistory(41, 90);
  assertEquals(tab.seqs, range(41, 90));
});

Deno.test("a room goes to the end of its log when something is posted from the middle", async () => {
  const summary = room({ head: 90 });
  const data = chatData({ rooms: [summary], open: { room: summary, page: page(11, 20, 90) } });
  const tab = await new Tab(data).live([summary]);
  tab.room.post("hi");
  await microtasks();
  assertEquals(tab.seqs.at(-1), null, "it is shown at once");
  await tab.answerHistory(41, 90);
  assertEquals(tab.seqs, [...range(41, 90), null]);
});

Deno.test("an answer that comes after the window moved leaves no hole", async () => {
  const tab = await new Tab(openData(1_500, 1_510)).live([room({ head: 1_510 })]);
  void tab.room.loadOlder();
  await microtasks();
  const [older] = tab.connection.sentOf("history");
  await tab.say({ type: "events", room: "r", events: [event(5_000)] });
  await tab.answerHistory(4_951, 5_000);
  await tab.say({ type: "page", ref: older.ref, ...page(1_450, 1_499, 5_000) });
  assertEquals(tab.seqs, range(4_951, 5_000));
});

Deno.test("a room loads newer pages until it is at the end of its log", async () => {
  const summary = room({ head: 90 });
  const data = chatData({ rooms: [summary], open: { room: summary, page: page(11, 20, 90) } });
  const tab = await new Tab(data).live([summary]);
  void tab.room.loadNewer();
  await microtasks();
  await tab.answerHistory(21, 50, 90);
  assert(tab.room.newer.value);
  assertEquals(tab.connection.sentOf("history").map(({ after }) => after), [10, 20]);
  void tab.room.loadNewer();
  await microtasks();
  await tab.answerHistory(51, 90);
  assertFalse(tab.room.newer.value);
  assertEquals(tab.seqs, range(11, 90));
});

Deno.test("a newer page that comes after a jump to the end takes nothing back", async () => {
  const summary = room({ head: 90 });
  const data = chatData({ rooms: [summary], open: { room: summary, page: page(11, 20, 90) } });
  const tab = await new Tab(data).live([summary]);
  void tab.room.loadNewer();
  void tab.room.jumpToNewest();
  await microtasks();
  await tab.answerHistory(41, 90);
  const { ref } = tab.connection.sentOf("history")[0];
  await tab.say({ type: "page", ref, ...page(21, 70, 90) });
  assertFalse(tab.room.newer.value);
  assertEquals(tab.seqs, range(41, 90));
});

Deno.test("a message is shown at once and keeps its entry when its ack comes first", async () => {
  const tab = await new Tab(openData(1, 1)).live([room({ head: 1 })]);
  tab.room.post("  hi\r\n");
  const [, pending] = tab.room.entries.value;
  assertEquals(pending, {
    key: "me:m1",
    by: "me",
    id: "m1",
    text: "  hi",
    at: tab.clock.now(),
    state: "pending",
    seq: null,
  });
  await microtasks();
  await tab.say({ type: "ack", room: "r", id: "m1", seq: 2, at: 77 });
  const acked = { ...pending, state: "stored", seq: 2, at: 77 } as const;
  assertEquals(tab.room.entries.value[1], acked);
  await tab.say({
    type: "events",
    room: "r",
    events: [{ ...event(2), ...mine("m1", "  hi"), at: 77 }],
  });
  assertEquals(tab.room.entries.value, [tab.room.entries.value[0], acked]);
  assertEquals(tab.browser.stored.size, 0);
});

Deno.test("a message keeps its entry when its event comes before its ack", async () => {
  const tab = await new Tab(openData(1, 1)).live([room({ head: 1 })]);
  tab.room.post("hi");
  await microtasks();
  await tab.say({ type: "events", room: "r", events: [{ ...event(2), ...mine("m1", "hi") }] });
  assertEquals(tab.room.entries.value.map(({ key, state }) => [key, state]), [
    ["ann:e1", "stored"],
    ["me:m1", "stored"],
  ]);
  await tab.say({ type: "ack", room: "r", id: "m1", seq: 2, at: 77 });
  assertEquals(tab.seqs, [1, 2]);
  assertEquals(tab.browser.stored.size, 0);
});

Deno.test("acks that overtake other events wait at the end, in their order", async () => {
  const tab = await new Tab(openData(1, 1)).live([room({ head: 1 })]);
  for (const text of ["a", "b", "c"]) tab.room.post(text);
  await microtasks();
  await tab.say({ type: "ack", room: "r", id: "m2", seq: 4, at: 9 });
  await tab.say({ type: "ack", room: "r", id: "m1", seq: 3, at: 9 });
  assertEquals(tab.seqs, [1, 3, 4, null]);
  await tab.say({ type: "events", room: "r", events: [event(2)] });
  assertEquals(tab.seqs, [1, 2, 3, 4, null]);
  await tab.say({
    type: "events",
    room: "r",
    events: [{ ...event(3), ...mine("m1", "a") }, { ...event(4), ...mine("m2", "b") }],
  });
  assertEquals(tab.room.entries.value.map(({ id }) => id), ["e1", "e2", "m1", "m2", "m3"]);
});

Deno.test("another's message under the same id is not taken for one's own", async () => {
  const tab = await new Tab(openData(1, 1)).live([room({ head: 1 })]);
  tab.room.post("hi");
  await microtasks();
  await tab.say({ type: "events", room: "r", events: [event(2, { id: "m1", text: "hi" })] });
  assertEquals(tab.room.entries.value.map(({ key, state }) => [key, state]).slice(1), [
    ["ann:m1", "stored"],
    ["me:m1", "pending"],
  ]);
});

Deno.test("one's own equal text under another id is another message", async () => {
  const tab = await new Tab(openData(1, 1)).live([room({ head: 1 })]);
  tab.room.post("hi");
  await microtasks();
  await tab.say({ type: "events", room: "r", events: [{ ...event(2), ...mine("phone", "hi") }] });
  assertEquals(tab.seqs, [1, 2, null]);
});

Deno.test("post() refuses what cannot be sent", async () => {
  const tab = await new Tab(openData(1, 1)).live([room({ head: 1 })]);
  assertFalse(tab.room.post(" \n\u0007 "));
  assertEquals(tab.model.notice.value, null);
  assertFalse(tab.room.post("x".repeat(8_001)));
  assertEquals(tab.model.notice.value, "That message is 1 characters too long.");
  assert(tab.room.post("😀".repeat(8_000)));
  assertEquals(tab.room.entries.value.length, 2);
});

Deno.test("unread counts messages by others after the pointer, between the server's words", async () => {
  const tab = await new Tab(chatData({ rooms: [room({ head: 5, read: 3, unread: 2 })] }))
    .live([room({ head: 5, read: 3, unread: 2 })]);
  const [ann] = tab.model.rooms.value;
  assertEquals(ann.unread.value, 2);
  await tab.say({
    type: "events",
    room: "r",
    events: [event(5), event(6), { ...event(7), by: "me" }],
  });
  assertEquals(ann.unread.value, 3);
  assertEquals(tab.model.unread.value, 3);
  await tab.say({ type: "read", room: "r", seq: 6, unread: 0, head: 7 });
  assertEquals(ann.unread.value, 0);
  assertEquals(ann.summary.value.read, 6);
});

Deno.test("unread is not doubled by what a resume or a page repeats", async () => {
  const tab = await new Tab(openData(1, 2)).live([room({ head: 2 })]);
  await tab.say({ type: "events", room: "r", events: [event(3)] });
  await tab.reconnect([room({ head: 4, read: 2, unread: 2 })], {
    type: "resumed",
    room: "r",
    events: events(4, 4),
    head: 4,
    contiguous: true,
  });
  assertEquals(tab.room.unread.value, 2);
});

Deno.test("markRead() sends the pointer only when attentive", async () => {
  const tab = await new Tab(openData(1, 2, { read: 0, unread: 2 })).live([
    room({ head: 2, read: 0, unread: 2 }),
  ]);
  tab.room.markRead();
  await microtasks();
  assertEquals(tab.connection.sentOf("read"), []);
  assertEquals(tab.room.unread.value, 2);
  tab.model.setAttention(true);
  await microtasks();
  assertEquals(tab.connection.sentOf("read"), [{ type: "read", room: "r", seq: 2 }]);
  assertEquals(tab.room.unread.value, 0);
});

Deno.test("markRead() sends nothing without a connection, and what was on screen once there is one", async () => {
  const unread = room({ head: 2, read: 0, unread: 2 });
  const tab = new Tab(openData(1, 2, { read: 0, unread: 2 }));
  tab.model.setAttention(true);
  tab.room.markRead();
  assertEquals(tab.room.unread.value, 2);
  await tab.live([unread]);
  assertEquals(tab.connection.sentOf("read").map(({ seq }) => seq), [2]);
  assertEquals(tab.room.unread.value, 0);
});

Deno.test("markRead() sends at most every 300 ms, the last one always, and never back", async () => {
  const tab = await new Tab(openData(1, 1, { read: 0, unread: 1 })).live([
    room({ head: 1, read: 0, unread: 1 }),
  ]);
  tab.model.setAttention(true);
  tab.room.markRead();
  for (const seq of [2, 3, 4]) {
    await tab.say({ type: "events", room: "r", events: [event(seq)] });
    tab.room.markRead();
    assertEquals(tab.room.unread.value, 0);
    await tab.clock.advance(50);
  }
  const sent = () => tab.connection.sentOf("read").map(({ seq }) => seq);
  assertEquals(sent(), [1]);
  await tab.clock.advance(150);
  assertEquals(sent(), [1, 4]);
  await tab.say({ type: "read", room: "r", seq: 3, unread: 1, head: 4 });
  assertEquals(tab.room.unread.value, 0);
  tab.room.markRead();
  await tab.clock.advance(1_000);
  assertEquals(sent(), [1, 4]);
});

Deno.test("a pointer that a lost connection swallowed is sent again", async () => {
  const tab = await new Tab(openData(1, 2, { read: 0, unread: 2 })).live([
    room({ head: 2, read: 0, unread: 2 }),
  ]);
  tab.model.setAttention(true);
  tab.room.markRead();
  await microtasks();
  await tab.reconnect([room({ head: 2, read: 0, unread: 2 })]);
  await tab.clock.advance(300);
  assertEquals(tab.connection.sentOf("read").map(({ seq }) => seq), [2]);
  assertEquals(tab.room.unread.value, 0);
});

Deno.test("a room that was read and left stays read when the connection swallowed that", async () => {
  const unread = room({ head: 2, read: 0, unread: 2 });
  const tab = await new Tab(openData(1, 2, { read: 0, unread: 2 })).live([unread]);
  tab.model.setAttention(true);
  tab.room.markRead();
  tab.model.openRoom(null);
  await tab.reconnect([unread]);
  assertEquals(tab.model.unread.value, 0);
  assertEquals(tab.connection.sentOf("read").map(({ seq }) => seq), [2]);
});

Deno.test("a pointer that the server refused for now is sent again", async () => {
  const tab = await new Tab(openData(1, 2, { read: 0, unread: 2 })).live([
    room({ head: 2, read: 0, unread: 2 }),
  ]);
  tab.model.setAttention(true);
  tab.room.markRead();
  await microtasks();
  await tab.say({
    type: "error",
    code: "rate_limited",
    message: "x",
    room: "r",
    retryAfterMs: 700,
  });
  await tab.clock.advance(699);
  assertEquals(tab.connection.sentOf("read").length, 1);
  await tab.clock.advance(1);
  assertEquals(tab.connection.sentOf("read").length, 2);
});

Deno.test("markRead() does nothing while the end of the log is not shown", async () => {
  const summary = room({ head: 90, read: 0, unread: 90 });
  const data = chatData({ rooms: [summary], open: { room: summary, page: page(11, 20, 90) } });
  const tab = await new Tab(data).live([summary]);
  tab.model.setAttention(true);
  tab.room.markRead();
  await microtasks();
  assertEquals(tab.connection.sentOf("read"), []);
});

Deno.test("the divider stays where the pointer was when the room was opened", async () => {
  const unread = room({ head: 5, read: 3, unread: 2 });
  const tab = await new Tab(openData(1, 5, { read: 3, unread: 2 })).live([unread]);
  assertEquals(tab.room.dividerAfter.value, 3);
  tab.model.setAttention(true);
  tab.room.markRead();
  assertEquals(tab.room.dividerAfter.value, 3);
  tab.model.openRoom(null);
  tab.model.openRoom("r");
  assertEquals(tab.room.dividerAfter.value, null);
});

Deno.test("a room's summary follows its newest message", async () => {
  const tab = await new Tab(chatData({ rooms: [room({ head: 1 })] })).live([room({ head: 1 })]);
  const [ann] = tab.model.rooms.value;
  await tab.say({ type: "events", room: "r", events: [event(2, { text: "**new**\nline" })] });
  assertEquals(ann.summary.value.last, { seq: 2, at: 1_002, by: "ann", text: "new line" });
  assertEquals(ann.summary.value.head, 2);
});

Deno.test("a room's summary does not go back to an older message that is loaded", async () => {
  const tab = await new Tab(openData(11, 20)).live([room({ head: 20 })]);
  void tab.room.loadOlder();
  await microtasks();
  await tab.answerHistory(1, 10, 20);
  assertEquals(tab.room.summary.value.last?.seq, 20);
});

function mine(id: string, text: string) {
  return { by: "me", id, text };
}
