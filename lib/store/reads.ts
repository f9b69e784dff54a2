/**
 * Read pointers and unread counts. The head of a room counts its posts, all and by author; a pointer
 * counts the posts by others up to it. So a person's unread messages are a difference of two numbers,
 * exact and without a scan.
 */

import { retryConflicts } from "./conflicts.ts";
import { fromStored, getHeads, type RoomHead } from "./events.ts";
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
  return entries.map(({ value }, i) => toState(userId, rooms[i].head, value ?? UNREAD_ALL));
}

/**
 * Moves a person's pointer to `seq`, never back and never past the newest event, and tells their
 * other sockets. Answers the pointer as it is then.
 */
export async function moveRead(
  kv: Deno.Kv,
  userId: string,
  roomId: string,
  seq: number,
): Promise<ReadState> {
  const pointer = keys.read(userId, roomId);
  const topic = ["user", userId] as const;
  return await retryConflicts(async () => {
    const [{ head }] = await getHeads(kv, [roomId]);
    const [entry, noteHead] = await kv.getMany<[ReadRecord, LogHead]>([pointer, keys.head(topic)]);
    const old = entry.value ?? UNREAD_ALL;
    const to = Math.min(seq, head.seq);
    if (to <= old.seq) return toState(userId, head, old);
    const record = { seq: to, others: await othersAt(kv, roomId, to, { userId, head, old }) };
    const state = toState(userId, head, record);
    const note: UserNote = { type: "read", room: roomId, ...state };
    const atomic = kv.atomic().check(entry).set(pointer, record);
    appendToLog(atomic, topic, { head: noteHead, value: note });
    return (await atomic.commit()).ok ? state : null;
  });
}

function toState(userId: string, head: RoomHead, { seq, others }: ReadRecord): ReadState {
  return { seq, unread: Math.max(0, othersIn(head, userId) - others), head: head.seq };
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
