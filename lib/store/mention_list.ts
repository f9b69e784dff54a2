/**
 * All messages that mention a person, in pages, the newest first: those by name from one list, those
 * to everyone from each room's keys, both in the order of time. A page reads as much at the end of a
 * long list as at its beginning.
 */

import { InvalidError } from "../chat/errors.ts";
import { PAGE_MENTIONS } from "../chat/limits.ts";
import { visibleFrom } from "../chat/permissions.ts";
import type { Mentioned } from "../chat/pages.ts";
import { decodeCursor, encodeCursor } from "./cursors.ts";
import { fromStored, getHeads } from "./events.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import { MAX_WALKED, type MentionOfAll } from "./mentions.ts";
import { getRooms, listRoomIds, type RoomRecord } from "./rooms.ts";

/** A place in the list of what mentions a person. */
interface Spot {
  at: number;
  room: string;
  seq: number;
}

/** What page of the list is wanted. */
export interface MentionsQuery {
  /** `next` of the page before. */
  after?: string;
  limit?: number;
  /** Messages to everyone that are looked at in one room; for tests. */
  walk?: number;
}

/**
 * A page of messages that mention a person and that they may read, the newest first. It may hold
 * fewer than there are, even none, where somebody wrote very much to everyone: `next` goes on there.
 */
export async function listMentions(
  kv: Deno.Kv,
  userId: string,
  { after, limit = PAGE_MENTIONS, walk = MAX_WALKED }: MentionsQuery = {},
): Promise<{ mentions: Mentioned[]; next: string | null }> {
  const before = after === undefined ? null : spotIn(after);
  const [own, ofAll] = await Promise.all([
    ownBefore(kv, userId, before, limit + 1),
    ofAllBefore(kv, userId, { before, limit: limit + 1, walk }),
  ]);
  // What is older than the place where a room was left is for the next page, of other rooms too.
  const left = ofAll.flatMap(({ left }) => left ?? []).sort(byNewest).at(0);
  const spots = [...own, ...ofAll.flatMap(({ spots }) => spots)].sort(byNewest)
    .filter((spot, i, all) => i === 0 || byNewest(all[i - 1], spot) !== 0)
    .filter((spot) => !left || byNewest(spot, left) <= 0);
  const page = spots.slice(0, limit);
  const last = spots.length > limit ? page[page.length - 1] : left;
  return { mentions: await readable(kv, userId, page), next: last ? cursorOf(last) : null };
}

async function ownBefore(
  kv: Deno.Kv,
  userId: string,
  before: Spot | null,
  limit: number,
): Promise<Spot[]> {
  const prefix = keys.mentionList(userId);
  const selector = before
    ? { prefix, end: keys.mentionAt(userId, before.at, before.room, before.seq) }
    : { prefix };
  return await Array.fromAsync(
    kv.list(selector, { reverse: true, limit }),
    ({ key }) => ({ at: Number(key[2]), room: String(key[3]), seq: Number(key[4]) }),
  );
}

/** What a room has of messages to everyone, and where it was left though there may be more. */
interface RoomSpots {
  spots: Spot[];
  left: Spot | null;
}

interface WalkOptions {
  before: Spot | null;
  limit: number;
  /** Keys that are read of one room. */
  walk: number;
}

/** From the rooms in which anybody ever wrote to everyone: their heads say which. */
async function ofAllBefore(
  kv: Deno.Kv,
  userId: string,
  options: WalkOptions,
): Promise<RoomSpots[]> {
  const ids = await listRoomIds(kv, userId);
  const heads = await getHeads(kv, ids);
  const rooms = ids.flatMap((id, i) => {
    const { lastAll } = heads[i].head;
    return lastAll === undefined ? [] : [{ id, lastAll }];
  });
  const entered = await getAll<{ joinedAt: number }>(
    kv,
    rooms.map(({ id }) => keys.userRoom(userId, id)),
  );
  return await Promise.all(rooms.map((room, i) => {
    const since = entered[i].value?.joinedAt ?? Infinity;
    return ofAllIn(kv, { ...room, userId, since }, options);
  }));
}

/** Those by others since the person came, backwards. */
async function ofAllIn(
  kv: Deno.Kv,
  { id: room, lastAll, userId, since }: {
    id: string;
    lastAll: number;
    userId: string;
    since: number;
  },
  { before, limit, walk }: WalkOptions,
): Promise<RoomSpots> {
  const spots: Spot[] = [];
  let last: Spot | null = null;
  let walked = 0;
  const prefix = keys.mentionsOfAll(room);
  const range = before
    ? { prefix, end: keys.mentionOfAll(room, await endBefore(kv, { id: room, lastAll }, before)) }
    : { prefix };
  const options = { reverse: true, limit: walk, batchSize: Math.min(limit, walk, 500) };
  for await (const { key, value: { by, at } } of kv.list<MentionOfAll>(range, options)) {
    if (at < since) return { spots, left: null };
    last = { at, room, seq: Number(key[2]) };
    walked++;
    if (by !== userId && spots.push(last) === limit) return { spots, left: null };
  }
  return { spots, left: walked === walk ? last : null };
}

/**
 * The `seq` before which a room's messages to everyone are behind a place in the list. Messages of a
 * room have their times in the order of `seq`; so it is found by halving, however many there are.
 */
async function endBefore(
  kv: Deno.Kv,
  { id, lastAll }: { id: string; lastAll: number },
  before: Spot,
): Promise<number> {
  if (id === before.room) return before.seq;
  const upTo = id < before.room ? before.at : before.at - 1;
  // Behind the place are all below `low`, before it all from `high` on.
  let [low, high] = [1, lastAll + 1];
  let middle = lastAll; // most rooms have been silent since
  while (low < high) {
    const range = { start: keys.mentionOfAll(id, middle), end: keys.mentionOfAll(id, high) };
    const [found] = await Array.fromAsync(kv.list<MentionOfAll>(range, { limit: 1 }));
    if (found && found.value.at <= upTo) low = Number(found.key[2]) + 1;
    else high = middle;
    middle = Math.floor((low + high) / 2);
  }
  return high;
}

/** The newest first; of one time in the order of their keys, backwards. */
function byNewest(a: Spot, b: Spot): number {
  return b.at - a.at || compare(b.room, a.room) || b.seq - a.seq;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The messages as they are now; those of rooms that were left, and of before one came, are left out. */
async function readable(kv: Deno.Kv, userId: string, spots: Spot[]): Promise<Mentioned[]> {
  const records = await getRooms(kv, [...new Set(spots.map(({ room }) => room))]);
  const rooms = new Map<string, RoomRecord>(records.map((record) => [record.id, record]));
  const seen = spots.filter(({ room, seq }) => {
    const record = rooms.get(room);
    return record !== undefined && seq >= visibleFrom(record, userId);
  });
  const entries = await getAll(kv, seen.map(({ room, seq }) => keys.entry(["room", room], seq)));
  return seen.flatMap(({ room, seq }, i) => {
    const message = fromStored({ seq, value: entries[i].value });
    return message.type === "posted" && !message.deleted ? [{ room, message }] : [];
  });
}

function cursorOf({ at, room, seq }: Spot): string {
  return encodeCursor([String(at), room, String(seq)]);
}

function spotIn(cursor: string): Spot {
  const [at, room, seq] = decodeCursor(cursor, 3);
  if (![at, seq].every((text) => /^\d{1,15}$/.test(text)) || room.length > 64) {
    throw new InvalidError("This page cursor is not of this list.");
  }
  return { at: Number(at), room, seq: Number(seq) };
}
