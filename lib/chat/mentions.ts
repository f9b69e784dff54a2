/**
 * Whom a message mentions: `@username` in its text, not in code, links or addresses. Server and
 * browser read it with the same rules, so what is counted is what is shown.
 *
 * A username may hold dots, dashes and underscores and may stand in a sentence without blanks
 * around it, so a text alone does not say where the name ends. A place is read as several possible
 * names, the longest first, and the first one that somebody has is meant.
 */

import { MAX_MENTIONS } from "./limits.ts";
import { type Block, type Inline, parseMarkdown } from "./markdown.ts";
import { foldUsername, isUsername } from "./text.ts";

/** After the `@`, for everyone in a group. */
export const ALL = "all";
/** Possible names of one place that are looked up, and of a whole message. */
const MAX_OPTIONS = 24;
const MAX_NAMES = 100;
/** Longest run of characters after an `@` that is looked at, in UTF-16 units. */
const MAX_RUN = 96;

const RUN = /@([\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*)/gu;
/** Before an `@` these make it part of an address, a path or a word. */
export const JOINED = /[\p{L}\p{M}\p{N}_@/\\.\-+&=#%~]$/u;
/** Scripts that write without blanks: a name may begin and end anywhere in them. */
export const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** A place in a text that may mention somebody. */
interface Place {
  /** Where the `@` is. */
  at: number;
  /** The longest first; `length` counts the `@`. */
  options: { name: string; length: number }[];
}

/** Whom a text mentions. */
export interface Mentions {
  /** Ids of people, in the order of their first mention. */
  people: string[];
  /** Everyone is, by `@all`. */
  all: boolean;
}

/** A part of a plain text: as it is, or the name of somebody. */
export type MentionPart = string | { text: string; id: string };

/** The folded usernames that a message may mention, each once. */
export function possibleNames(text: string): string[] {
  const names = new Set<string>();
  for (const plain of plainTexts(text)) {
    for (const { options } of placesIn(plain)) {
      for (const { name } of options) {
        if (names.size < MAX_NAMES) names.add(name);
      }
    }
  }
  return [...names];
}

/** Whom a message mentions; `idOf` knows those who can be by their folded usernames. */
export function mentionsOf(text: string, idOf: (name: string) => string | undefined): Mentions {
  const people = new Set<string>();
  let all = false;
  for (const plain of plainTexts(text)) {
    for (const { options } of placesIn(plain)) {
      const name = options.find(({ name }) => name === ALL || idOf(name) !== undefined)?.name;
      const id = name === undefined ? undefined : idOf(name);
      if (id !== undefined && people.size < MAX_MENTIONS) people.add(id);
      else if (name === ALL) all = true;
    }
  }
  return { people: [...people], all };
}

/** A plain text of a message in parts; names that `idOf` does not know stay text. */
export function splitMentions(
  text: string,
  idOf: (name: string) => string | undefined,
): MentionPart[] {
  const parts: MentionPart[] = [];
  let from = 0;
  for (const { at, options } of placesIn(text)) {
    const found = options.find(({ name }) => idOf(name) !== undefined);
    if (!found) continue;
    if (at > from) parts.push(text.slice(from, at));
    from = at + found.length;
    parts.push({ text: text.slice(at, from), id: idOf(found.name)! });
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

function* placesIn(text: string): Generator<Place> {
  if (!text.includes("@")) return;
  for (const { index: at, 1: run } of text.matchAll(RUN)) {
    if (!isFree(text, at, run.length)) continue;
    const options = endsOf(run.slice(0, MAX_RUN)).flatMap((end) => {
      const name = foldUsername(run.slice(0, end));
      return isUsername(name) ? [{ name, length: end + 1 }] : [];
    });
    if (options.length > 0) yield { at, options };
  }
}

/** Neither within a word or an address, nor the beginning of one. */
function isFree(text: string, at: number, length: number): boolean {
  const before = text.slice(Math.max(0, at - 2), at);
  if (JOINED.test(before) && !UNSPACED.test(before.slice(-1))) return false;
  return !/^(?:@|\/[\p{L}\p{N}])/u.test(text.slice(at + 1 + length, at + 4 + length));
}

/** Where a name in the run may end, the last place first. */
function endsOf(run: string): number[] {
  const ends = [run.length];
  let trimmed = run.length;
  while (/[._-]$/.test(run.slice(0, trimmed))) ends.push(--trimmed);
  for (let end = trimmed - 1; end > 0; end--) {
    if (UNSPACED.test(run[end]) || UNSPACED.test(run[end - 1])) ends.push(end);
  }
  return ends.slice(0, MAX_OPTIONS);
}

/** The texts of a message that are neither code nor links. */
function plainTexts(text: string): string[] {
  return text.includes("@") ? parseMarkdown(text).flatMap(textsOf) : [];
}

function textsOf(part: Block | Inline): string[] {
  if ("children" in part) return part.children.flatMap(textsOf);
  return part.type === "text" ? [part.text] : [];
}
