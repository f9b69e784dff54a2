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

const FENCE = /^ {0,3}```[ \t]*([\w+#.-]{0,32})[^`]*$/;
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
  if (fence) return readCode(lines, at, fence[1] || null);
  return readQuote(lines, at) ?? readParagraph(lines, at);
}

/** A fence without its end takes the rest, as in CommonMark. */
function readCode(lines: string[], at: number, lang: string | null): Read {
  let end = at + 1;
  while (end < lines.length && !FENCE_END.test(lines[end])) end++;
  const text = lines.slice(at + 1, end).join("\n");
  return { block: { type: "code", text, lang }, next: end + 1 };
}

/** Lines that all begin with `>`; `null` when they quote nothing. */
function readQuote(lines: string[], at: number): Read | null {
  let next = at;
  while (next < lines.length && QUOTE.test(lines[next])) next++;
  const text = lines.slice(at, next).map((line) => line.replace(QUOTE, "")).join("\n").trim();
  return text === "" ? null : { block: { type: "quote", children: parseInlines(text) }, next };
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
