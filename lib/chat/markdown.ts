/**
 * A message's text as a small tree: paragraphs, quotes and code of text, emphasis, code, links and
 * line breaks. The server and the browser draw the same tree; there is no HTML in it, no images and
 * no headings, and every link is `http://`, `https://` or `mailto:`.
 *
 * It reads like CommonMark where people type that, and is stricter elsewhere: `>` quotes only with
 * a space after it, quotes do not nest, nothing is escaped, a line break is a line break. Time is
 * linear in the text and depth is bounded, whatever the text.
 */

import { parseInlines } from "./markdown_inline.ts";

/** A part of a message, from the top. */
export type Block =
  | { type: "paragraph"; children: Inline[] }
  | { type: "quote"; children: Inline[] }
  | { type: "code"; text: string; lang: string | null };

/** A part of a line. */
export type Inline =
  | { type: "text"; text: string }
  | { type: "code"; text: string }
  | { type: "break" }
  | { type: "link"; href: string; text: string }
  | { type: "bold" | "italic" | "strike"; children: Inline[] };

const FENCE = /^ {0,3}```([^`]*)$/;
const LANG = /^[\w+#.-]{1,32}$/;
const FENCE_END = /^ {0,3}```[ \t]*$/;
const QUOTE = /^ {0,3}>(?:[> ]* |$)/;

/** The tree of a message. */
export function parseMarkdown(text: string): Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const { block, next } = readBlock(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

interface Read {
  block: Block | null;
  /** The line after the block. */
  next: number;
}

function readBlock(lines: string[], at: number): Read {
  const line = lines[at];
  if (line.trim() === "") return { block: null, next: at + 1 };
  const fence = FENCE.exec(line);
  if (fence) return readCode(lines, at, fence[1].trim());
  return QUOTE.test(line) ? readQuote(lines, at) : readParagraph(lines, at);
}

/** A fence without its end takes the rest. What follows the first one is a language or code. */
function readCode(lines: string[], at: number, info: string): Read {
  let end = at + 1;
  while (end < lines.length && !FENCE_END.test(lines[end])) end++;
  const code = lines.slice(at + 1, end);
  const lang = LANG.test(info) ? info : null;
  if (lang === null && info !== "") code.unshift(info);
  return { block: { type: "code", text: code.join("\n"), lang }, next: end + 1 };
}

/** Lines that all begin with `>`; when they quote nothing, they are text. */
function readQuote(lines: string[], at: number): Read {
  let next = at + 1;
  while (next < lines.length && QUOTE.test(lines[next])) next++;
  const quoted = lines.slice(at, next);
  const text = quoted.map((line) => line.replace(QUOTE, "")).join("\n").trim();
  if (text !== "") return { block: { type: "quote", children: parseInlines(text) }, next };
  return { block: { type: "paragraph", children: parseInlines(quoted.join("\n")) }, next };
}

/** Lines up to a blank one or another kind of block. */
function readParagraph(lines: string[], at: number): Read {
  let next = at + 1;
  while (next < lines.length && continues(lines[next])) next++;
  const text = lines.slice(at, next).join("\n");
  return { block: { type: "paragraph", children: parseInlines(text) }, next };
}

function continues(line: string): boolean {
  return line.trim() !== "" && !FENCE.test(line) && !QUOTE.test(line);
}
