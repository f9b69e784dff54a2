/** A message in one line, for lists, quotes and notifications: what is read of it, not its markup. */

import { parseMarkdown } from "./markdown.ts";
import { plainText } from "./markdown_inline.ts";
import { cutLine } from "./text.ts";

/** Texts without these are what they show. */
const MARKUP = /[*_~`>[]/;

/** One line without markup, cut with an ellipsis. */
export function previewOf(text: string): string {
  const plain = MARKUP.test(text) ? withoutMarkup(text) : text;
  return cutLine(plain.replace(/\s+/g, " ").trim());
}

function withoutMarkup(text: string): string {
  return parseMarkdown(text)
    .map((block) => block.type === "code" ? block.text : plainText(block.children))
    .join(" ");
}
