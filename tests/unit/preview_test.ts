import { assert, assertEquals } from "@std/assert";
import { MAX_PREVIEW_CHARS, MAX_TEXT_CHARS } from "../../lib/chat/limits.ts";
import { previewOf } from "../../lib/chat/preview.ts";
import { countChars } from "../../lib/chat/text.ts";

Deno.test("a preview is one line of what is read", () => {
  const read = {
    "**bold** and `code`\n> quote\n```ts\nx\n```": "bold and code quote x",
    "*really* _very_ ~~not~~ ***both***": "really very not both",
    "see [the page](https://example.org/a_b_c) or https://example.org/*x*":
      "see the page or https://example.org/*x*",
    "  a\n\n  b\t c ": "a b c",
    "": "",
  };
  for (const [text, shown] of Object.entries(read)) assertEquals(previewOf(text), shown);
});

Deno.test("what is no markup stays in a preview", () => {
  const kept = [
    "2 * 3 * 4",
    "snake_case_name",
    "a > b",
    "5 ~ 6",
    "`open",
    "[label] (none)",
    "[x](javascript:alert(1))",
    "`**`",
  ];
  assertEquals(kept.map(previewOf), [...kept.slice(0, -1), "**"]);
});

Deno.test("a preview is cut with an ellipsis, between characters", () => {
  const cut = previewOf("💥".repeat(500));
  assertEquals(countChars(cut), MAX_PREVIEW_CHARS);
  assert(cut.endsWith("…") && cut.isWellFormed());
  assertEquals(previewOf("x".repeat(MAX_PREVIEW_CHARS)), "x".repeat(MAX_PREVIEW_CHARS));
});

Deno.test("a preview takes time in proportion to the text", () => {
  const parts = ["\n", " ", " \n", "*", "_a*", "[", "[x](", "`", "> ", "~~a"];
  for (const part of parts) {
    const hostile = part.repeat(8 * MAX_TEXT_CHARS / part.length);
    const start = performance.now();
    previewOf(hostile + "x");
    assert(performance.now() - start < 1_000, part);
  }
});
