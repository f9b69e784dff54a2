/** Lists of people with presence: what the pages, the API and the socket answer alike. */

import { NotFoundError } from "../chat/errors.ts";
import type { MembersPage, PeoplePage } from "../chat/pages.ts";
import type { PersonLine } from "../chat/people.ts";
import type { MemberLine } from "../chat/rooms.ts";
import { listMembers, type MembersQuery } from "../store/members.ts";
import type { RoomRecord } from "../store/rooms.ts";
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

/** A page of a group's members. Throws {@link NotFoundError} for a room that is no group. */
export async function listMemberLines(
  { kv, presence }: Pick<Live, "kv" | "presence">,
  room: RoomRecord,
  query: MembersQuery,
): Promise<MembersPage> {
  if (room.kind !== "group") throw new NotFoundError("There is no such group.");
  const { members, next } = await listMembers(kv, room, query);
  const states = await presence.get(members.map(({ id }) => id));
  const lines: MemberLine[] = members.map((member, i) => ({ ...member, ...states[i] }));
  return { members: lines, next };
}
