import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { MAX_MENTIONS } from "../../lib/chat/limits.ts";
import { typedMention } from "../../lib/chat/mention_typed.ts";
import { mentionsOf, possibleNames, splitMentions } from "../../lib/chat/mentions.ts";
import { foldUsername } from "../../lib/chat/text.ts";

const PEOPLE = [
  "ada",
  "ben",
  "ada.l",
  "jo_",
  "søren",
  "田中",
  "지민",
  "สมชาย",
  "straße",
  "x-1",
  "ada-b",
];
const ids = new Map(PEOPLE.map((name) => [foldUsername(name), `id:${name}`]));
const idOf = (name: string) => ids.get(name);
const people = (text: string) => mentionsOf(text, idOf).people.map((id) => id.slice(3));

Deno.test("a mention is an @ and a username, in any case and form", async (t) => {
  const cases: [string, string[]][] = [
    ["@ada", ["ada"]],
    ["hi @Ada!", ["ada"]],
    ["@ADA and @ben, again @ada", ["ada", "ben"]],
    ["(@ada) [@ben] “@søren”", ["ada", "ben", "søren"]],
    ["@SØREN", ["søren"]],
    ["@STRASSE @straße", ["straße"]],
    ["@ａｄａ", ["ada"]],
    ["@ada's and @ben’s", ["ada", "ben"]],
    ["line\n@ada\n> @ben", ["ada", "ben"]],
    ["**@ada** _@ben_ ~~@søren~~", ["ada", "ben", "søren"]],
    ["@ada:@ben", ["ada", "ben"]],
    ["@ada/@ben", ["ada"]],
    ["fine,@ada", ["ada"]],
  ];
  for (const [text, expected] of cases) {
    await t.step(text, () => assertEquals(people(text), expected));
  }
});

Deno.test("of several possible names the longest that somebody has is meant", async (t) => {
  const cases: [string, string[]][] = [
    ["@ada.l", ["ada.l"]],
    ["@ada.l.", ["ada.l"]],
    ["@ada.", ["ada"]],
    ["@ada...", ["ada"]],
    ["@ada-b", ["ada-b"]],
    ["@jo_", ["jo_"]],
    ["@jo_.", ["jo_"]],
    ["@x-1-", ["x-1"]],
    ["@ada.x", []],
    ["@ada_", ["ada"]],
    ["@adab", []],
    ["@田中さん、見て", ["田中"]],
    ["请@ada看", ["ada"]],
    ["@ada님", ["ada"]],
    ["@지민아", ["지민"]],
    ["@สมชายครับ", ["สมชาย"]],
  ];
  for (const [text, expected] of cases) {
    await t.step(text, () => assertEquals(people(text), expected));
  }
});

Deno.test("addresses, paths, links and code mention nobody", async (t) => {
  const texts = [
    "mail ada@ben",
    "ada@ada.l",
    "x+@ada",
    "@ada@example.org",
    "@@ada",
    "@",
    "@ ada",
    "@_ada",
    "@.ada",
    "https://example.org/@ada",
    "example.org/@ada",
    "npm i @ada/core",
    "`@ada`",
    "```\n@ada\n```",
    "```\n@ada",
    "[@ada](https://example.org)",
    "[x](https://example.org/@ada)",
    "mailto:x@ada",
    "a.@ada",
    "#@ada",
    "@nobody @adaa",
  ];
  for (const text of texts) await t.step(text, () => assertEquals(people(text), []));
});

Deno.test("@all is told apart, and is no person unless the caller says so", () => {
  assertEquals(mentionsOf("@All, look", idOf), { people: [], all: true });
  assertEquals(mentionsOf("@ada @all", idOf), { people: ["id:ada"], all: true });
  assertEquals(mentionsOf("@allen `@all` x@all", idOf), { people: [], all: false });
  assertEquals(mentionsOf("@all", (name) => name === "all" ? "id" : undefined), {
    people: ["id"],
    all: false,
  });
});

Deno.test("a message mentions so many people and no more", () => {
  const text = Array.from({ length: 40 }, (_, n) => `@p${n}`).join(" ");
  const { people } = mentionsOf(text, (name) => name);
  assertEquals(people, Array.from({ length: MAX_MENTIONS }, (_, n) => `p${n}`));
});

Deno.test("a text is split into names and the rest, and the unknown stays text", () => {
  assertEquals(splitMentions("hi @Ada, @nobody and @ben.", idOf), [
    "hi ",
    { text: "@Ada", id: "id:ada" },
    ", @nobody and ",
    { text: "@ben", id: "id:ben" },
    ".",
  ]);
  assertEquals(splitMentions("", idOf), []);
});

const piece = fc.oneof(
  fc.constantFrom(
    ...PEOPLE.map((name) => `@${name}`),
    "@all",
    "@",
    "@@",
    "a@b",
    "`",
    "```\n",
    "\n",
  ),
  fc.constantFrom(
    " ",
    ".",
    "-",
    "_",
    "/",
    "(",
    "**",
    "さん",
    "https://x.y/",
    "[l](https://x.y/@ada)",
  ),
  fc.string({ unit: "grapheme", maxLength: 6 }),
);
const message = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(""));

Deno.test("nothing is lost by splitting, and only known names are marked", () => {
  fc.assert(fc.property(message, (text) => {
    const parts = splitMentions(text, idOf);
    assertEquals(parts.map((part) => typeof part === "string" ? part : part.text).join(""), text);
    for (const part of parts) {
      if (typeof part === "string") continue;
      assertEquals(idOf(foldUsername(part.text.slice(1))), part.id);
    }
  }));
});

Deno.test("whoever is mentioned was among the possible names, and names are few", () => {
  fc.assert(fc.property(message, (text) => {
    const names = possibleNames(text);
    assert(names.length <= 100);
    const known = new Map(names.flatMap((name) => ids.has(name) ? [[name, ids.get(name)!]] : []));
    assertEquals(mentionsOf(text, (name) => known.get(name)), mentionsOf(text, idOf));
  }));
});

Deno.test("in code nothing is a mention, whatever it is", () => {
  fc.assert(fc.property(message, (text) => {
    const code = "```\n" + text.replaceAll("`", "") + "\n```";
    assertEquals(mentionsOf(code, idOf), { people: [], all: false });
  }));
});

Deno.test("hostile texts are read in time", () => {
  const texts = [
    "@".repeat(8_000),
    "@a".repeat(4_000),
    "@" + "田".repeat(7_999),
    "@a._-".repeat(1_600),
  ];
  for (const text of [...texts, "@田 ".repeat(2_600), "@" + "_".repeat(7_999)]) {
    const start = performance.now();
    assert(possibleNames(text).length <= 100);
    mentionsOf(text, () => undefined);
    assert(performance.now() - start < 500, text.slice(0, 20));
  }
});

Deno.test("the name that is being typed is the one at the caret", async (t) => {
  const cases: [string, ReturnType<typeof typedMention>][] = [
    ["@|", { at: 0, query: "" }],
    ["hi @ad|a", { at: 3, query: "ad" }],
    ["hi @ada |", null],
    ["请@ad|", { at: 1, query: "ad" }],
    ["(@ada.l|", { at: 1, query: "ada.l" }],
    ["a@b|", null],
    ["x.y/@b|", null],
    ["@@b|", null],
    ["@a @b|", { at: 3, query: "b" }],
    ["no|@a", null],
    ["@" + "a".repeat(40) + "|", null],
  ];
  for (const [text, expected] of cases) {
    await t.step(text, () => {
      assertEquals(typedMention(text.replace("|", ""), text.indexOf("|")), expected);
    });
  }
});
