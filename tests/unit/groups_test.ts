import { assertEquals, assertStrictEquals } from "@std/assert";
import { groupAfter, newestAt } from "../../lib/chat/groups.ts";
import { asSeenFrom } from "../../lib/chat/messages.ts";
import type { GroupEvent, RoomEvent } from "../../lib/chat/events.ts";
import type { GroupInfo } from "../../lib/chat/rooms.ts";

const base = { at: 0, by: "ada", id: "e", posts: 0 };
const group: GroupInfo = {
  name: "Garden",
  picture: "🌱",
  memberCount: 3,
  role: "member",
  public: false,
  history: "all",
  from: 1,
  joinedAt: 0,
  changed: 4,
};

function after(...events: GroupEvent[]): GroupInfo {
  return events.reduce((group, event) => groupAfter(group, event, "me"), group);
}

Deno.test("members are counted in and out, each event once", () => {
  const added: GroupEvent = { ...base, type: "members", seq: 5, what: "added", people: ["a", "b"] };
  const left: GroupEvent = { ...base, type: "members", seq: 6, what: "left", people: ["a"] };
  assertEquals(after(added, left, added, left).memberCount, 4);
  assertStrictEquals(after({ ...added, seq: 4 }), group);
});

Deno.test("a role changes for the viewer alone", () => {
  const role: GroupEvent = { ...base, type: "role", seq: 5, person: "me", role: "admin" };
  assertEquals(after(role).role, "admin");
  assertEquals(after({ ...role, person: "ben" }).role, "member");
});

Deno.test("only what is named is configured, and a picture can be taken away", () => {
  const named: GroupEvent = { ...base, type: "configured", seq: 5, name: "Shed", public: true };
  assertEquals(after(named), { ...group, name: "Shed", public: true, changed: 5 });
  const bare = after({ ...base, type: "configured", seq: 5, picture: null });
  assertEquals([bare.picture, "picture" in bare], [undefined, false]);
});

Deno.test("an emoji and an image take each other's place, and what names neither leaves both", () => {
  const image: GroupEvent = { ...base, type: "configured", seq: 5, image: "a.jpg" };
  const drawn = after(image);
  assertEquals([drawn.image, "picture" in drawn], ["a.jpg", false]);
  const renamed = after(image, { ...base, type: "configured", seq: 6, name: "Shed" });
  assertEquals(renamed.image, "a.jpg");
  const emoji = after(image, { ...base, type: "configured", seq: 6, picture: "⚓" });
  assertEquals([emoji.picture, "image" in emoji], ["⚓", false]);
  const bare = after(image, { ...base, type: "configured", seq: 6, picture: null });
  assertEquals(["picture" in bare, "image" in bare], [false, false]);
});

Deno.test("messages change nothing of a group", () => {
  const posted: RoomEvent = { ...base, type: "posted", seq: 9, text: "hi" };
  assertStrictEquals(groupAfter(group, posted, "me"), group);
});

Deno.test("a group is as new as its last message or as one's joining", () => {
  const last = { seq: 1, at: 50, by: "ada", text: "" };
  assertEquals(newestAt({ last, group: { ...group, joinedAt: 40 } }), 50);
  assertEquals(newestAt({ last: null, group: { ...group, joinedAt: 40 } }), 40);
  assertEquals(newestAt({ last: null }), 0);
});

Deno.test("an edit of what a reader may not see tells no text", () => {
  const edited: RoomEvent = { ...base, type: "edited", seq: 20, message: 5, text: "secret" };
  assertEquals(asSeenFrom(edited, 6), { ...edited, text: "" });
  assertStrictEquals(asSeenFrom(edited, 5), edited);
});
