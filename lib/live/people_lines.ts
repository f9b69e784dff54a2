/** The people list with presence: what the page, the API and the socket answer alike. */

import type { PeoplePage, PersonLine } from "../chat/values.ts";
import { listPeople, type PeopleQuery } from "../store/people.ts";
import type { Live } from "./live.ts";

/** A page of everyone but the viewer. */
export async function listPeopleLines(
  { kv, presence }: Pick<Live, "kv" | "presence">,
  viewer: string,
  query: Omit<PeopleQuery, "without">,
): Promise<PeoplePage> {
  const { people, next } = await listPeople(kv, { ...query, without: viewer });
  const states = await presence.get(people.map(({ id }) => id));
  const lines: PersonLine[] = people.map((person, i) => ({ ...person, ...states[i] }));
  return { people: lines, next };
}
