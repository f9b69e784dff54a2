import { assertEquals } from "@std/assert";
import type { FactOf } from "../../../lib/chat/facts.ts";
import { chatData, openData, room, Tab } from "../../helpers/chat_harness.ts";
import { microtasks } from "../../helpers/virtual_clock.ts";

type Flags = Partial<FactOf<"flags">>;

function flags(parts: Flags = {}): FactOf<"flags"> {
  return { type: "flags", room: "r", muted: false, marked: false, ...parts };
}

Deno.test("what is unread in a muted room counts in no total", async () => {
  const rooms = [room({ head: 3, read: 1, unread: 2 }), room({ id: "s", head: 1, unread: 1 })];
  const tab = await new Tab(chatData({ rooms })).live(rooms);
  assertEquals(tab.model.unread.value, 3);
  await tab.say(flags({ muted: true }));
  assertEquals(tab.model.unread.value, 1);
  assertEquals(tab.model.rooms.value.find(({ id }) => id === "r")!.unread.value, 2);
  await tab.say(flags());
  assertEquals(tab.model.unread.value, 3);
});

Deno.test("flags that were set elsewhere come with the welcome, and go with it", async () => {
  const tab = await new Tab(chatData({ rooms: [room({ muted: true })] }))
    .live([room({ marked: true })]);
  const { muted, marked } = tab.model.rooms.value[0].summary.value;
  assertEquals([muted, marked], [undefined, true]);
});

Deno.test("a flag is asked for, and shown when the server has it", async () => {
  const tab = await new Tab(openData(1, 1)).live([room({ head: 1 })]);
  const done = tab.room.actions.flag({ muted: true });
  await microtasks();
  const { ref, ...asked } = tab.connection.sentOf("flag")[0];
  assertEquals(asked, { type: "flag", room: "r", muted: true });
  assertEquals(tab.room.summary.value.muted, undefined);
  await tab.say(flags({ ref, muted: true }));
  assertEquals(await done, true);
  assertEquals(tab.room.summary.value.muted, true);
});

Deno.test("a flag that cannot be set says so", async () => {
  const tab = await new Tab(openData(1, 1)).live([room({ head: 1 })]);
  const done = tab.room.actions.flag({ muted: true });
  await microtasks();
  const { ref } = tab.connection.sentOf("flag")[0];
  await tab.say({ type: "error", code: "internal", message: "no", ref });
  assertEquals(await done, false);
  assertEquals(tab.model.notice.value, "The conversation could not be changed.");
});

Deno.test("opening a marked room takes the mark back, once", async () => {
  const tab = await new Tab(chatData()).live([room({ head: 1, marked: true })]);
  assertEquals(tab.connection.sentOf("flag"), []);
  tab.model.openRoom("r");
  await microtasks();
  const [{ ref, ...asked }, ...more] = tab.connection.sentOf("flag");
  assertEquals(asked, { type: "flag", room: "r", marked: false });
  assertEquals(more, []);
  await tab.say(flags({ ref }));
  assertEquals(tab.room.summary.value.marked, undefined);
  tab.model.openRoom(null);
  tab.model.openRoom("r");
  await microtasks();
  assertEquals(tab.connection.sentOf("flag").length, 1);
});

Deno.test("a page of a marked room takes the mark back once it is connected", async () => {
  const data = openData(1, 1, { marked: true });
  const tab = new Tab(data);
  assertEquals(tab.clock.pending, 0);
  await tab.live([room({ head: 1, marked: true })]);
  assertEquals(tab.connection.sentOf("flag").map(({ marked }) => marked), [false]);
});

Deno.test("a mark that is made while the room is open stays until it is opened again", async () => {
  const tab = await new Tab(openData(1, 1)).live([room({ head: 1 })]);
  await tab.say(flags({ marked: true }));
  tab.model.setAttention(true);
  tab.room.markRead();
  await microtasks();
  assertEquals(tab.room.summary.value.marked, true);
  assertEquals(tab.connection.sentOf("flag"), []);
});

Deno.test("reading on any device takes the mark away", async () => {
  const tab = await new Tab(chatData()).live([
    room({ head: 2, read: 1, unread: 1, marked: true, muted: true }),
  ]);
  await tab.say({ type: "read", room: "r", seq: 2, unread: 0, head: 2 });
  const { muted, marked } = tab.model.rooms.value[0].summary.value;
  assertEquals([muted, marked], [true, undefined]);
});
