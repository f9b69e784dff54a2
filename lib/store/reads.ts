/**
 * Read pointers and unread counts. The head of a room counts its posts, all and by author; a pointer
 * counts the posts by others up to it. So a person's unread messages are a difference of two numbers,
 * exact and without a scan, less the messages that others deleted after the pointer: the head tells
 * whether there can be any, and a short list which.
 */

import { retryConflicts } from "./conflicts.ts";
import { fromStored, getHeads, type RoomHead } from "./events.ts";
import { type StoredFlags, writeFlags } from "./flags.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import { appendToLog, LOG_PAGE, type LogHead, readLog } from "./logs.ts";
import type { UserNote } from "./notes.ts";

/** A read pointer as it is stored: everything up to `seq`, in which others posted `others` times. */
export interface ReadRecord {
  seq: number;
  others: number;
}

const UNREAD_ALL: ReadRecord = { seq: 0, others: 0 };

/** A person's pointer in a room. `unread` is right for the log up to `head`. */
export interface ReadState {
  seq: number;
  unread: number;
  head: number;
}

/** Pointers and unread counts of a person in rooms, in order; `heads` are those rooms' heads. */
export async function getReadStates(
  kv: Deno.Kv,
  userId: string,
  rooms: readonly { id: string; head: RoomHead }[],
): Promise<ReadState[]> {
  const entries = await getAll<ReadRecord>(kv, rooms.map(({ id }) => keys.read(userId, id)));
  const states = entries.map(({ value }, i) => toState(kv, userId, rooms[i], value ?? UNREAD_ALL));
  return await Promise.all(states);
}

/**
 * Moves a person's pointer to `seq`, never back and never past the newest event, and tells their
 * other sockets. A move takes the mark "unread" from the room. Answers the pointer as it is then.
 */
export async function moveRead(
  kv: Deno.Kv,
  userId: string,
  roomId: string,
  seq: number,
): Promise<ReadState> {
  const pointer = keys.read(userId, roomId);
  const flagKey = keys.flag(userId, roomId);
  const topic = ["user", userId] as const;
  return await retryConflicts(async () => {
    const [{ head }] = await getHeads(kv, [roomId]);
    const [entry, noteHead, flags] = await kv.getMany<[ReadRecord, LogHead, StoredFlags]>([
      pointer,
      keys.head(topic),
      flagKey,
    ]);
    const old = entry.value ?? UNREAD_ALL;
    const to = Math.min(seq, head.seq);
    const room = { id: roomId, head };
    if (to <= old.seq) return await toState(kv, userId, room, old);
    const record = { seq: to, others: await othersAt(kv, roomId, to, { userId, head, old }) };
    const state = await toState(kv, userId, room, record);
    const note: UserNote = { type: "read", room: roomId, ...state };
    const atomic = kv.atomic().check(entry).set(pointer, record);
    if (flags.value?.marked) {
      writeFlags(atomic.check(flags), flagKey, { ...flags.value, marked: false });
    }
    appendToLog(atomic, topic, { head: noteHead, value: note });
    return (await atomic.commit()).ok ? state : null;
  });
}

async function toState(
  kv: Deno.Kv,
  userId: string,
  { id, head }: { id: string; head: RoomHead },
  { seq, others }: ReadRecord,
): Promise<ReadState> {
  const after = Math.max(0, othersIn(head, userId) - others);
  const mayBeGone = after > 0 && (head.lastGone ?? 0) > seq;
  const gone = mayBeGone ? await countGone(kv, id, userId, { after: seq, upTo: head.seq }) : 0;
  return { seq, unread: after - gone, head: head.seq };
}

/** Others' messages in `(after, upTo]` whose deletion is not after `upTo` either. */
async function countGone(
  kv: Deno.Kv,
  roomId: string,
  userId: string,
  { after, upTo }: { after: number; upTo: number },
): Promise<number> {
  const selector = { start: keys.gone(roomId, after + 1), end: keys.gone(roomId, upTo + 1) };
  let gone = 0;
  const entries = kv.list<{ by: string; seq: number }>(selector, { batchSize: 500 });
  for await (const { value: { by, seq } } of entries) if (by !== userId && seq <= upTo) gone++;
  return gone;
}

/** Posts in the room by others than the person. */
function othersIn(head: RoomHead, userId: string): number {
  return head.posts - (head.own[userId] ?? 0);
}

/** Posts by others up to `seq`: the head knows them all, else the shorter way is counted. */
async function othersAt(
  kv: Deno.Kv,
  roomId: string,
  seq: number,
  { userId, head, old }: { userId: string; head: RoomHead; old: ReadRecord },
): Promise<number> {
  if (head.seq - seq > seq - old.seq) {
    return old.others + await countOthers(kv, roomId, userId, { after: old.seq, upTo: seq });
  }
  const later = await countOthers(kv, roomId, userId, { after: seq, upTo: head.seq });
  return othersIn(head, userId) - later;
}

async function countOthers(
  kv: Deno.Kv,
  roomId: string,
  userId: string,
  { after, upTo }: { after: number; upTo: number },
): Promise<number> {
  let others = 0;
  for (let from = after; from < upTo; from += LOG_PAGE) {
    const part = { after: from, upTo: Math.min(from + LOG_PAGE, upTo) };
    const events = (await readLog(kv, ["room", roomId], part)).map(fromStored);
    others += events.filter(({ type, by }) => type === "posted" && by !== userId).length;
  }
  return others;
}
