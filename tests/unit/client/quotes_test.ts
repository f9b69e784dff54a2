import { assertEquals } from "@std/assert";
import type { ChangeEvent } from "../../../lib/chat/events.ts";
import { chatData, event, openData, page, room, Tab } from "../../helpers/chat_harness.ts";
import { microtasks } from "../../helpers/virtual_clock.ts";

function edited(seq: number, message: number, text: string): ChangeEvent {
  return { type: "edited", seq, at: 9, by: "ann", id: `c${seq}`, posts: 90, message, text };
}

/** A room that holds the end of its log, whose last message answers the third. */
async function answered(): Promise<Tab> {
  const tab = await new Tab(openData(81, 90)).live([room({ head: 90 })]);
  await tab.say({ type: "events", room: "r", events: [event(91, { reply: 3 })] });
  return tab;
}

async function answer(tab: Tab, text: string, changed?: number): Promise<void> {
  const { ref, around, limit } = tab.connection.sentOf("history").at(-1)!;
  assertEquals([around, limit], [3, 1]);
  const events = [event(3, { text, ...changed !== undefined && { changed } })];
  await tab.say({ type: "page", ref, room: "r", events, head: 91, older: true, newer: true });
}

Deno.test("a quoted message that is not held is asked for once, and follows its changes", async () => {
  const tab = await answered();
  assertEquals(tab.room.entries.value.at(-1)?.reply, 3);
  assertEquals(tab.room.quoted(90)?.text, "message 90", "one that is held is at hand");
  tab.room.needQuoted(3);
  tab.room.needQuoted(3);
  await microtasks();
  assertEquals(tab.connection.sentOf("history").length, 1);
  await tab.say({ type: "events", room: "r", events: [edited(92, 3, "while it was on its way")] });
  await answer(tab, "as it was");
  assertEquals(tab.room.quoted(3)?.text, "while it was on its way");
  await tab.say({ type: "events", room: "r", events: [edited(93, 3, "later")] });
  assertEquals(tab.room.quoted(3)?.text, "later");
  assertEquals(tab.seqs.length, 11, "the window is as it was");
});

Deno.test("quoted messages are asked for again on a new connection", async () => {
  const tab = await answered();
  tab.room.needQuoted(3);
  await microtasks();
  await answer(tab, "as it was");
  await tab.reconnect([room({ head: 91 })]);
  await answer(tab, "changed meanwhile", 92);
  assertEquals(tab.room.quoted(3)?.text, "changed meanwhile");
});

Deno.test("a page brings what is quoted in it", () => {
  const summary = room({ head: 90 });
  const quoted = [event(3, { text: "far back", changed: 60 })];
  const data = chatData({
    rooms: [summary],
    open: { room: summary, page: { ...page(81, 90), quoted } },
  });
  const tab = new Tab(data);
  assertEquals(tab.room.quoted(3)?.text, "far back");
});

Deno.test("an answer keeps what it answers from the outbox to its place", async () => {
  const tab = await new Tab(openData(1, 3)).live([room({ head: 3 })]);
  tab.room.post("yes", 2);
  await microtasks();
  assertEquals(tab.connection.sentOf("post").map(({ reply }) => reply), [2]);
  assertEquals(tab.room.entries.value.at(-1)?.reply, 2);
  await tab.say({ type: "ack", room: "r", id: "m1", seq: 4, at: 9 });
  assertEquals(tab.room.entries.value.at(-1)?.reply, 2);
  tab.room.post("no answer");
  await microtasks();
  assertEquals("reply" in tab.connection.sentOf("post")[1], false);
});

Deno.test("a room shows the part of its log around a message, and comes back to the end", async () => {
  const tab = await new Tab(openData(81, 90)).live([room({ head: 90 })]);
  await tab.room.show(85);
  assertEquals(tab.connection.sentOf("history"), []);
  void tab.room.show(20);
  await microtasks();
  const { ref, around } = tab.connection.sentOf("history")[0];
  assertEquals(around, 20);
  await tab.say({ type: "page", ref, ...page(11, 30, 90) });
  assertEquals([tab.seqs[0], tab.seqs.at(-1), tab.room.newer.value], [11, 30, true]);
  void tab.room.jumpToNewest();
  await microtasks();
  await tab.answerHistory(41, 90);
  assertEquals(tab.seqs.at(-1), 90);
});
