import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { searchFlags } from "../../lib/chat/search_flags.ts";
import { snippetOf } from "../../lib/chat/search_snippet.ts";
import { findTerm, foldSearch, messageLine, searchLine } from "../../lib/chat/search_text.ts";

function finds(query: string, message: string, whole?: true): boolean {
  const text = foldSearch(searchLine(query));
  return findTerm(foldSearch(searchLine(message)), whole ? { text, whole } : { text }) >= 0;
}

/** The snippet with what was found in brackets. */
function shown(message: string, ...queries: string[]): string {
  const terms = queries.map((query) => ({ text: foldSearch(searchLine(query)) }));
  return snippetOf(searchLine(message), terms)
    .map(({ text, hit }) => hit ? `[${text}]` : text).join("");
}

Deno.test("words and parts of words are found in many scripts", () => {
  const pairs = [
    ["bahn", "Die Straßenbahn"],
    ["STRASSE", "Die Straßenbahn"],
    ["uber", "Über alles"],
    ["über", "uber"],
    ["京タ", "東京タワーへ行く"],
    ["ガラス", "ｶﾞﾗｽのうさぎ"],
    ["ภาษา", "นี่คือภาษาไทย"],
    ["سلام", "السَّلَامُ عَلَيْكُم"],
    ["احمد", "رأيت أحمد أمس"],
    ["שלום", "שָׁלוֹם לכולם"],
    ["हिन्दी", "मैं हिन्दी बोलता हूँ"],
    ["한국", "한국어를 배워요"],
    ["οδος", "Η Οδός"],
    ["ИВАН", "иван"],
    ["ё", "ёлка"],
    ["istanbul", "İSTANBUL"],
    ["👩", "👩‍👩‍👧 family"],
    ["می‌خواهم", "میخواهم"],
    ["don't", "I don’t"],
    ["bold text", "**bold** text"],
    ["a b", "a\nb"],
    ["c++", "I like C++."],
  ];
  for (const [query, message] of pairs) assert(finds(query, message), `${query} in ${message}`);
  assert(!finds("tea", "te a"));
});

Deno.test("a whole phrase ends where words end; scripts without spaces have no ends", () => {
  assert(finds("art", "art, not party", true));
  assert(!finds("art", "party", true));
  assert(finds("green tea", "(green tea)", true));
  assert(!finds("green tea", "green teapot", true));
  assert(finds("東京", "東京タワー", true));
  assert(finds("학교", "학교에서 만나요", true));
  assert(!finds("𝒳", "a𝒳b", true));
  assert(finds("a", "ba a", true), "a later one");
});

Deno.test("any word of any message finds it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (text) => {
      const folded = foldSearch(searchLine(text));
      assert(!folded.includes("\n"));
      const [first] = new Intl.Segmenter("und", { granularity: "word" }).segment(folded);
      if (first) assert(finds(first.segment, text), JSON.stringify([first.segment, text]));
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("names of files belong to a message's line", () => {
  const file = { id: "f", name: "Bericht *2026*.pdf", type: "application/pdf", size: 1 };
  assertEquals(messageLine({ text: "", files: [file] }), "📎 Bericht *2026*.pdf");
  assertEquals(
    messageLine({ text: "See\n**this**", files: [file, file] }),
    [
      "See this",
      "📎 Bericht *2026*.pdf",
      "📎 Bericht *2026*.pdf",
    ].join(" "),
  );
});

Deno.test("highlights cover whole characters as people see them", () => {
  assertEquals(shown("Die **Straßenbahn** fährt", "strasse", "FAHR"), "Die [Straße]nbahn [fähr]t");
  assertEquals(shown("x 👨‍👩‍👧 y 👍🏽", "👩", "👍"), "x [👨‍👩‍👧] y [👍🏽]");
  assertEquals(shown("Ka\u0301va", "kava"), "[Káva]");
  assertEquals(shown("हिन्दी", "ह"), "[हि]न्दी");
  assertEquals(shown("𝒳𝒴𝒵 😀b", "y", "b"), "𝒳[𝒴]𝒵 😀[b]");
  assertEquals(shown("ﷺ", "الله"), "[ﷺ]");
  assertEquals(shown("aaa", "aa"), "[aa]a");
  assertEquals(shown("abcd", "abc", "bcd"), "[abcd]");
  assertEquals(shown("nothing here"), "nothing here");
});

Deno.test("a long message is cut around the first hit, between characters", () => {
  const text = shown(`${"before ".repeat(100)}needle${" after".repeat(100)}`, "needle");
  assert(text.startsWith("…") && text.endsWith("…") && text.includes("[needle]"), text);
  assert(text.length < 200 && text.indexOf("[needle]") < 60);
  assert(shown("😀".repeat(500) + "ß", "ss").endsWith("😀[ß]"));
  assert(!shown("😀".repeat(500), "x").includes("\ufffd"));
});

Deno.test("a snippet is a part of its line whatever is looked for, and shows what is in it", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 400 });
  fc.assert(
    fc.property(text, fc.nat(400), fc.integer({ min: 1, max: 5 }), (message, at, length) => {
      const line = searchLine(message);
      const term = { text: foldSearch([...line].slice(at, at + length).join("")).trim() };
      const terms = term.text === "" ? [] : [term];
      const parts = snippetOf(line, terms);
      const inner = parts.map(({ text }) => text).join("").replace(/^…/, "").replace(/…$/, "");
      assert(line.includes(inner) || line.includes(parts.map(({ text }) => text).join("")));
      assert(parts.every(({ text }) => text !== "" && text.isWellFormed()));
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("a message has what its text, files and reactions say", () => {
  const file = { id: "f", name: "x", size: 1 };
  const flags = (message: Parameters<typeof searchFlags>[0]) => searchFlags(message);
  assertEquals(flags({ text: "see https://x.org" }), 1);
  assertEquals(flags({ text: "http://" }), 0);
  assertEquals(flags({ text: "", files: [{ ...file, type: "image/png" }] }), 2 + 4);
  assertEquals(flags({ text: "", files: [{ ...file, type: "video/mp4" }] }), 2 + 8);
  assertEquals(flags({ text: "", files: [{ ...file, type: "audio/ogg", waveform: [1] }] }), 2 + 16);
  assertEquals(flags({ text: "", files: [{ ...file, type: "text/html" }] }), 2);
  assertEquals(flags({ text: "", reactions: [{ emoji: "👍", by: ["a"] }] }), 32);
});
