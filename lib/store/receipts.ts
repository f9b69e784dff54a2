/**
 * Receipts: how far a room's messages have come, as two pointers a member. Everything up to
 * `delivered` was handed to a device of theirs, everything up to `read` they have read. There is no
 * row for a message and a reader: a message is read by those whose pointer is at it or beyond.
 *
 * The read pointer is the one that counts unread messages (`reads.ts`). The other is a number that
 * the database itself keeps from going back, so moving many needs neither a read nor a check.
 */

import { type RoomAccess, visibleFrom } from "../chat/permissions.ts";
import type { Receipt } from "../chat/rooms.ts";
import { commit } from "./conflicts.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import { appendToLog, type LogHead } from "./logs.ts";
import type { UserNote } from "./notes.ts";
import type { ReadRecord } from "./reads.ts";
import { getSettings, getSettingsOf } from "./settings.ts";

/** A member's pointer that was moved. */
export interface Delivery {
  room: string;
  user: string;
  seq: number;
}

/** In the place of pointers: the person switched receipts off. */
export const HIDDEN = -1;
/** Of a room, who came how far. A pointer that is 0 says nothing. */
export type RoomReceipt = [room: string, by: string, delivered: number, read: number];

/** Pointers of one commit; KV allows 1,000 mutations. */
const MAX_MOVES = 500;
/** Receipts of one note; KV allows values of 64 KiB. */
const MAX_NOTED = 400;
/** Nobody reads such a note later than its message is on screen. */
const KEEP_MS = 10 * 60 * 1000;

/** Moves pointers, many in one commit, none of them back. */
export async function moveDelivered(kv: Deno.Kv, moves: readonly Delivery[]): Promise<void> {
  for (let from = 0; from < moves.length; from += MAX_MOVES) {
    const atomic = kv.atomic();
    for (const { room, user, seq } of moves.slice(from, from + MAX_MOVES)) {
      atomic.max(keys.delivered(room, user), BigInt(seq));
    }
    await commit(atomic);
  }
}

/**
 * The receipts of a room's members as one of them may see them: none of their own, none of those
 * who switched theirs off, and none at all for who did so themselves.
 */
export async function getReceipts(
  kv: Deno.Kv,
  viewer: string,
  room: RoomAccess & { id: string },
): Promise<Receipt[]> {
  if (!(await getSettings(kv, viewer)).receipts) return [];
  const { id } = room;
  const others = room.members.filter((member) => member !== viewer);
  const settings = await getSettingsOf(kv, others);
  const people = others.filter((_, i) => settings[i].receipts);
  const [delivered, read] = await Promise.all([
    getAll<Deno.KvU64>(kv, people.map((person) => keys.delivered(id, person))),
    getAll<ReadRecord>(kv, people.map((person) => keys.read(person, id))),
  ]);
  return people.map((by, i) => {
    const seq = read[i].value?.seq ?? 0;
    const handed = Number(delivered[i].value?.value ?? 0);
    const from = visibleFrom(room, by);
    return { by, delivered: Math.max(handed, seq), read: seq, ...from > 1 && { from } };
  });
}

/** Tells a reader on other instances of receipts. Gives up when other notes are first. */
export async function tellReceipts(
  kv: Deno.Kv,
  reader: string,
  receipts: readonly RoomReceipt[],
): Promise<void> {
  for (let from = 0; from < receipts.length; from += MAX_NOTED) {
    await tell(kv, reader, receipts.slice(from, from + MAX_NOTED));
  }
}

async function tell(kv: Deno.Kv, reader: string, receipts: RoomReceipt[]): Promise<void> {
  const topic = ["user", reader] as const;
  const note: UserNote = { type: "receipts", receipts };
  for (let tries = 0; tries < 3; tries++) {
    const head = await kv.get<LogHead>(keys.head(topic));
    const atomic = kv.atomic();
    appendToLog(atomic, topic, { head, value: note, keepMs: KEEP_MS });
    if ((await atomic.commit()).ok) return;
  }
}
