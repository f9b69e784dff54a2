/**
 * The one fold rule of search. A message is searched as its line without markup; line and query are
 * folded alike, so that case, width, accents, Arabic and Hebrew vowel marks, curly quotes and what
 * cannot be seen do not matter. What is found is a part of a folded line, in any script.
 */

import { foldAccents, lineOf } from "./text.ts";
import type { MessageState } from "./events.ts";

// deno-lint-ignore no-control-regex
const ASCII = /^[\x00-\x7f]*$/;
/** Vowel points and cantillation of Hebrew; vowel marks, small letters and the stroke of Arabic. */
const POINTS =
  /[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]/g;
/** Forms of one Arabic letter that people write for each other. */
const ARABIC: Record<string, string> = {
  أ: "ا",
  إ: "ا",
  آ: "ا",
  ٱ: "ا",
  ى: "ي",
  ی: "ي",
  ک: "ك",
  ة: "ه",
};
const ARABIC_FORMS = /[أإآٱىیکة]/g;
const UNSEEN = /\p{DI}/gu;

/** A message as search sees and shows it: one line, composed, without markup; then its files. */
export function messageLine({ text, files = [] }: Pick<MessageState, "text" | "files">): string {
  const names = files.map(({ name }) => `📎 ${name}`);
  return [searchLine(text), ...names.map(searchLine)].join(" ").trim();
}

/** Text as search sees it. */
export function searchLine(text: string): string {
  return ASCII.test(text) ? lineOf(text) : lineOf(text).normalize("NFC");
}

/** The form in which lines and queries are compared. Never longer than it must be, and one line. */
export function foldSearch(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return foldAccents(text)
    .replace(UNSEEN, "")
    .replace(POINTS, "")
    .replace(ARABIC_FORMS, (letter) => ARABIC[letter])
    .replace(/[‘’‛ʼ]/g, "'")
    .replace(/[“”„‟]/g, '"')
    .replace(/\s/g, " ");
}

/** Something to find in a line, folded. `whole`: only where words begin and end with it. */
export interface SearchTerm {
  text: string;
  whole?: true;
}

/** Letters, marks and digits of scripts that put spaces between words. */
const SPACED = /[\p{L}\p{M}\p{N}]/u;
/** Scripts that write words without spaces, or with their endings. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;

/** Where the term next stands in folded text at or after `from`, and before `end`; or -1. */
export function findTerm(
  folded: string,
  { text, whole }: SearchTerm,
  { from = 0, end = folded.length }: { from?: number; end?: number } = {},
): number {
  for (let at = folded.indexOf(text, from); at >= 0; at = folded.indexOf(text, at + 1)) {
    if (at + text.length > end) return -1;
    if (!whole || isWhole(folded, at, at + text.length)) return at;
  }
  return -1;
}

function isWhole(folded: string, from: number, to: number): boolean {
  return !joins(before(folded, from), after(folded, from)) &&
    !joins(before(folded, to), after(folded, to));
}

/** Whether two characters that meet belong to one word. */
function joins(left: string, right: string): boolean {
  return SPACED.test(left) && SPACED.test(right) && !(UNSPACED.test(left) || UNSPACED.test(right));
}

function before(text: string, at: number): string {
  const code = text.charCodeAt(at - 1);
  return code >= 0xdc00 && code <= 0xdfff ? text.slice(at - 2, at) : text.slice(at - 1, at);
}

function after(text: string, at: number): string {
  return at < text.length ? String.fromCodePoint(text.codePointAt(at)!) : "";
}
