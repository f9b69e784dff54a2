import { assert, assertEquals } from "@std/assert";
import { post, setUp } from "../helpers/conversation.ts";
import { TestInstance } from "../helpers/instance.ts";
import { MAX_TYPING_TOLD } from "../../lib/chat/limits.ts";
import { makeGroup } from "../helpers/groups.ts";
import { changeGroup } from "../../lib/store/groups.ts";
import { tellTyping } from "../../lib/store/typing.ts";
import { createPerson } from "../helpers/people.ts";
import { keys } from "../../lib/store/keys.ts";

Deno.test("typing reaches the other's sockets on every instance, and not one's own", async () => {
  await using t = await setUp();
  await using elsewhere = await TestInstance.start(t.kv);
  const ada = await t.instance.connect(t.ada);
  const tab = await t.instance.connect(t.ada);
  const [ben, phone] = [await t.instance.connect(t.ben), await elsewhere.connect(t.ben)];
  ada.say({ type: "typing", room: t.room.id });
  for (const socket of [ben, phone]) {
    assertEquals(await socket.take("typing"), { type: "typing", room: t.room.id, by: t.ada.id });
  }
  ada.say(post(t.room.id, "m1"));
  await ada.take("ack");
  assertEquals([...ada.all("typing"), ...tab.all("typing")], []);
});

Deno.test("typing that comes too soon is dropped, and costs nothing for who is away", async () => {
  await using t = await setUp();
  const ada = await t.instance.connect(t.ada);
  const head = async () =>
    (await t.kv.get<{ seq: number }>(keys.head(["user", t.ben.id]))).value!.seq;
  const before = await head();
  ada.say([{ type: "typing", room: t.room.id }, { type: "ping" }]);
  await ada.take("pong");
  assertEquals(await head(), before, "nobody is there to see it");
  const other = await t.instance.connect(t.ada);
  const ben = await t.instance.connect(t.ben);
  other.say([...Array(5).fill({ type: "typing", room: t.room.id }), { type: "ping" }]);
  await other.take("pong");
  await ben.take("typing");
  assertEquals(await head(), before + 1);
});

Deno.test("in a group as many of those who are there hear of typing as the limit says", async () => {
  await using t = await setUp();
  const people = await Promise.all(
    Array.from({ length: MAX_TYPING_TOLD + 5 }, (_, n) => createPerson(t.kv, `p${n}`)),
  );
  const room = await makeGroup(t.kv, [t.ada, ...people]);
  const sockets = await Promise.all(people.map((person) => t.instance.connect(person)));
  const ada = await t.instance.connect(t.ada);
  ada.say([{ type: "typing", room: room.id }, { type: "ping" }]);
  await ada.take("pong");
  for (const socket of sockets.slice(0, MAX_TYPING_TOLD)) await socket.take("typing");
  assertEquals(sockets.filter((socket) => socket.all("typing").length > 0).length, MAX_TYPING_TOLD);
});

Deno.test("typing in a room of others is told to nobody, as in no room", async () => {
  await using t = await setUp();
  const [eve, ben] = [await t.instance.connect(t.eve), await t.instance.connect(t.ben)];
  for (const room of [t.room.id, "nothing"]) {
    eve.say({ type: "typing", room });
    const { room: _, ...error } = await eve.take("error");
    assertEquals(error, { type: "error", code: "not_found", message: "There is no such room." });
  }
  assertEquals(ben.all("typing"), []);
});

Deno.test("who left a group meanwhile does not hear who types in it", async () => {
  await using t = await setUp();
  const room = await makeGroup(t.kv, [t.ada, t.ben]);
  const ben = await t.instance.connect(t.ben);
  await changeGroup(t.kv, room.id, t.ben.id, { type: "leave" });
  await ben.take("left");
  await tellTyping(t.kv, t.ben.id, { room: room.id, by: t.ada.id });
  await tellTyping(t.kv, t.ben.id, { room: t.room.id, by: t.ada.id });
  await ben.take("typing", (fact) => fact.room === t.room.id);
  assertEquals(ben.all("typing").length, 1);
});

Deno.test("going from group to group in a hurry does not tell their members without end", async () => {
  await using t = await setUp({ postsPerSecond: 5 });
  const rooms = await Promise.all([1, 2].map(() => makeGroup(t.kv, [t.ada, t.ben])));
  const [ada] = [await t.instance.connect(t.ada), await t.instance.connect(t.ben)];
  const typing = Array.from({ length: 50 }, (_, n) => ({ type: "typing", room: rooms[n % 2].id }));
  ada.say([...typing, { type: "ping" }]);
  await ada.take("pong");
  const refused = ada.all("error").filter(({ code }) => code === "rate_limited").length;
  assert(refused > 0 && refused <= 20, `${refused} were refused`);
});
