import { assertEquals } from "@std/assert";
import {
  canAppoint,
  canManage,
  canPost,
  canRead,
  canRemove,
  roleIn,
  visibleFrom,
} from "../../lib/chat/permissions.ts";

const room = { members: ["ada", "ben"] };
const strangers = ["eve", "", "ad", "ada ", "Ada", "ada,ben", "length", "0", "__proto__"];
const group = {
  members: ["ada", "ben", "cat", "dan"],
  owner: "ada",
  admins: ["ben", "dan"],
  since: { cat: 40 },
};

Deno.test("members may read and post", () => {
  for (const id of room.members) assertEquals([canRead(room, id), canPost(room, id)], [true, true]);
});

Deno.test("nobody else may read or post", () => {
  for (const id of strangers) {
    assertEquals([canRead(room, id), canPost(room, id)], [false, false], id);
  }
  assertEquals(canRead({ members: [] }, "ada"), false);
});

Deno.test("a member sees the log from where they joined, and nobody else any of it", () => {
  assertEquals(["ada", "cat"].map((id) => visibleFrom(group, id)), [1, 40]);
  assertEquals(visibleFrom(room, "ben"), 1);
  for (const id of [...strangers, "toString"]) assertEquals(visibleFrom(group, id), Infinity, id);
  assertEquals(visibleFrom({ ...group, since: { eve: 3 } }, "eve"), Infinity);
});

Deno.test("only owner and admins manage a group, and only the owner gives roles", () => {
  assertEquals(group.members.map((id) => canManage(group, id)), [true, true, false, true]);
  assertEquals(group.members.map((id) => canAppoint(group, id)), [true, false, false, false]);
  for (const id of strangers) {
    assertEquals([canManage(group, id), canAppoint(group, id)], [false, false]);
  }
});

Deno.test("a direct room has no roles, and nobody manages it", () => {
  for (const id of [...room.members, ...strangers]) {
    assertEquals([roleIn(room, id), canManage(room, id)], [null, false]);
    assertEquals(canRemove(room, { by: id, person: "ben" }), false);
  }
});

Deno.test("who is no member any more has no role, whatever the lists say", () => {
  const left = { ...group, members: ["cat"] };
  for (const id of ["ada", "ben", "dan"]) {
    assertEquals([roleIn(left, id), canManage(left, id), canAppoint(left, id)], [
      null,
      false,
      false,
    ]);
  }
});

Deno.test("the owner removes anybody else, an admin those without a role, a member nobody", () => {
  const removes = (by: string) =>
    group.members.filter((person) => canRemove(group, { by, person }));
  assertEquals(removes("ada"), ["ben", "cat", "dan"]);
  assertEquals(removes("ben"), ["cat"]);
  assertEquals(removes("cat"), []);
  assertEquals(removes("eve"), []);
});
