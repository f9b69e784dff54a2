/**
 * The people list: everyone in the order of their folded names, whole or filtered by the beginnings
 * of words. A page costs the same with 50 accounts and with 50,000: it reads one range of one index.
 */

import { InvalidError } from "../chat/errors.ts";
import { MAX_PAGE_PEOPLE, PAGE_PEOPLE } from "../chat/limits.ts";
import { foldName, nameTerms } from "../chat/text.ts";
import type { Person } from "../chat/people.ts";
import { decodeCursor, encodeCursor } from "./cursors.ts";
import { keys } from "./keys.ts";

/** Most index entries that one filtered page looks at. */
const MAX_SCAN = 2_000;
/**
 * Longest part of an index key, in code points. Folding can make 18 characters of one, a key may
 * have 2 KiB and a page cursor, which holds three such parts, 400 characters.
 */
const MAX_PART_CHARS = 32;

/** Where a person stands in the people list. */
export function personKey(person: Person): Deno.KvKey {
  return keys.person(part(foldName(person.name)), person.id);
}

/** Where filters find a person. */
export function personTermKeys(person: Person): Deno.KvKey[] {
  const folded = part(foldName(person.name));
  return termsOf(person).map((term) => keys.personTerm(term, folded, person.id));
}

function termsOf({ name, username }: Person): string[] {
  return [...new Set(nameTerms(`${name} ${username}`).map(part))];
}

function part(text: string): string {
  return [...text].slice(0, MAX_PART_CHARS).join("");
}

/** What part of the people list is wanted. */
export interface PeopleQuery {
  /** Words; each must begin a word of the name or the username. */
  q?: string;
  /** `next` of the page before. */
  after?: string;
  limit?: number;
  /** A person to leave out: the viewer. */
  without?: string;
}

/** A page of people, and where the next one begins (`null` at the end). */
export async function listPeople(
  kv: Deno.Kv,
  query: PeopleQuery,
): Promise<{ people: Person[]; next: string | null }> {
  const limit = Math.min(query.limit ?? PAGE_PEOPLE, MAX_PAGE_PEOPLE);
  const terms = nameTerms(query.q ?? "").map(part).sort((a, b) => b.length - a.length);
  const found = new Map<string, Person>();
  let last: Deno.KvKey | null = null;
  let scanned = 0;
  // Without a filter all but the viewer are found: one read of what the page and its `next` need.
  const options = { limit: MAX_SCAN, ...terms.length === 0 && { batchSize: limit + 2 } };
  for await (const { key, value } of kv.list<Person>(range(terms[0], query.after), options)) {
    if (found.size === limit) return page(found, last);
    last = key;
    scanned++;
    if (value.id !== query.without && matches(value, terms, key)) found.set(value.id, value);
  }
  return page(found, scanned === MAX_SCAN ? last : null);
}

function page(found: Map<string, Person>, last: Deno.KvKey | null) {
  return { people: [...found.values()], next: last && encodeCursor(last.slice(1)) };
}

/** The index range to read: after the cursor, or from the first word that begins with `term`. */
function range(term: string | undefined, after: string | undefined): Deno.KvListSelector {
  if (term === undefined) {
    const prefix = keys.people();
    if (after === undefined) return { prefix };
    return { prefix, start: [...prefix, ...decodeCursor(after, 2), ""] };
  }
  const prefix = keys.peopleTerms();
  const end = [...prefix, `${term}\u{10FFFF}`];
  if (after === undefined) return { start: [...prefix, term], end };
  const cursor = decodeCursor(after, 3);
  const [word] = nameTerms(cursor[0]);
  if (word !== cursor[0] || !word.startsWith(term)) throw new InvalidError(FOREIGN_CURSOR);
  return { start: [...prefix, ...cursor, ""], end };
}

const FOREIGN_CURSOR = "This page cursor belongs to another filter.";

/**
 * Whether each term begins some word of the person's names. A person whom the index has under
 * several words that begin with the first term counts only at one, so that no page repeats them.
 */
function matches(person: Person, terms: readonly string[], key: Deno.KvKey): boolean {
  if (terms.length === 0) return true;
  const words = termsOf(person);
  const [at] = words.filter((word) => word.startsWith(terms[0]));
  return key[1] === at && terms.every((term) => words.some((word) => word.startsWith(term)));
}
