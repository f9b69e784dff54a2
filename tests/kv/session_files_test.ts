/** Files in the commands and facts of a socket. */

import { assert, assertEquals } from "@std/assert";
import { facts } from "../../lib/chat/facts.ts";
import { setUp } from "../helpers/conversation.ts";
import { filesIn, pngOf, upload } from "../helpers/files.ts";
import { TestInstance } from "../helpers/instance.ts";

const post = (room: string, id: string, rest: object) => ({ type: "post", room, id, ...rest });

Deno.test("a message with files is heard on every instance, in the shape of the protocol", async () => {
  await using t = await setUp();
  await using elsewhere = await TestInstance.start(t.kv);
  const ada = await t.instance.connect(t.ada);
  const ben = await elsewhere.connect(t.ben);
  const file = await upload(filesIn(t.kv), t.ada.id, pngOf(500), { width: 4, height: 3 });
  ada.say([
    post(t.room.id, "p1", { text: "", files: [file] }),
    post(t.room.id, "p2", { text: "x" }),
  ]);
  assertEquals((await ada.take("ack", ({ id }) => id === "p1")).seq, 1);
  assertEquals((await ada.take("ack", ({ id }) => id === "p2")).seq, 2);
  const heard = await ben.take("events", ({ events }) => events.some(({ id }) => id === "p1"));
  const event = facts.events.parse(heard).events[0];
  assert(event.type === "posted");
  assertEquals(event.files, [
    { id: file, name: "a.png", type: "image/png", size: 500, width: 4, height: 3 },
  ]);
});

Deno.test("a post says which of its files is wrong, and what is refused stores nothing", async () => {
  await using t = await setUp();
  const [ada, ben] = [await t.instance.connect(t.ada), await t.instance.connect(t.ben)];
  const file = await upload(filesIn(t.kv), t.ada.id, pngOf(500));
  const ids = Array.from({ length: 11 }, (_, n) => `f${n}`);
  ben.say([
    post(t.room.id, "foreign", { text: "mine now", files: [file] }),
    post(t.room.id, "absent", { text: "", files: ["nothing"] }),
    post(t.room.id, "empty", { text: " ", files: [] }),
    post(t.room.id, "many", { text: "", files: ids }),
    post(t.room.id, "twice", { text: "", files: ["a", "a"] }),
    post(t.room.id, "odd", { text: "", files: ["../x"] }),
    post(t.room.id, "fine", { text: "x" }),
  ]);
  assertEquals((await ben.take("ack")).id, "fine");
  assertEquals(ben.all("error").map(({ id, code }) => [id, code]).sort(), [
    ["absent", "not_found"],
    ["empty", "invalid"],
    ["foreign", "not_found"],
    ["many", "invalid"],
    ["odd", "malformed"],
    ["twice", "invalid"],
  ]);
  ada.say([post(t.room.id, "own", { text: "", files: [file] })]);
  assertEquals((await ada.take("ack", ({ id }) => id === "own")).seq, 2);
});
