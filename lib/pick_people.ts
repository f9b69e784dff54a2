/** What a form that chooses people shows: the chosen, and those whom its filter finds. */

import { MAX_ADDED, MAX_PAGE_PEOPLE, MAX_QUERY_CHARS } from "./chat/limits.ts";
import type { Person } from "./chat/people.ts";
import { readPeople } from "./group_form.ts";
import { getUsers, toPerson } from "./store/accounts.ts";
import { listPeople } from "./store/people.ts";

/** People in one list, and pages that are read at most to fill it. */
const PICK_PEOPLE = 50;
const MAX_PAGES = 12;

/** What the picker is rendered with. */
export interface Pick {
  q: string;
  chosen: Person[];
  found: Person[];
  /** There are others besides the found. */
  more: boolean;
}

/** Whom a person may choose from; `taken` are ids of people who are not to be chosen. */
export async function findToPick(
  { kv }: { kv: Deno.Kv },
  me: string,
  { fields, taken = [] }: { fields: URLSearchParams; taken?: readonly string[] },
): Promise<Pick> {
  const q = (fields.get("q") ?? "").slice(0, MAX_QUERY_CHARS);
  const out = new Set([me, ...taken]);
  const ids = readPeople(fields).filter((id) => !out.has(id)).slice(0, MAX_ADDED);
  const [users, rest] = await Promise.all([
    getUsers(kv, ids),
    findPeople(kv, q, new Set([...out, ...ids])),
  ]);
  return { q, chosen: users.map(toPerson), ...rest };
}

async function findPeople(
  kv: Deno.Kv,
  q: string,
  out: ReadonlySet<string>,
): Promise<{ found: Person[]; more: boolean }> {
  const found: Person[] = [];
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { people, next } = await listPeople(kv, { q, after, limit: MAX_PAGE_PEOPLE });
    found.push(...people.filter(({ id }) => !out.has(id)));
    if (next === null || found.length >= PICK_PEOPLE) {
      const more = next !== null || found.length > PICK_PEOPLE;
      return { found: found.slice(0, PICK_PEOPLE), more };
    }
    after = next;
  }
  return { found, more: true };
}
