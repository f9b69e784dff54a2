import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Receipt, RoomSummary } from "../../../lib/chat/rooms.ts";
import { ReceiptsModel } from "../../../lib/client/receipts_model.ts";
import { chatData, event, openData, room, Tab } from "../../helpers/chat_harness.ts";
import { microtasks } from "../../helpers/virtual_clock.ts";

function receipt(by: string, delivered: number, read = 0): Receipt {
  return { by, delivered, read };
}

function model(answer: Receipt[] = []): ReceiptsModel {
  const ask = () => Promise.resolve({ type: "receipts", ref: 1, room: "r", people: answer });
  return new ReceiptsModel("r", ask as never);
}

Deno.test("a message is delivered or read once it is so with everybody", () => {
  const receipts = model();
  assertEquals(receipts.reach(1), "sent");
  receipts.hold([receipt("ann", 5, 3), receipt("bob", 4, 0)]);
  assertEquals([receipts.reach(4), receipts.reach(5)], ["delivered", "sent"]);
  receipts.hear([receipt("bob", 4, 4)]);
  assertEquals([3, 4, 5].map((seq) => receipts.reach(seq)), ["read", "delivered", "sent"]);
});

Deno.test("who may not see a message does not keep it from being read", () => {
  const receipts = model();
  receipts.hold([receipt("ann", 5, 5), { by: "bob", delivered: 0, read: 0, from: 6 }]);
  assertEquals([receipts.reach(5), receipts.reach(6)], ["read", "sent"]);
});

Deno.test("an answer has everybody: who is not in it is not shown any more", async () => {
  const receipts = model([receipt("ann", 2)]);
  receipts.hold([receipt("ann", 9), receipt("bob", 9)]);
  await receipts.load();
  assertEquals(receipts.people.value, [receipt("ann", 9)]);
});

Deno.test("pointers go only forward, in whatever order they are told", () => {
  const pointers = fc.array(fc.record({
    by: fc.constantFrom("ann", "bob"),
    delivered: fc.nat(20),
    read: fc.nat(20),
  }));
  fc.assert(fc.property(pointers, (told) => {
    const receipts = model();
    for (const one of told) receipts.hear([one]);
    for (const { by, delivered, read } of receipts.people.value) {
      const own = told.filter((one) => one.by === by);
      assertEquals(delivered, Math.max(...own.map((one) => one.delivered)));
      assertEquals(read, Math.max(...own.map((one) => one.read)));
    }
  }));
});

Deno.test("receipts that somebody switched off are taken away", () => {
  const receipts = model();
  receipts.hold([receipt("ann", 5, 5), receipt("bob", 5, 0)]);
  receipts.hear([{ ...receipt("ann", 0), hidden: true }]);
  assertEquals(receipts.people.value, [receipt("bob", 5, 0)]);
});

Deno.test("a page brings receipts, and live ones move them", async () => {
  const data = openData(1, 2);
  data.open!.receipts = [receipt("ann", 1)];
  const tab = new Tab(data);
  assertEquals(tab.room.receipts.reach(1), "delivered");
  assertEquals(tab.clock.pending, 0);
  await tab.live([room({ head: 2 })]);
  await tab.say({ type: "receipts", room: "r", people: [receipt("ann", 2, 2)] });
  assertEquals(tab.room.receipts.reach(2), "read");
});

async function asked(tab: Tab): Promise<number> {
  await microtasks();
  return tab.connection.sentOf("receipts").length;
}

async function answer(tab: Tab): Promise<void> {
  const { ref } = tab.connection.sentOf("receipts").at(-1)!;
  await tab.say({ type: "receipts", ref, room: "r", people: [receipt("ann", 1, 1)] });
}

Deno.test("receipts are asked for when a room is opened and on each new connection", async () => {
  const tab = await new Tab(chatData()).live([room({ head: 1 })]);
  assertEquals(await asked(tab), 0);
  tab.model.openRoom("r");
  assertEquals(await asked(tab), 1);
  await answer(tab);
  assertEquals(tab.room.receipts.reach(1), "read");
  await tab.reconnect([room({ head: 1 })]);
  assertEquals(await asked(tab), 1);
  await answer(tab);
  tab.model.openRoom(null);
  await tab.reconnect([room({ head: 1 })]);
  assertEquals(await asked(tab), 0);
});

function group(memberCount: number): Partial<RoomSummary> {
  const rest = { role: "member" as const, public: false, history: "all" as const };
  return {
    kind: "group",
    group: { name: "G", memberCount, from: 1, joinedAt: 1, changed: 1, ...rest },
  };
}

Deno.test("receipts of a large room are not asked for until somebody wants them", async () => {
  const tab = await new Tab(chatData()).live([room({ head: 1, ...group(21) })]);
  tab.model.openRoom("r");
  assertEquals(await asked(tab), 0);
  void tab.room.receipts.load();
  assertEquals(await asked(tab), 1);
});

Deno.test("receipts are asked for again when members come or go", async () => {
  const tab = await new Tab(chatData()).live([room({ head: 1, ...group(3) })]);
  tab.model.openRoom("r");
  assertEquals(await asked(tab), 1);
  await answer(tab);
  const base = event(2);
  await tab.say({
    type: "events",
    room: "r",
    events: [{
      type: "members",
      seq: 2,
      at: base.at,
      by: "ann",
      id: base.id,
      posts: 1,
      what: "left",
      people: ["ann"],
    }],
  });
  assertEquals(await asked(tab), 2);
});

Deno.test("receipts that are switched off are gone, and come back when they are on", async () => {
  const data = openData(1, 2);
  data.open!.receipts = [receipt("ann", 2)];
  const tab = await new Tab(data).live([room({ head: 2 })]);
  const before = await asked(tab);
  await answer(tab);
  await tab.say({ type: "settings", receipts: false });
  assertEquals(tab.room.receipts.reach(1), "sent");
  await tab.say({ type: "settings", receipts: true });
  assertEquals(await asked(tab), before + 1);
});
