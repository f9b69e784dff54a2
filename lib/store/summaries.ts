/** Rooms as their members see them in lists: the record, the head, the people, the read pointer. */

import { MAX_PAGE_ROOMS } from "../chat/limits.ts";
import { visibleFrom } from "../chat/permissions.ts";
import type { Person, RoomSummary } from "../chat/values.ts";
import { getUsers, toPerson } from "./accounts.ts";
import { getHeads, type RoomHead } from "./events.ts";
import { getFlags, listFlags, type StoredFlags } from "./flags.ts";
import { listUnreadMentions } from "./mentions.ts";
import { getReadStates } from "./reads.ts";
import { getRooms, listRoomIds, type RoomRecord } from "./rooms.ts";

interface RoomWithHead {
  id: string;
  head: RoomHead;
}

/** A person's rooms, newest on top. `more`: there are older ones than `limit`. */
export async function listSummaries(
  kv: Deno.Kv,
  userId: string,
  { ids, limit = MAX_PAGE_ROOMS }: { ids?: readonly string[]; limit?: number } = {},
): Promise<{ rooms: RoomSummary[]; more: boolean }> {
  const all = await withHeads(kv, ids ?? await listRoomIds(kv, userId));
  const newest = all.sort(byNewest).slice(0, limit);
  const flags = await listFlags(kv, userId);
  return { rooms: await summarize(kv, userId, newest, flags), more: all.length > limit };
}

/** One room as one of its members sees it. */
export async function getSummary(
  kv: Deno.Kv,
  userId: string,
  room: RoomRecord,
): Promise<RoomSummary> {
  const flags = new Map([[room.id, await getFlags(kv, userId, room.id)]]);
  const [summary] = await summarize(kv, userId, await withHeads(kv, [room.id]), flags);
  return summary;
}

async function withHeads(kv: Deno.Kv, ids: readonly string[]): Promise<RoomWithHead[]> {
  const heads = await getHeads(kv, ids);
  return ids.map((id, i) => ({ id, head: heads[i].head }));
}

function byNewest(a: RoomWithHead, b: RoomWithHead): number {
  return (b.head.last?.at ?? 0) - (a.head.last?.at ?? 0) || (a.id < b.id ? -1 : 1);
}

async function summarize(
  kv: Deno.Kv,
  userId: string,
  rooms: readonly RoomWithHead[],
  flags: ReadonlyMap<string, StoredFlags>,
): Promise<RoomSummary[]> {
  const [records, reads] = await Promise.all([
    getRooms(kv, rooms.map(({ id }) => id)),
    getReadStates(kv, userId, rooms),
  ]);
  const people = await peopleOf(kv, records);
  const recordOf = new Map(records.map((record) => [record.id, record]));
  const mentions = await Promise.all(rooms.map(({ id, head }, i) => {
    const record = recordOf.get(id);
    const from = record && visibleFrom(record, userId);
    return listUnreadMentions(kv, userId, { id, head, read: reads[i].seq, from });
  }));
  return rooms.flatMap(({ id, head }, i) => {
    const record = recordOf.get(id);
    if (!record) return [];
    return [{
      id,
      kind: record.kind,
      members: record.members.flatMap((member) => people.get(member) ?? []),
      createdAt: record.createdAt,
      head: head.seq,
      last: head.last,
      read: reads[i].seq,
      unread: reads[i].unread,
      ...flags.get(id),
      ...head.pins && { pins: head.pins },
      ...mentions[i].length > 0 && { mentions: mentions[i] },
    }];
  });
}

async function peopleOf(kv: Deno.Kv, rooms: readonly RoomRecord[]): Promise<Map<string, Person>> {
  const ids = new Set(rooms.flatMap(({ members }) => members));
  const users = await getUsers(kv, [...ids]);
  return new Map(users.map((user) => [user.id, toPerson(user)]));
}
