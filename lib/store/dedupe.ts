/**
 * Each id is stored once, for ever. Clients' ids begin with the time, so nearly every one is greater
 * than most others of its room, and the log itself is where it is found again: every
 * {@link LANDMARK_EVERY} entries a *landmark* says how far the ids had come. An id beyond the last
 * landmark but one lies at most two landmarks on. One that comes later than that has a key of its
 * own. So most messages cost one key, though clocks differ and many write at once.
 *
 * What is answered here holds as long as the room's head does not move: every event moves it.
 */

import { isGroupEvent } from "../chat/groups.ts";
import type { RoomEvent } from "../chat/events.ts";
import type { Ack, Draft } from "./drafts.ts";
import type { HeadVersion, RoomHead } from "./events.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";

/** Entries between two landmarks; twice as many are read to find an id. */
export const LANDMARK_EVERY = 32;
/** Greater than any id: of a room from before heads knew of ids, everything comes late. */
const BEYOND = "~";

/** A place in a room's log, and the greatest id of all entries up to it. */
export interface Landmark {
  id: string;
  seq: number;
}

/** Drafts for one room, and the head that they would follow. */
interface Batch {
  from: HeadVersion;
  drafts: readonly Draft[];
}

/** What names a draft for ever. */
type Name = Pick<Draft, "room" | "by" | "id">;

/** What a new entry adds to what tells its id apart. */
export interface IdPlan {
  /** The head's part. */
  head: Pick<RoomHead, "newestId" | "marks">;
  /** The id comes late and needs a key. */
  late: boolean;
  /** To be written. */
  landmark: Landmark | null;
}

/** Plans for the id of the entry that comes next after this head. */
export function planId({ seq, newestId = BEYOND, marks }: RoomHead, id: string): IdPlan {
  const here = { id: newestId, seq };
  const isDue = !marks || seq - marks[1].seq >= LANDMARK_EVERY;
  const [floor, newest] = !marks ? [here, here] : isDue ? [marks[1], here] : marks;
  // All ids in a room from before landmarks have keys: its first landmark is below every id.
  const landmark = marks ? here : { id: "", seq };
  return {
    head: { newestId: id > newestId ? id : newestId, marks: [floor, newest] },
    late: id <= floor.id,
    landmark: isDue ? landmark : null,
  };
}

/** Entries after one `seq`, up to another. */
export interface Stretch {
  after: number;
  upTo: number;
}

/** Where the drafts may be stored that come a little late; `null` if none does. */
export function stretchOf({ from: { head }, drafts }: Batch): Stretch | null {
  const { newestId, marks, seq } = head;
  if (newestId === undefined || !marks) return null;
  const [{ id: floor, seq: after }] = marks;
  return drafts.some(({ id }) => id > floor && id <= newestId) ? { after, upTo: seq } : null;
}

/** Ids of a room's entries. */
export async function listIds(
  kv: Deno.Kv,
  room: string,
  { after, upTo }: Stretch,
): Promise<{ seq: number; id: string }[]> {
  const entries = await readStretch(kv, room, after, upTo);
  return entries.map(({ key, value }) => ({ seq: Number(key[3]), id: value.id }));
}

/**
 * The drafts that may be stored already. Their head proves that the others are new: their ids are
 * beyond all, or beyond its last landmark but one and none of `recent`, which are all since then, see
 * {@link stretchOf}.
 */
export function unsureOf(
  { from: { head }, drafts }: Batch,
  recent: readonly string[] | null = null,
): Draft[] {
  const newest = head.newestId ?? BEYOND;
  const floor = head.marks?.[0].id ?? BEYOND;
  return drafts.filter(({ id }) => {
    if (id > newest) return false;
    return recent === null || id <= floor || recent.includes(id);
  });
}

/** The first acks of drafts that are stored already; `null` for the new ones. In order. */
export async function getAcks(kv: Deno.Kv, drafts: readonly Name[]): Promise<(Ack | null)[]> {
  const entries = await getAll<Ack>(kv, drafts.map((d) => keys.sent(d.room, d.by, d.id)));
  return await Promise.all(entries.map(({ value }, i) => value ?? findInLog(kv, drafts[i])));
}

async function findInLog(kv: Deno.Kv, { room, by, id }: Name): Promise<Ack | null> {
  const [after, upTo] = await Promise.all([lastBelow(kv, room, id), secondFrom(kv, room, id)]);
  const entries = await readStretch(kv, room, after, upTo ?? Infinity);
  const found = entries.find(({ value }) =>
    value.id === id && value.by === by && !isGroupEvent(value)
  );
  return found ? { seq: Number(found.key[3]), at: found.value.at } : null;
}

/** Some entries, mostly as many as lie between two or three landmarks. */
function readStretch(
  kv: Deno.Kv,
  room: string,
  after: number,
  upTo: number,
): Promise<Deno.KvEntry<RoomEvent>[]> {
  const log = ["room", room] as const;
  const start = keys.entry(log, after + 1);
  const selector = upTo === Infinity
    ? { prefix: keys.entries(log), start }
    : { start, end: keys.entry(log, upTo + 1) };
  return Array.fromAsync(kv.list<RoomEvent>(selector, { batchSize: 2 * LANDMARK_EVERY }));
}

/** Place of the last landmark whose id is smaller; the beginning if there is none. */
async function lastBelow(kv: Deno.Kv, room: string, id: string): Promise<number> {
  const below = { start: keys.landmarks(room), end: keys.landmarksFrom(room, id) };
  return await lastPlace(kv, below, { reverse: true, limit: 1 }, 1) ?? 0;
}

/** Place of the second landmark that is not below; `null` if there is none: to the log's end. */
async function secondFrom(kv: Deno.Kv, room: string, id: string): Promise<number | null> {
  const from = { prefix: keys.landmarks(room), start: keys.landmarksFrom(room, id) };
  return await lastPlace(kv, from, { limit: 2 }, 2);
}

async function lastPlace(
  kv: Deno.Kv,
  selector: Deno.KvListSelector,
  options: Deno.KvListOptions,
  count: number,
): Promise<number | null> {
  const found = await Array.fromAsync(kv.list(selector, options));
  return found.length < count ? null : Number(found[count - 1].key[3]);
}
