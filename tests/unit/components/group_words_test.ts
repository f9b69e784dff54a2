import { assertEquals } from "@std/assert";
import { type Happening, wordsOf } from "../../../components/group_words.ts";
import { listNames, memberCount, typingWords } from "../../../components/names.ts";

const NAMES = new Map([["ada", "Ada"], ["bob", "Bob"], ["cy", "Cy"], ["ליה", "ליה"]]);
const BASE = { seq: 1, at: 0, id: "e", posts: 0, by: "ada" };

/** The words without the marks that isolate names. */
function say(event: Happening): string {
  return wordsOf(event, { me: "me", names: NAMES }).replaceAll(/[\u2068\u2069]/g, "");
}

function members(what: "created" | "added" | "joined" | "left" | "removed", people: string[]) {
  return { type: "members" as const, ...BASE, what, people };
}

Deno.test("wordsOf() says who came, who went and by whom", () => {
  assertEquals(say(members("created", ["ada"])), "Ada created the group");
  assertEquals(say(members("created", ["ada", "bob"])), "Ada created the group with Bob");
  assertEquals(say(members("added", ["bob", "cy"])), "Ada added Bob and Cy");
  assertEquals(say(members("joined", ["ada"])), "Ada joined");
  assertEquals(say(members("left", ["ada"])), "Ada left");
  assertEquals(say(members("removed", ["bob"])), "Ada removed Bob");
});

Deno.test("wordsOf() says who pinned, and how many", () => {
  const pin = { type: "pinned" as const, ...BASE, message: 1, on: true };
  assertEquals(say(pin), "Ada pinned a message");
  assertEquals(say({ ...pin, by: "me", count: 3 }), "You pinned 3 messages");
});

Deno.test("wordsOf() counts people beyond two, and calls the unknown someone", () => {
  const many = ["bob", "cy", "x", "y", "z"];
  assertEquals(say(members("added", many)), "Ada added Bob, Cy and 3 others");
  assertEquals(say(members("removed", ["x"])), "Ada removed Someone");
});

Deno.test("wordsOf() asks for the names that it says, not for a thousand", () => {
  const asked: string[] = [];
  const names = { get: (id: string) => (asked.push(id), id.toUpperCase()) };
  const people = Array.from({ length: 1_000 }, (_, n) => `p${n}`);
  const words = wordsOf(members("added", [...people, "me"]), { me: "me", names });
  assertEquals(words.replaceAll(/[\u2068\u2069]/g, ""), "ADA added you, P0 and 999 others");
  assertEquals(asked.filter((id) => id.startsWith("p")).length, 2);
});

Deno.test("wordsOf() speaks to the viewer", () => {
  assertEquals(say({ ...members("added", ["bob"]), by: "me" }), "You added Bob");
  assertEquals(say(members("added", ["me", "bob"])), "Ada added you and Bob");
  assertEquals(say({ ...members("joined", ["me"]), by: "me" }), "You joined");
});

Deno.test("wordsOf() says who got which role", () => {
  const role = { type: "role" as const, ...BASE, person: "bob" };
  assertEquals(say({ ...role, role: "admin" }), "Ada made Bob an admin");
  assertEquals(say({ ...role, role: "owner" }), "Ada made Bob the owner");
  assertEquals(say({ ...role, role: "member" }), "Ada made Bob a member without a role");
  assertEquals(say({ ...role, by: "bob", role: "owner" }), "Bob is the owner now");
  assertEquals(say({ ...role, by: "me", person: "me", role: "owner" }), "You are the owner now");
});

Deno.test("wordsOf() says what of a group was changed, all in one sentence", () => {
  const configured = { type: "configured" as const, ...BASE };
  assertEquals(say({ ...configured, name: "Port" }), "Ada renamed the group to “Port”");
  assertEquals(
    say({ ...configured, name: "Port", picture: "⚓", public: true }),
    "Ada renamed the group to “Port”, made ⚓ the picture and opened the group to everybody",
  );
  assertEquals(say({ ...configured, picture: null }), "Ada took the picture away");
  assertEquals(say({ ...configured, image: "a.jpg" }), "Ada changed the picture");
});

Deno.test("wordsOf() isolates names, so that a right-to-left one turns nothing around it", () => {
  const words = wordsOf(members("added", ["ליה"]), { me: "me", names: NAMES });
  assertEquals(words, "\u2068Ada\u2069 added \u2068ליה\u2069");
});

Deno.test("typingWords() names who types in a group", () => {
  assertEquals(typingWords(["ada"], null), "typing…");
  assertEquals(typingWords(["ada"], NAMES), "Ada is typing…");
  assertEquals(typingWords(["ada", "bob"], NAMES), "Ada and Bob are typing…");
  assertEquals(typingWords(["ada", "bob", "cy"], NAMES), "Ada, Bob and Cy are typing…");
  assertEquals(typingWords(["ada", "bob", "cy", "x"], NAMES), "Ada, Bob and 2 others are typing…");
});

Deno.test("listNames() and memberCount() know one from many", () => {
  assertEquals(listNames([]), "");
  assertEquals(listNames(["a", "b", "c"], 3), "a, b and c");
  assertEquals(memberCount(1), "1 member");
  assertEquals(memberCount(1_000), "1,000 members");
});
