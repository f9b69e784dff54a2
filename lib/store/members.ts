/** The members of a group in pages: the owner, the admins, then the others, each by folded name. */

import { InvalidError } from "../chat/errors.ts";
import { MAX_PAGE_PEOPLE, PAGE_PEOPLE } from "../chat/limits.ts";
import { foldName, matchesTerms, nameTerms } from "../chat/text.ts";
import { roleIn } from "../chat/permissions.ts";
import type { Role } from "../chat/events.ts";
import type { Person } from "../chat/people.ts";
import { getUsers, toPerson } from "./accounts.ts";
import { decodeCursor, encodeCursor } from "./cursors.ts";
import type { GroupRecord } from "./rooms.ts";

/** What part of the list is wanted. */
export interface MembersQuery {
  /** Words; each must begin a word of the name or the username. */
  q?: string;
  /** `next` of the page before. */
  after?: string;
  limit?: number;
}

/** A member. */
export interface Member extends Person {
  role: Role;
}

const RANKS: Record<Role, string> = { owner: "0", admin: "1", member: "2" };

/** A page of a group's members. Reads them all: their names are what orders them. */
export async function listMembers(
  kv: Deno.Kv,
  room: GroupRecord,
  { q = "", after, limit = PAGE_PEOPLE }: MembersQuery,
): Promise<{ members: Member[]; next: string | null }> {
  const users = await getUsers(kv, room.members);
  const terms = nameTerms(q);
  const ordered = users.map((user) => ordering(toPerson(user), roleOf(room, user.id)))
    .filter(({ member }) => matchesTerms(member, terms))
    .sort((a, b) => compare(a.place, b.place));
  const cursor = after === undefined ? null : placeOf(after);
  const rest = cursor ? ordered.filter(({ place }) => compare(place, cursor) > 0) : ordered;
  const page = rest.slice(0, Math.min(limit, MAX_PAGE_PEOPLE));
  const next = rest.length > page.length ? encodeCursor(page[page.length - 1].place) : null;
  return { members: page.map(({ member }) => member), next };
}

/** Of somebody who is known to be a member: looking them up for each of 1,000 is slow. */
function roleOf({ owner, admins }: GroupRecord, id: string): Role {
  return roleIn({ members: [id], owner, admins }, id) ?? "member";
}

/** A member and where they stand: rank, folded name, id. */
function ordering(person: Person, role: Role) {
  const folded = [...foldName(person.name)].slice(0, 32).join("");
  return { member: { ...person, role }, place: [RANKS[role], folded, person.id] };
}

function placeOf(cursor: string): string[] {
  const place = decodeCursor(cursor, 3);
  if (!Object.values(RANKS).includes(place[0])) {
    throw new InvalidError("This page cursor belongs to another list.");
  }
  return place;
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}
