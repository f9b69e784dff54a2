import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isEmptySearch, parseSearch, type SearchQuery } from "../../lib/chat/search_query.ts";

const clock = { zone: "UTC", now: Date.UTC(2026, 10, 22, 12) };
const parse = (text: string) => parseSearch(text, clock);
const words = (text: string) =>
  parse(text).terms.map(({ text, whole }) => whole ? `"${text}"` : text);

Deno.test("words are looked for folded, each once, in any order", () => {
  assertEquals(words("  Straße  CAFÉ cafe\tÄpfel "), ["strasse", "cafe", "apfel"]);
  assertEquals(words("東京タワー"), ["東京タワー"]);
  assertEquals(words("don’t DON'T"), ["don't"]);
});

Deno.test("a phrase in quotes of any keyboard is whole words, unless its end is not typed yet", () => {
  assertEquals(words('"Guten  Tag" du'), ['"guten tag"', "du"]);
  assertEquals(words("“Guten Tag” „Guten Tag“"), ['"guten tag"']);
  assertEquals(words('x "guten ta'), ["x", "guten ta"]);
  assertEquals(words('""'), []);
  assertEquals(words('art "art"'), ["art", '"art"']);
});

Deno.test("operators narrow and are no words; any case, values in quotes too", () => {
  const query = parse('FROM:Ada from:"Ben Li" in:team has:link Has:photos has:voice tea');
  assertEquals(query.from, ["Ada", "Ben Li"]);
  assertEquals(query.in, ["team"]);
  assertEquals(query.has, ["link", "audio"]);
  assertEquals(words('FROM:Ada from:"Ben Li" tea has:photos'), ["tea", "has:photos"]);
});

Deno.test("what is no operator or has no meaning is plain text", () => {
  for (const text of ["foo:bar", "has:what", "before:soon", "on:2026-02-30", "https://a.b/c:d"]) {
    assertEquals(words(text), [text]);
    assert(!isEmptySearch(parse(text)));
  }
  for (const text of ["has:constructor", "has:__proto__", "has:tostring"]) {
    assertEquals([words(text), parse(text).has], [[text], []]);
  }
  assertEquals(words('foo:"two words"'), ["foo:two words"]);
  assertEquals(words("see:from:ada"), ["see:from:ada"]);
});

Deno.test("ten names are looked up, more are words", () => {
  const { from, terms } = parse(Array.from({ length: 12 }, (_, n) => `from:p${n}`).join(" "));
  assertEquals([from.length, terms.map(({ text }) => text)], [10, ["from:p10", "from:p11"]]);
});

Deno.test("an operator whose value is not typed yet asks for nothing", () => {
  for (const text of ["from:", "in: ", "has:", "before:", ""]) assert(isEmptySearch(parse(text)));
});

Deno.test("days limit: before: ends where the day begins, after: begins where it ends, on: is it", () => {
  const day = (y: number, m: number, d: number) => Date.UTC(y, m - 1, d);
  const range = (text: string) => {
    const { since, until } = parse(text);
    return [since, until];
  };
  assertEquals(range("before:2026-11-22"), [null, day(2026, 11, 22)]);
  assertEquals(range("after:2026-11-22"), [day(2026, 11, 23), null]);
  assertEquals(range("on:2026-11-22"), [day(2026, 11, 22), day(2026, 11, 23)]);
  assertEquals(range("on:2026-02"), [day(2026, 2, 1), day(2026, 3, 1)]);
  assertEquals(range("on:2025"), [day(2025, 1, 1), day(2026, 1, 1)]);
  assertEquals(range("on:today"), [day(2026, 11, 22), day(2026, 11, 23)]);
  assertEquals(range("before:yesterday"), [null, day(2026, 11, 21)]);
  assertEquals(range("after:2026-01 before:2026-11 after:2026-03-05"), [
    day(2026, 3, 6),
    day(2026, 11, 1),
  ]);
});

Deno.test("any text whatever is understood somehow, and its words are one folded line", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 8 }),
    fc.constantFrom(
      "from:",
      "in:",
      "has:",
      "on:",
      '"',
      "„",
      "“",
      " ",
      ":",
      "2026-11-22",
      "link",
      "\ud800",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const query = parse(pieces.join(""));
      for (const { text } of query.terms) {
        assert(text !== "" && !/[\n\r]/.test(text) && text.isWellFormed());
      }
      assert((query.since ?? 0) <= Number.MAX_SAFE_INTEGER);
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("parts mean the same wherever they stand", () => {
  const part = fc.constantFrom(
    "tea",
    '"green tea"',
    "from:ada",
    "in:team",
    "has:link",
    "on:2026-11-02",
  );
  const sorted = (query: SearchQuery) => ({
    ...query,
    terms: query.terms.map(({ text }) => text).sort(),
    from: query.from.toSorted(),
  });
  fc.assert(
    fc.property(fc.uniqueArray(part), fc.nat(), (parts, turn) => {
      const at = turn % (parts.length || 1);
      const turned = [...parts.slice(at), ...parts.slice(0, at)];
      assertEquals(sorted(parse(parts.join(" "))), sorted(parse(turned.join("  "))));
    }),
  );
});
