/**
 * Messages that a person saved, for themselves alone: a number for each, counted up, so that the
 * list is in the order of saving. The numbers and how many there are change in one atomic.
 */

import { InvalidError } from "../chat/errors.ts";
import { MAX_SAVED, PAGE_SAVED } from "../chat/limits.ts";
import { visibleFrom } from "../chat/permissions.ts";
import type { PostedEvent } from "../chat/events.ts";
import type { SavedMessage } from "../chat/pages.ts";
import { retryConflicts } from "./conflicts.ts";
import { decodeCursor, encodeCursor } from "./cursors.ts";
import { fromStored } from "./events.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import { appendToLog, type LogHead } from "./logs.ts";
import type { UserNote } from "./notes.ts";
import { getRooms } from "./rooms.ts";

/** Which message is meant. */
export interface SavedPlace {
  room: string;
  /** `seq` of the message. */
  message: number;
}

/** A saved message as it is stored. */
interface SavedRecord extends SavedPlace {
  at: number;
}

/** How many there are, and the number of the last one ever. */
interface SavedTally {
  count: number;
  last: number;
}

/**
 * Saves a message, or drops it, and tells the person's sockets; without effect when it is so
 * already. Whether they may read it is for the caller to know. Throws `InvalidError` for one too many.
 */
export async function setSaved(
  kv: Deno.Kv,
  userId: string,
  { room, message, on }: SavedPlace & { on: boolean },
): Promise<void> {
  const topic = ["user", userId] as const;
  const wanted = [
    keys.saved(userId, room, message),
    keys.savedTally(userId),
    keys.head(topic),
  ] as const;
  const note: UserNote = { type: "saved", room, message, on };
  await retryConflicts(async () => {
    const [place, tally, head] = await kv.getMany<[number, SavedTally, LogHead]>(wanted);
    if ((place.value !== null) === on) return true;
    const { count, last } = tally.value ?? { count: 0, last: 0 };
    const atomic = kv.atomic().check(place).check(tally);
    if (on) {
      if (count >= MAX_SAVED) throw new InvalidError(TOO_MANY);
      const record: SavedRecord = { room, message, at: Date.now() };
      atomic.set(place.key, last + 1).set(keys.savedAt(userId, last + 1), record)
        .set(tally.key, { count: count + 1, last: last + 1 });
    } else {
      atomic.delete(place.key).delete(keys.savedAt(userId, place.value!))
        .set(tally.key, { count: count - 1, last });
    }
    appendToLog(atomic, topic, { head, value: note });
    return (await atomic.commit()).ok ? true : null;
  });
}

const TOO_MANY = `You can save ${MAX_SAVED} messages; drop some that you no longer need.`;

/** Which messages of a room a person saved, by `seq`. */
export async function listSavedIn(kv: Deno.Kv, userId: string, room: string): Promise<number[]> {
  const entries = kv.list({ prefix: keys.savedIn(userId, room) }, { batchSize: 500 });
  return await Array.fromAsync(entries, ({ key }) => Number(key[3]));
}

/** Whether a person saved a message. */
export async function isSaved(kv: Deno.Kv, userId: string, place: SavedPlace): Promise<boolean> {
  return (await kv.get(keys.saved(userId, place.room, place.message))).value !== null;
}

/** A page of what a person saved, the last saved first, and where the next one begins. */
export async function listSaved(
  kv: Deno.Kv,
  userId: string,
  { after, limit = PAGE_SAVED }: { after?: string; limit?: number } = {},
): Promise<{ saved: SavedMessage[]; next: string | null }> {
  const prefix = keys.savedList(userId);
  const selector = after === undefined ? { prefix } : { prefix, end: [...prefix, numberIn(after)] };
  const entries = await Array.fromAsync(
    kv.list<SavedRecord>(selector, { reverse: true, limit: limit + 1 }),
  );
  const page = entries.slice(0, limit);
  const last = page.at(-1)?.key[2];
  return {
    saved: await withMessages(kv, userId, page.map(({ value }) => value)),
    next: entries.length > limit ? encodeCursor([String(last)]) : null,
  };
}

function numberIn(cursor: string): number {
  const [text] = decodeCursor(cursor, 1);
  if (!/^\d{1,15}$/.test(text)) throw new InvalidError("This page cursor is not of this list.");
  return Number(text);
}

/** The messages as they are now; `null` for those that are gone or not the person's to read. */
async function withMessages(
  kv: Deno.Kv,
  userId: string,
  records: SavedRecord[],
): Promise<SavedMessage[]> {
  const rooms = await getRooms(kv, [...new Set(records.map(({ room }) => room))]);
  const from = new Map(rooms.map((room) => [room.id, visibleFrom(room, userId)]));
  const entries = await getAll(
    kv,
    records.map(({ room, message }) => keys.entry(["room", room], message)),
  );
  return records.map(({ room, message: seq, at: savedAt }, i) => {
    const { value } = entries[i];
    const isSeen = seq >= (from.get(room) ?? Infinity) && value !== null;
    const message = isSeen ? messageIn(seq, value) : null;
    return { room, seq, savedAt, message };
  });
}

function messageIn(seq: number, value: unknown): PostedEvent | null {
  const event = fromStored({ seq, value });
  return event.type === "posted" && !event.deleted ? event : null;
}
