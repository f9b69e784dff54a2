/** Whom and which rooms a search means by what is typed after `from:` and `in:`. */

import { foldName, nameTerms } from "../chat/text.ts";
import { getUserByName } from "./accounts.ts";
import { listPeople } from "./people.ts";
import type { RoomRecord } from "./rooms.ts";

/** What the names mean together, `null` if none was typed; and those that mean nothing. */
export interface Found<T> {
  found: T | null;
  unknown: string[];
}

/** Most people that one name may mean. */
const MAX_PEOPLE = 100;

/** Ids of the people: a username, or the beginnings of words of names; `me` is the viewer. */
export async function findAuthors(
  kv: Deno.Kv,
  names: readonly string[],
  userId: string,
): Promise<Found<Set<string>>> {
  return await collect(
    names,
    (name) => /^me$/i.test(name) ? Promise.resolve([userId]) : findPeople(kv, name),
    (ids) => new Set(ids),
  );
}

/** The rooms among `rooms`: a direct one by its other person, a group by a part of its name. */
export async function findPlaces(
  kv: Deno.Kv,
  names: readonly string[],
  { userId, rooms }: { userId: string; rooms: readonly RoomRecord[] },
): Promise<Found<RoomRecord[]>> {
  const find = async (name: string) => {
    const people = new Set(await findPeople(kv, name));
    people.delete(userId);
    return rooms.filter((room) =>
      room.kind === "group"
        ? foldName(room.name).includes(foldName(name))
        : room.members.some((member) => people.has(member))
    );
  };
  return await collect(names, find, (found) => [...new Set(found)]);
}

async function collect<T, All>(
  names: readonly string[],
  find: (name: string) => Promise<T[]>,
  join: (found: T[]) => All,
): Promise<Found<All>> {
  if (names.length === 0) return { found: null, unknown: [] };
  const found = await Promise.all(names.map(find));
  return { found: join(found.flat()), unknown: names.filter((_, i) => found[i].length === 0) };
}

async function findPeople(kv: Deno.Kv, typed: string): Promise<string[]> {
  const name = typed.replace(/^@/, "");
  const user = await getUserByName(kv, name);
  if (user) return [user.id];
  if (nameTerms(name).length === 0) return [];
  const { people } = await listPeople(kv, { q: name, limit: MAX_PEOPLE });
  return people.map(({ id }) => id);
}
