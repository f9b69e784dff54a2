/**
 * What a person types into search, understood. Words are looked for anywhere in a message, also
 * inside of longer words; a phrase in quotes only as whole words in this order. Operators narrow:
 * `from: in: has: before: after: on:`. Of `from:`, `in:` and `has:` any one given must hold, of
 * words all. What is no operator, or has a value that means nothing, is a word like any other.
 * Pure: names and rooms are looked up by whoever runs the search.
 */

import { type DayRange, readDays } from "./search_dates.ts";
import { foldSearch, searchLine, type SearchTerm } from "./search_text.ts";

/** What a message can have. */
export const HAS = ["link", "file", "image", "video", "audio", "reaction"] as const;
export type Has = typeof HAS[number];

/** A search, ready to be run once its people and rooms are found. */
export interface SearchQuery {
  /** All must be in the message. */
  terms: SearchTerm[];
  /** Usernames, names or `me`, as typed; a message by any of them. */
  from: string[];
  /** Usernames or names of groups, as typed; a message in any of them. */
  in: string[];
  /** A message with any of these. */
  has: Has[];
  /** Epoch ms: at or after. */
  since: number | null;
  /** Epoch ms: before. */
  until: number | null;
}

/** Where days begin and which one is today. */
export interface SearchClock {
  zone: string;
  now: number;
}

/** What people and programs write for the same thing. */
const HAS_NAMES: ReadonlyMap<string, Has> = new Map(Object.entries<Has>({
  ...Object.fromEntries(HAS.map((name) => [name, name])),
  links: "link",
  url: "link",
  files: "file",
  attachment: "file",
  images: "image",
  photo: "image",
  picture: "image",
  videos: "video",
  voice: "audio",
  sound: "audio",
  reactions: "reaction",
}));

/** Most names after `from:`, and after `in:`: each is looked up. Further ones are words. */
const MAX_NAMES = 10;
const NAMES = new Set(["from", "in", "has", "before", "after", "on"]);
/** An operator with its value, a phrase, a phrase whose end is not typed yet, or a word. */
const TOKEN =
  /(?:(?<name>[a-z]+):)(?:["“”„](?<quoted>[^"“”„]+)["“”„]?|(?<value>[^\s"“”„]*))|["“”„](?<phrase>[^"“”„]*)(?<end>["“”„]?)|(?<word>[^\s"“”„]+)/giu;

/** Understands any text; never throws. */
export function parseSearch(text: string, clock: SearchClock): SearchQuery {
  const query: SearchQuery = { terms: [], from: [], in: [], has: [], since: null, until: null };
  for (const { 0: token, groups = {} } of text.toWellFormed().matchAll(TOKEN)) {
    const { name, quoted, value, phrase, end } = groups as Token;
    if (name && narrow(query, name.toLowerCase(), (quoted ?? value ?? "").trim(), clock)) continue;
    if (phrase !== undefined) addTerm(query, phrase, end !== "");
    else addTerm(query, quoted === undefined ? token : `${name}:${quoted}`, false);
  }
  return query;
}

type Token = Partial<Record<"name" | "quoted" | "value" | "phrase" | "end", string>>;

/** Whether it was an operator whose value means something, or is not typed yet. */
function narrow(query: SearchQuery, name: string, value: string, clock: SearchClock): boolean {
  if (value === "") return NAMES.has(name);
  if (name === "from" || name === "in") {
    const fits = query[name].length < MAX_NAMES;
    if (fits) query[name].push(value);
    return fits;
  }
  if (name === "has") {
    const has = HAS_NAMES.get(value.toLowerCase());
    if (has) query.has.push(has);
    return has !== undefined;
  }
  if (name !== "before" && name !== "after" && name !== "on") return false;
  const days = readDays(value, clock);
  if (days) limit(query, name, days);
  return days !== null;
}

/** `after:` a day begins where the day ends, as `before:` ends where it begins. */
function limit(query: SearchQuery, name: "before" | "after" | "on", days: DayRange): void {
  const since = name === "on" ? days.start : name === "after" ? days.end : null;
  const until = name === "on" ? days.end : name === "before" ? days.start : null;
  if (since !== null) query.since = Math.max(query.since ?? since, since);
  if (until !== null) query.until = Math.min(query.until ?? until, until);
}

function addTerm({ terms }: SearchQuery, typed: string, whole: boolean): void {
  const text = foldSearch(searchLine(typed)).trim();
  const isKnown = terms.some((term) => term.text === text && (term.whole ?? false) === whole);
  if (text !== "" && !isKnown) terms.push(whole ? { text, whole } : { text });
}

/** Whether nothing is asked for. */
export function isEmptySearch({ terms, from, in: rooms, has, since, until }: SearchQuery): boolean {
  return terms.length + from.length + rooms.length + has.length === 0 && since === null &&
    until === null;
}
