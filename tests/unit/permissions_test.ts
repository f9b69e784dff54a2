import { assertEquals } from "@std/assert";
import { canPost, canRead } from "../../lib/chat/permissions.ts";

const room = { members: ["ada", "ben"] };

Deno.test("members may read and post", () => {
  for (const id of room.members) assertEquals([canRead(room, id), canPost(room, id)], [true, true]);
});

Deno.test("nobody else may read or post", () => {
  for (const id of ["eve", "", "ad", "ada ", "Ada", "ada,ben", "length", "0"]) {
    assertEquals([canRead(room, id), canPost(room, id)], [false, false], id);
  }
  assertEquals(canRead({ members: [] }, "ada"), false);
});
