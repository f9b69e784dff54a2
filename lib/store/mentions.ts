/**
 * Which messages mention a person: a key by room, to count what is unread, and one by time, for the
 * list. A message that mentions everyone has one key in its room, whoever many that are. All of
 * them change in the commit that changes the text.
 */

import { InvalidError } from "../chat/errors.ts";
import { MAX_UNREAD_MENTIONS, PAGE_MENTIONS } from "../chat/limits.ts";
import { visibleFrom } from "../chat/permissions.ts";
import type { MentionState } from "../chat/events.ts";
import type { Mentioned } from "../chat/pages.ts";
import { decodeCursor, encodeCursor } from "./cursors.ts";
import { fromStored, getHeads, type RoomHead } from "./events.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import type { MentionChange } from "./room_plan.ts";
import { getRooms, listRoomIds, type RoomRecord } from "./rooms.ts";

/** A message that mentions everyone: whose, and when it was posted. */
interface MentionOfAll {
  by: string;
  at: number;
}

/** Adds to `atomic` what a message's change of mentions writes and removes. */
export function writeMentions(
  atomic: Deno.AtomicOperation,
  room: string,
  { seq, at, by, before, now }: MentionChange,
): void {
  const [old, wanted] = [peopleIn(before, by), peopleIn(now, by)];
  for (const person of old.difference(wanted)) {
    atomic.delete(keys.mention(person, room, seq)).delete(keys.mentionAt(person, at, room, seq));
  }
  for (const person of wanted.difference(old)) {
    atomic.set(keys.mention(person, room, seq), 1).set(keys.mentionAt(person, at, room, seq), 1);
  }
  if (now.all) atomic.set(keys.mentionOfAll(room, seq), { by, at } satisfies MentionOfAll);
  else if (before.all) atomic.delete(keys.mentionOfAll(room, seq));
}

/** Nobody hears of a mention by themselves. */
function peopleIn({ mentions = [] }: MentionState, author: string): Set<string> {
  return new Set(mentions.filter((id) => id !== author));
}

/** What is asked about a room: its head, the person's pointer, and from where on they see it. */
export interface UnreadMentionsQuery {
  id: string;
  head: RoomHead;
  read: number;
  from?: number;
}

/** `seq` of unread messages that mention a person, in order, the newest `MAX_UNREAD_MENTIONS`. */
export async function listUnreadMentions(
  kv: Deno.Kv,
  userId: string,
  { id, head, read, from = 1 }: UnreadMentionsQuery,
): Promise<number[]> {
  const after = Math.max(read, from - 1);
  const [own, all] = await Promise.all([
    (head.lastMention ?? 0) > after ? ownAfter(kv, userId, id, after) : [],
    (head.lastAll ?? 0) > after ? ofAllAfter(kv, userId, id, after) : [],
  ]);
  return [...new Set([...own, ...all])].sort((a, b) => a - b).slice(-MAX_UNREAD_MENTIONS);
}

const newest = { reverse: true, limit: MAX_UNREAD_MENTIONS };

async function ownAfter(
  kv: Deno.Kv,
  userId: string,
  room: string,
  after: number,
): Promise<number[]> {
  const prefix = keys.mentionsIn(userId, room);
  const entries = kv.list({ prefix, start: [...prefix, after + 1] }, newest);
  return await Array.fromAsync(entries, ({ key }) => Number(key[3]));
}

/** Those by the person count among the hundred; nobody writes that many to everyone unread. */
async function ofAllAfter(
  kv: Deno.Kv,
  userId: string,
  room: string,
  after: number,
): Promise<number[]> {
  const prefix = keys.mentionsOfAll(room);
  const entries = await Array.fromAsync(
    kv.list<MentionOfAll>({ prefix, start: [...prefix, after + 1] }, newest),
  );
  return entries.flatMap(({ key, value }) => value.by === userId ? [] : [Number(key[2])]);
}

/** A place in the list of what mentions a person. */
interface Spot {
  at: number;
  room: string;
  seq: number;
}

/** A page of messages that mention a person and that they may read, the newest first. */
export async function listMentions(
  kv: Deno.Kv,
  userId: string,
  { after, limit = PAGE_MENTIONS }: { after?: string; limit?: number } = {},
): Promise<{ mentions: Mentioned[]; next: string | null }> {
  const before = after === undefined ? null : spotIn(after);
  const spots = [
    ...await ownBefore(kv, userId, before, limit + 1),
    ...await ofAllBefore(kv, userId, before, limit + 1),
  ].sort(byNewest).filter((spot, i, all) => i === 0 || byNewest(all[i - 1], spot) !== 0);
  const page = spots.slice(0, limit);
  return {
    mentions: await readable(kv, userId, page),
    next: spots.length > limit ? cursorOf(page[page.length - 1]) : null,
  };
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

/** From the rooms in which anybody ever wrote to everyone: their heads say which. */
async function ofAllBefore(
  kv: Deno.Kv,
  userId: string,
  before: Spot | null,
  limit: number,
): Promise<Spot[]> {
  const ids = await listRoomIds(kv, userId);
  const heads = await getHeads(kv, ids);
  const rooms = ids.filter((_, i) => heads[i].head.lastAll !== undefined);
  const entered = await getAll<{ joinedAt: number }>(
    kv,
    rooms.map((room) => keys.userRoom(userId, room)),
  );
  const found = await Promise.all(
    rooms.map((room) => ofAllIn(kv, { room, userId, before, limit })),
  );
  return found.flatMap((spots, i) =>
    spots.filter(({ at }) => at >= (entered[i].value?.joinedAt ?? Infinity))
  );
}

async function ofAllIn(
  kv: Deno.Kv,
  { room, userId, before, limit }: {
    room: string;
    userId: string;
    before: Spot | null;
    limit: number;
  },
): Promise<Spot[]> {
  const spots: Spot[] = [];
  const entries = kv.list<MentionOfAll>({ prefix: keys.mentionsOfAll(room) }, { reverse: true });
  for await (const { key, value: { by, at } } of entries) {
    const spot = { at, room, seq: Number(key[2]) };
    if (by === userId || before && byNewest(before, spot) >= 0) continue;
    spots.push(spot);
    if (spots.length === limit) break;
  }
  return spots;
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
