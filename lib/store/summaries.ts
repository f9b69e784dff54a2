/**
 * Rooms as their members see them in lists: the record, the head, the people, the read pointer. A
 * room that somebody is no member of any more is left out, whatever said before that they were.
 */

import { NotFoundError } from "../chat/errors.ts";
import { MAX_PAGE_ROOMS } from "../chat/limits.ts";
import { canRead, roleIn, visibleFrom } from "../chat/permissions.ts";
import type { Person } from "../chat/people.ts";
import type { GroupInfo, LastPost, RoomDraft, RoomSummary } from "../chat/rooms.ts";
import { getUsers, toPerson } from "./accounts.ts";
import { getHeads, type RoomHead } from "./events.ts";
import { getFlags, listFlags, type StoredFlags } from "./flags.ts";
import { keys } from "./keys.ts";
import { listUnreadMentions } from "./mentions.ts";
import { countPins } from "./pins.ts";
import { getReadStates } from "./reads.ts";
import { getDraft, listDrafts } from "./room_drafts.ts";
import {
  getRooms,
  type GroupRecord,
  listMemberships,
  type MemberOf,
  type Membership,
  type RoomRecord,
} from "./rooms.ts";

/** People of a group that a summary names, besides who wrote last. */
const NAMED_MEMBERS = 5;

interface RoomWithHead {
  id: string;
  head: RoomHead;
  /** When the person became a member of a group. */
  joinedAt?: number;
  /** What of the head's they may see. */
  last: LastPost | null;
}

/** What a person alone set for a room. */
type Mine = StoredFlags & { draft?: RoomDraft };

/** Which of a person's rooms are wanted. */
interface SummariesQuery {
  /** All of theirs, if they are known already. */
  rooms?: readonly MemberOf[];
  /** Only these, as far as they are theirs. */
  ids?: readonly string[];
  limit?: number;
}

/** A person's rooms, newest on top. `more`: there are older ones than `limit`. */
export async function listSummaries(
  kv: Deno.Kv,
  userId: string,
  { rooms, ids, limit = MAX_PAGE_ROOMS }: SummariesQuery = {},
): Promise<{ rooms: RoomSummary[]; more: boolean }> {
  const theirs = rooms ?? await listMemberships(kv, userId);
  const wanted = ids ? theirs.filter(({ room }) => ids.includes(room)) : theirs;
  const all = await withHeads(kv, wanted);
  const newest = all.sort(byNewest).slice(0, limit);
  const [flags, drafts] = await Promise.all([listFlags(kv, userId), listDrafts(kv, userId)]);
  const mine = (id: string) => ({ ...flags.get(id), draft: drafts.get(id) });
  return { rooms: await summarize(kv, userId, newest, mine), more: all.length > limit };
}

/** One room as one of its members sees it. Throws {@link NotFoundError} for anybody else. */
export async function getSummary(
  kv: Deno.Kv,
  userId: string,
  { id }: { id: string },
): Promise<RoomSummary> {
  const summary = await findSummary(kv, userId, id);
  if (!summary) throw new NotFoundError("There is no such room.");
  return summary;
}

/** As {@link getSummary}, but `undefined` for anybody else. */
export async function findSummary(
  kv: Deno.Kv,
  userId: string,
  id: string,
): Promise<RoomSummary | undefined> {
  const [flags, draft, { value }] = await Promise.all([
    getFlags(kv, userId, id),
    getDraft(kv, userId, id),
    kv.get<Membership>(keys.userRoom(userId, id)),
  ]);
  const rooms = value ? await withHeads(kv, [{ room: id, ...value }]) : [];
  const mine = () => ({ ...flags, draft: draft ?? undefined });
  const [summary] = await summarize(kv, userId, rooms, mine);
  return summary;
}

async function withHeads(kv: Deno.Kv, rooms: readonly MemberOf[]): Promise<RoomWithHead[]> {
  const heads = await getHeads(kv, rooms.map(({ room }) => room));
  return rooms.map(({ room, joinedAt, group, from = 1 }, i) => {
    const { head } = heads[i];
    const last = head.last && head.last.seq >= from ? head.last : null;
    return { id: room, head, last, ...group && { joinedAt } };
  });
}

function byNewest(a: RoomWithHead, b: RoomWithHead): number {
  return newestAt(b) - newestAt(a) || (a.id < b.id ? -1 : 1);
}

function newestAt({ last, joinedAt = 0 }: RoomWithHead): number {
  return Math.max(last?.at ?? 0, joinedAt);
}

async function summarize(
  kv: Deno.Kv,
  userId: string,
  rooms: readonly RoomWithHead[],
  mineOf: (id: string) => Mine,
): Promise<RoomSummary[]> {
  const [records, reads] = await Promise.all([
    getRooms(kv, rooms.map(({ id }) => id)),
    getReadStates(kv, userId, rooms),
  ]);
  const recordOf = new Map(records.map((record) => [record.id, record]));
  const named = rooms.map(({ id, last }) => namedIn(recordOf.get(id), last));
  const people = await peopleOf(kv, named.flat());
  const mentions = await Promise.all(rooms.map(({ id, head }, i) => {
    const record = recordOf.get(id);
    const from = record && visibleFrom(record, userId);
    return listUnreadMentions(kv, userId, { id, head, read: reads[i].seq, from });
  }));
  const pins = await Promise.all(rooms.map(({ id, head }) => {
    const record = recordOf.get(id);
    return countPins(kv, { id, pins: head.pins, from: record && visibleFrom(record, userId) });
  }));
  return rooms.flatMap(({ id, head, last, joinedAt = 0 }, i) => {
    const record = recordOf.get(id);
    if (!record || !canRead(record, userId)) return [];
    const { draft, ...flags } = mineOf(id);
    return [{
      id,
      kind: record.kind,
      members: named[i].flatMap((member) => people.get(member) ?? []),
      ...record.kind === "group" && { group: toGroup(record, userId, joinedAt) },
      createdAt: record.createdAt,
      head: head.seq,
      last,
      read: reads[i].seq,
      unread: reads[i].unread,
      ...flags,
      ...draft && { draft },
      ...pins[i] > 0 && { pins: pins[i] },
      ...mentions[i].length > 0 && { mentions: mentions[i] },
    }];
  });
}

/** Whom a summary names: both people of a direct room; of a group a few, and who wrote last. */
function namedIn(record: RoomRecord | undefined, last: LastPost | null): string[] {
  if (record?.kind !== "group") return record?.members ?? [];
  const named = record.members.slice(0, NAMED_MEMBERS);
  return last && !named.includes(last.by) ? [...named, last.by] : named;
}

function toGroup(record: GroupRecord, userId: string, joinedAt: number): GroupInfo {
  const { name, picture, image, members, public: isPublic, history, changed } = record;
  return {
    name,
    ...picture && { picture },
    ...image && { image },
    memberCount: members.length,
    role: roleIn(record, userId) ?? "member",
    public: isPublic,
    history,
    from: visibleFrom(record, userId),
    joinedAt,
    changed,
  };
}

async function peopleOf(kv: Deno.Kv, ids: readonly string[]): Promise<Map<string, Person>> {
  const users = await getUsers(kv, [...new Set(ids)]);
  return new Map(users.map((user) => [user.id, toPerson(user)]));
}
