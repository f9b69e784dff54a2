import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { RoomEvent } from "../../../lib/chat/events.ts";
import { MentionCount } from "../../../lib/client/mention_count.ts";
import { microtasks } from "../../helpers/virtual_clock.ts";
import { event, openData, room, Tab } from "../../helpers/chat_harness.ts";

const mention = (seq: number, parts = {}) => event(seq, { mentions: ["me"], ...parts });
const edited = (seq: number, message: number, parts = {}): RoomEvent => ({
  type: "edited",
  seq,
  at: 2_000 + seq,
  by: "ann",
  id: `e${seq}`,
  posts: 0,
  message,
  text: "other",
  ...parts,
});
const deleted = (seq: number, message: number): RoomEvent => ({
  type: "deleted",
  seq,
  at: 2_000 + seq,
  by: "ann",
  id: `e${seq}`,
  posts: 0,
  message,
});

Deno.test("MentionCount counts what a summary lists and what comes after its head, once", () => {
  const count = new MentionCount("me", { read: 3, head: 6, mentions: [4, 6] });
  for (const seq of [4, 6, 7, 7, 8]) count.see(seq === 8 ? event(seq) : mention(seq));
  count.see(mention(9, { by: "me" }));
  count.see(event(10, { all: true }));
  assertEquals(count.value, [4, 6, 7, 10]);
  count.readTo(6);
  assertEquals(count.value, [7, 10]);
});

Deno.test("of more mentions than a summary lists some stay unread until the last of them is read", () => {
  const newest = Array.from({ length: 100 }, (_, n) => 51 + n); // 50 older ones are not told
  const count = new MentionCount("me", { read: 0, head: 150, mentions: newest });
  assertEquals(count.value.length, 100);
  count.readTo(30);
  assertEquals(count.value.length, 100);
  count.readTo(149);
  assertEquals(count.value, [150]);
  count.readTo(150);
  assertEquals(count.value, []);
});

Deno.test("MentionCount follows edits and deletions, also of what the summary lists", () => {
  const count = new MentionCount("me", { read: 0, head: 5, mentions: [2, 4] });
  count.see(edited(6, 2));
  count.see(edited(7, 3, { mentions: ["me"] }));
  count.see(deleted(8, 4));
  assertEquals(count.value, [3]);
  count.see(mention(4)); // read from the log, as it was
  count.see(edited(6, 3)); // heard again
  assertEquals(count.value, [3]);
});

Deno.test("MentionCount keeps what is newer than a summary that comes late", () => {
  const count = new MentionCount("me", { read: 0, head: 2, mentions: [1] });
  count.see(deleted(5, 1));
  count.see(mention(6));
  count.reset({ read: 0, head: 4, mentions: [1, 3] });
  assertEquals(count.value, [3, 6]);
  count.reset({ read: 0, head: 3, mentions: [1] }); // read before the one above
  assertEquals(count.value, [3, 6]);
  count.reset({ read: 5, head: 6, mentions: [6] });
  assertEquals(count.value, [6]);
});

type Step = { what: "post" | "edit" | "delete" | "read" | "summary"; n: number; yes: boolean };
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom("post", "post", "edit", "delete", "read", "summary"),
  n: fc.nat(20),
  yes: fc.boolean(),
});

Deno.test("MentionCount equals a naive count, with summaries between and events out of order", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), fc.nat(4), (steps, late) => {
      const naive = new Map<number, boolean>();
      const count = new MentionCount("me", { read: 0, head: 0 });
      const waiting: RoomEvent[] = [];
      let [head, read] = [0, 0];
      const listed = () =>
        [...naive].flatMap(([seq, yes]) => yes && seq > read ? [seq] : []).sort((a, b) => a - b);
      const happen = (event: RoomEvent) => {
        waiting.push(event);
        if (waiting.length > late) count.see(waiting.shift()!);
      };
      for (const { what, n, yes } of steps) {
        const target = [...naive.keys()][n];
        const parts = yes ? { mentions: ["me"] } : {};
        if (what === "post") {
          naive.set(++head, yes);
          happen(event(head, parts));
        } else if (what === "read") {
          read = Math.max(read, Math.min(n, head));
          count.readTo(read);
        } else if (what === "summary") count.reset({ read, head, mentions: listed() });
        else if (target !== undefined && what === "edit") {
          naive.set(target, yes);
          happen(edited(++head, target, parts));
        } else if (target !== undefined) {
          naive.delete(target);
          happen(deleted(++head, target));
        }
      }
      for (const event of waiting) count.see(event);
      assertEquals(count.value, listed());
    }),
  );
});

Deno.test("a room counts its mentions live, and reading on takes them away", async () => {
  const tab = await new Tab(openData(1, 3)).live([room({ head: 3 })]);
  const counted = () => tab.room.mentions.value;
  await tab.say({ type: "events", room: "r", events: [mention(4), event(5)] });
  assertEquals(counted(), 1);
  await tab.say({ type: "read", room: "r", seq: 5, unread: 0, head: 5 });
  assertEquals(counted(), 0);
  await tab.say({ type: "events", room: "r", events: [mention(6)] });
  tab.model.setAttention(true);
  tab.room.markRead();
  assertEquals([counted(), tab.room.summary.value.mentions], [0, undefined]);
});

Deno.test("a pin is a line of the room and a mark of its message, which is taken down without a line", async () => {
  const tab = await new Tab(openData(1, 3)).live([room({ head: 3 })]);
  const pin = (seq: number, on: boolean): RoomEvent => ({
    type: "pinned",
    seq,
    at: 2_000,
    by: "ann",
    id: `e${seq}`,
    posts: 3,
    message: 2,
    on,
  });
  await tab.say({ type: "events", room: "r", events: [pin(4, true)] });
  const marks = () => tab.room.entries.value.map(({ pinned }) => pinned ?? false);
  assertEquals([marks(), tab.room.summary.value.pins], [[false, true, false], 1]);
  await tab.say({ type: "events", room: "r", events: [pin(5, false)] });
  assertEquals(marks(), [false, false, false]);
  assertEquals(tab.room.lines.value.map(({ seq }) => seq), [4]);
});

Deno.test("what is saved is asked for once, kept current, and asked for anew after a reconnect", async () => {
  const tab = await new Tab(openData(1, 3)).live([room({ head: 3 })]);
  const { saves } = tab.room;
  saves.need();
  saves.need();
  await microtasks();
  const [{ ref }, ...more] = tab.connection.sentOf("saves");
  assertEquals(more, []);
  await tab.say({ type: "saved", room: "r", message: 3, on: true });
  await tab.say({ type: "saves", ref, room: "r", messages: [1, 2] });
  assertEquals([...saves.messages.value!], [1, 2, 3]);
  const done = saves.set(2, false);
  await microtasks();
  const [asked] = tab.connection.sentOf("save");
  await tab.say({ ...asked, type: "saved" });
  assertEquals([await done, [...saves.messages.value!]], [true, [1, 3]]);
  await tab.reconnect([room({ head: 3 })]);
  assertEquals(saves.messages.value, null);
  saves.need();
  await microtasks();
  assertEquals(tab.connection.sentOf("saves").length, 1);
});

Deno.test("a forward goes again on the next connection, under its id, until it is stored", async () => {
  const tab = await new Tab(openData(1, 3)).live([room({ head: 3 }), room({ id: "other" })]);
  assertEquals(tab.room.actions.targets().map(({ id }) => id), ["other"]);
  const done = tab.room.actions.forward(2, "other");
  await microtasks();
  const [first] = tab.connection.sentOf("forward");
  assertEquals([first.room, first.from], ["other", { room: "r", message: 2 }]);
  await tab.reconnect([room({ head: 3 }), room({ id: "other" })]);
  assertEquals(tab.connection.sentOf("forward"), [first]);
  await tab.say({ type: "ack", room: "other", id: first.id, seq: 1, at: 5_000 });
  assertEquals(await done, true);
});
