import { assert, assertEquals, assertFalse } from "@std/assert";
import type { ChangeEvent } from "../../../lib/chat/events.ts";
import { CHANGE_MS } from "../../../lib/client/changes.ts";
import { chatData, event, openData, page, room, Tab } from "../../helpers/chat_harness.ts";
import { microtasks } from "../../helpers/virtual_clock.ts";

const base = { at: 5_000, by: "ann", posts: 3 };

function edited(seq: number, message: number, text: string): ChangeEvent {
  return { ...base, type: "edited", seq, id: `c${seq}`, message, text };
}

function deleted(seq: number, message: number): ChangeEvent {
  return { ...base, type: "deleted", seq, id: `c${seq}`, message };
}

function reacted(seq: number, message: number, on = true): ChangeEvent {
  return { ...base, type: "reacted", seq, id: `c${seq}`, message, emoji: "👍", on };
}

const live = () => new Tab(openData(1, 3)).live([room({ head: 3 })]);

Deno.test("a room shows its messages as events change them, each event once", async () => {
  const tab = await live();
  await tab.say({ type: "events", room: "r", events: [edited(4, 2, "other"), reacted(5, 2)] });
  await tab.say({ type: "events", room: "r", events: [edited(4, 2, "other"), reacted(5, 2)] });
  const [, { text, editedAt, reactions }] = tab.room.entries.value;
  assertEquals([text, editedAt, reactions], ["other", 5_000, [{ emoji: "👍", by: ["ann"] }]]);
  await tab.say({ type: "events", room: "r", events: [reacted(6, 2, false), deleted(7, 3)] });
  const entries = tab.room.entries.value;
  assertEquals(entries.map(({ seq }) => seq), [1, 2, 3]);
  assertEquals([entries[1].reactions, entries[2].deleted, entries[2].text], [undefined, true, ""]);
  assertEquals(tab.room.summary.value.last?.deleted, true);
});

Deno.test("an entry that nothing changed stays the same object", async () => {
  const tab = await live();
  const before = tab.room.entries.value;
  await tab.say({ type: "events", room: "r", events: [edited(4, 2, "other")] });
  const after = tab.room.entries.value;
  assertEquals(after.map((entry, i) => entry === before[i]), [true, false, true]);
});

Deno.test("a deleted message is not unread any more, however it was counted", async () => {
  const tab = await new Tab(chatData({ rooms: [room({ head: 3, read: 1, unread: 2 })] }))
    .live([room({ head: 3, read: 1, unread: 2 })]);
  await tab.say({ type: "events", room: "r", events: [event(4), deleted(5, 2), deleted(5, 2)] });
  assertEquals(tab.model.unread.value, 2);
  await tab.say({ type: "events", room: "r", events: [deleted(6, 4), deleted(7, 1)] });
  assertEquals(tab.model.unread.value, 1);
  await tab.say({ type: "read", room: "r", seq: 2, unread: 2, head: 4 });
  assertEquals(tab.model.unread.value, 1, "a count from before the deletion of 4");
});

Deno.test("a change that overtakes the page of its message is in it all the same", async () => {
  const summary = room({ head: 20 });
  const data = chatData({ rooms: [summary], open: { room: summary, page: page(11, 20) } });
  const tab = await new Tab(data).live([summary]);
  void tab.room.loadOlder();
  await microtasks();
  await tab.say({ type: "events", room: "r", events: [edited(21, 5, "other")] });
  await tab.answerHistory(1, 10, 20);
  assertEquals(tab.room.entries.value[4].text, "other");
});

Deno.test("a part of the log away from its end is read again after each welcome", async () => {
  const summary = room({ head: 90 });
  const data = chatData({ rooms: [summary], open: { room: summary, page: page(11, 20, 90) } });
  const tab = await new Tab(data).live([summary]);
  await tab.answerHistory(11, 90);
  await tab.reconnect([room({ head: 91 })]);
  const { ref, after } = tab.connection.sentOf("history").at(-1)!;
  assertEquals(after, 10);
  const now = page(11, 90, 91);
  now.events[2] = { ...event(13), text: "edited meanwhile", changed: 91 };
  await tab.say({ type: "page", ref, ...now });
  assertEquals(tab.seqs.length, 10);
  assertEquals(tab.room.entries.value[2].text, "edited meanwhile");
});

Deno.test("a change is sent under an id of its own until its ack, on the next connection too", async () => {
  const tab = await live();
  const done = tab.room.actions.edit(2, " other \n");
  await microtasks();
  const [first] = tab.connection.sentOf("edit");
  assertEquals([first.message, first.text], [2, " other"]);
  await tab.reconnect([room({ head: 3 })]);
  assertEquals(tab.connection.sentOf("edit"), [first]);
  await tab.say({ type: "ack", room: "r", id: first.id, seq: 4, at: 9 });
  assert(await done);
  assertEquals(tab.model.notice.value, null);
});

Deno.test("a change that is refused says why; one that is refused for now goes again", async () => {
  const tab = await live();
  const done = tab.room.actions.react(2, { emoji: "👍", on: true });
  await microtasks();
  const [{ id }] = tab.connection.sentOf("react");
  const error = { type: "error", room: "r", id } as const;
  await tab.say({ ...error, code: "rate_limited", message: "Wait.", retryAfterMs: 300 });
  await tab.clock.advance(300);
  assertEquals(tab.connection.sentOf("react").map((frame) => frame.id), [id, id]);
  await tab.say({ ...error, code: "invalid", message: "This message was deleted." });
  assertFalse(await done);
  assertEquals(tab.model.notice.value, "This message was deleted.");
});

Deno.test("a change without an answer is given up", async () => {
  const tab = new Tab(openData(1, 3));
  tab.model.start();
  const done = tab.room.actions.delete(3);
  await tab.clock.advance(CHANGE_MS);
  assertFalse(await done);
});

Deno.test("the texts of a message are asked for when somebody wants them", async () => {
  const tab = await live();
  const asked = tab.room.actions.versions(2);
  await microtasks();
  const { ref } = tab.connection.sentOf("versions")[0];
  const versions = [{ at: 1, text: "one" }, { at: 2, text: "two" }];
  await tab.say({ type: "versions", ref, room: "r", message: 2, versions });
  assertEquals(await asked, versions);
});
