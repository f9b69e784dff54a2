import { assertEquals } from "@std/assert";
import { HELLO, post, postAll, setUp } from "../helpers/conversation.ts";
import { TestInstance } from "../helpers/instance.ts";
import { textOf } from "../helpers/events.ts";

const change = (type: string, room: string, id: string, rest: object = {}) => ({
  type,
  room,
  id,
  message: 1,
  ...rest,
});

Deno.test("a change is acked to its author and heard by everybody, on other instances too", async () => {
  await using t = await setUp();
  await using elsewhere = await TestInstance.start(t.kv);
  const ada = await t.instance.connect(t.ada);
  const ben = await elsewhere.connect(t.ben);
  await postAll(ada, t.room.id, 1);
  ada.say([
    change("edit", t.room.id, "c1", { text: " other\r\n" }),
    change("react", t.room.id, "c2", { emoji: "❤️", on: true }),
    change("delete", t.room.id, "c3"),
  ]);
  for (const [id, seq] of [["c1", 2], ["c2", 3], ["c3", 4]] as const) {
    assertEquals((await ada.take("ack", (ack) => ack.id === id)).seq, seq);
  }
  await ben.take("events", ({ events }) => events.at(-1)?.seq === 4);
  const heard = ben.all("events").flatMap(({ events }) => events);
  assertEquals(heard.map(({ type, seq, by }) => [type, seq, by]), [
    ["posted", 1, t.ada.id],
    ["edited", 2, t.ada.id],
    ["reacted", 3, t.ada.id],
    ["deleted", 4, t.ada.id],
  ]);
});

Deno.test("a change that is not allowed is answered by an error with its id, and the rest goes on", async () => {
  await using t = await setUp();
  const [ada, ben] = [await t.instance.connect(t.ada), await t.instance.connect(t.ben)];
  await postAll(ada, t.room.id, 1);
  ben.say([
    change("edit", t.room.id, "c1", { text: "not mine" }),
    change("delete", t.room.id, "c2"),
    change("delete", t.room.id, "c3", { message: 9 }),
    change("react", t.room.id, "c4", { emoji: "no emoji", on: true }),
    change("react", t.room.id, "c5", { emoji: "👍👍", on: true }),
    change("edit", t.room.id, "c6", { text: " " }),
    change("react", t.room.id, "c7", { emoji: "👍", on: true }),
  ]);
  assertEquals((await ben.take("ack")).id, "c7");
  assertEquals(
    ben.all("error").map(({ id, code }) => [id, code]).sort(),
    [
      ["c1", "invalid"],
      ["c2", "invalid"],
      ["c3", "not_found"],
      ["c4", "invalid"],
      ["c5", "invalid"],
      ["c6", "invalid"],
    ],
  );
});

Deno.test("changes and versions in a room of others are answered as in none", async () => {
  await using t = await setUp();
  const ada = await t.instance.connect(t.ada);
  await postAll(ada, t.room.id, 1);
  ada.say({ type: "versions", ref: 1, room: t.room.id, message: 1 });
  assertEquals((await ada.take("versions")).versions.map(({ text }) => text), ["text 1"]);
  const commands = (room: string) => [
    change("edit", room, "c1", { text: "x" }),
    change("delete", room, "c2"),
    change("react", room, "c3", { emoji: "👍", on: true }),
    { type: "versions", ref: 1, room, message: 1 },
  ];
  const eve = await t.instance.connect(t.eve);
  for (const [n, foreign] of commands(t.room.id).entries()) {
    eve.say([foreign, commands("nothing")[n]]);
    const { room: _, ...first } = await eve.take("error");
    const { room: __, ...second } = await eve.take("error");
    assertEquals(first.code, "not_found");
    assertEquals(first, second);
  }
  ada.say(post(t.room.id, "next"));
  assertEquals((await ada.take("ack", ({ id }) => id === "next")).seq, 2);
});

Deno.test("changes are limited in rate like posts", async () => {
  await using t = await setUp({ postsPerSecond: 5 });
  const ada = await t.instance.connect(t.ada);
  ada.say(post(t.room.id, "m1"));
  const reactions = Array.from(
    { length: 60 },
    (_, n) => change("react", t.room.id, `c${n}`, { emoji: "👍", on: n % 2 === 0 }),
  );
  ada.say(reactions);
  const { code, id } = await ada.take("error");
  assertEquals([code, id], ["rate_limited", "c59"]);
});

Deno.test("a socket resumes over changes, and a deleted text comes to nobody who missed it", async () => {
  await using t = await setUp();
  const ada = await t.instance.connect(t.ada);
  await postAll(ada, t.room.id, 3);
  ada.say(change("edit", t.room.id, "c1", { text: "secret", message: 2 }));
  ada.say(change("delete", t.room.id, "c2", { message: 2 }));
  await ada.take("ack", ({ id }) => id === "c2");
  const ben = t.instance.open(t.ben);
  ben.say({ ...HELLO, cursors: { [t.room.id]: 1 } });
  const { events } = await ben.take("resumed");
  assertEquals(events.map((e) => [e.type, e.seq, textOf(e)]), [
    ["posted", 2, ""],
    ["posted", 3, "text 3"],
    ["edited", 4, ""],
    ["deleted", 5, undefined],
  ]);
});
