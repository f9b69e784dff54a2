import { assertEquals } from "@std/assert";
import { TYPING_EVERY_MS, TYPING_MS } from "../../../lib/chat/limits.ts";
import { event, openData, room, Tab } from "../../helpers/chat_harness.ts";
import { microtasks } from "../../helpers/virtual_clock.ts";

const live = () => new Tab(openData(1, 3)).live([room({ head: 3 })]);

Deno.test("typing is told at most every three seconds, and at once after a message", async () => {
  const tab = await live();
  const sent = () => tab.connection.sentOf("typing").length;
  for (let n = 0; n < 20; n++) tab.room.typing.typed();
  await microtasks();
  assertEquals(sent(), 1);
  await tab.clock.advance(TYPING_EVERY_MS - 1);
  tab.room.typing.typed();
  await microtasks();
  assertEquals(sent(), 1);
  await tab.clock.advance(1);
  tab.room.typing.typed();
  await microtasks();
  assertEquals(sent(), 2);
  tab.room.post("hi");
  tab.room.typing.typed();
  await microtasks();
  assertEquals(sent(), 3);
});

Deno.test("somebody types until nothing is heard for five seconds, or their message comes", async () => {
  const tab = await live();
  const people = () => tab.room.typing.people.value;
  await tab.say({ type: "typing", room: "r", by: "ann" });
  await tab.clock.advance(TYPING_MS - 1);
  await tab.say({ type: "typing", room: "r", by: "ann" });
  await tab.clock.advance(TYPING_MS - 1);
  assertEquals(people(), ["ann"]);
  await tab.clock.advance(1);
  assertEquals(people(), []);
  await tab.say({ type: "typing", room: "r", by: "ann" });
  await tab.say({ type: "events", room: "r", events: [event(4)] });
  assertEquals(people(), []);
  await tab.say({ type: "typing", room: "r", by: "ann" });
  tab.model.close();
  assertEquals([people(), tab.clock.pending], [[], 0]);
});
