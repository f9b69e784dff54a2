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
import type { RoomHead } from "./events.ts";
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

/** Plans for the id of the entry that comes next after this head; `""` for one that is nobody's. */
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

/**
 * After which `seq` of its room's log a draft could be stored, if at all: the head proves it new, or
 * that it can be nowhere before. `checked`: it is known not to be up to there. `null`: it has to be
 * looked up.
 */
export function unprovenAfter(
  { seq, newestId = BEYOND, marks }: RoomHead,
  id: string,
  checked?: number,
): number | null {
  if (id > newestId) return seq;
  if (checked !== undefined) return checked;
  return marks && id > marks[0].id ? marks[0].seq : null;
}

/** Ids of a room's entries. */
export async function listIds(
  kv: Deno.Kv,
  room: string,
  stretch: Stretch,
): Promise<{ seq: number; id: string }[]> {
  const entries = await readStretch(kv, room, stretch);
  return entries.map(({ key, value }) => ({ seq: Number(key[3]), id: value.id }));
}

/** The first acks of drafts that are stored already; `null` for the new ones. In order. */
export async function getAcks(kv: Deno.Kv, drafts: readonly Name[]): Promise<(Ack | null)[]> {
  const entries = await getAll<Ack>(kv, drafts.map((d) => keys.sent(d.room, d.by, d.id)));
  const acks = entries.map(({ value }) => value);
  const places = await Promise.all(
    drafts.map(async (draft, i) => ({ draft, i, at: acks[i] ? null : await placeOf(kv, draft) })),
  );
  const wanted = places.filter(({ at }) => at !== null);
  const groups = Map.groupBy(wanted, ({ draft, at }) => `${draft.room} ${at!.after} ${at!.upTo}`);
  // One after the other: what lies there may be large.
  for (const group of groups.values()) {
    const [{ draft: { room }, at }] = group;
    const there = await readStretch(kv, room, at!);
    for (const { draft, i } of group) acks[i] = findAck(there, draft);
  }
  return acks;
}

/** Where an id without a key is, if it is stored; `null` where every id has one. */
async function placeOf(kv: Deno.Kv, { room, id }: Name): Promise<Stretch | null> {
  const prefix = keys.landmarks(room);
  const here = keys.landmarksFrom(room, id);
  const [[below], [first, second]] = await Promise.all([
    Array.fromAsync(kv.list({ start: prefix, end: here }, { reverse: true, limit: 1 })),
    Array.fromAsync(kv.list({ prefix, start: here }, { limit: 2 })),
  ]);
  if (first?.key[2] === BEYOND) return null;
  return { after: Number(below?.key[3] ?? 0), upTo: Number(second?.key[3] ?? Infinity) };
}

function findAck(entries: readonly Deno.KvEntry<RoomEvent>[], { by, id }: Name): Ack | null {
  const found = entries.find(({ value }) =>
    value.id === id && value.by === by && !isGroupEvent(value)
  );
  return found ? { seq: Number(found.key[3]), at: found.value.at } : null;
}

/** The entries between two or three landmarks. */
function readStretch(
  kv: Deno.Kv,
  room: string,
  { after, upTo }: Stretch,
): Promise<Deno.KvEntry<RoomEvent>[]> {
  const log = ["room", room] as const;
  const start = keys.entry(log, after + 1);
  const selector = upTo === Infinity
    ? { prefix: keys.entries(log), start }
    : { start, end: keys.entry(log, upTo + 1) };
  return Array.fromAsync(kv.list<RoomEvent>(selector, { batchSize: 2 * LANDMARK_EVERY }));
}
