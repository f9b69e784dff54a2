/**
 * Read pointers and unread counts. A person's unread messages in a room are exactly the posts by
 * others after their pointer: `head.posts − pointer.posts`, less their own posts in between.
 */

import { retryConflicts } from "./conflicts.ts";
import { getHeads, type RoomHead } from "./events.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import { appendToLog, type LogHead } from "./logs.ts";
import type { UserNote } from "./notes.ts";

/** A read pointer as it is stored: everything up to `seq`, which is the room's first `posts` posts. */
export interface ReadRecord {
  seq: number;
  posts: number;
}

const UNREAD_ALL: ReadRecord = { seq: 0, posts: 0 };

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
  return await Promise.all(
    entries.map(({ value }, i) => count(kv, userId, rooms[i], value ?? UNREAD_ALL)),
  );
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
    if (to <= old.seq) return await count(kv, userId, { id: roomId, head }, old);
    const record: ReadRecord = { seq: to, posts: await postsAt(kv, roomId, to, head) };
    const state = await count(kv, userId, { id: roomId, head }, record);
    const note: UserNote = { type: "read", room: roomId, ...state };
    const atomic = kv.atomic().check(entry).set(pointer, record);
    appendToLog(atomic, topic, { head: noteHead, value: note });
    return (await atomic.commit()).ok ? state : null;
  });
}

async function count(
  kv: Deno.Kv,
  userId: string,
  { id, head }: { id: string; head: RoomHead },
  { seq, posts }: ReadRecord,
): Promise<ReadState> {
  const after = head.posts - posts;
  if (after <= 0) return { seq, unread: 0, head: head.seq };
  const own = await countOwn(kv, id, userId, seq, head.seq);
  return { seq, unread: after - own, head: head.seq };
}

/** The person's own posts in `(after, upTo]`. */
async function countOwn(
  kv: Deno.Kv,
  roomId: string,
  userId: string,
  after: number,
  upTo: number,
): Promise<number> {
  // The key is the last `seq` of its commit: the one that holds `upTo` may lie beyond it.
  const selector = {
    start: keys.own(roomId, userId, after + 1),
    prefix: keys.owns(roomId, userId),
  };
  let own = 0;
  for await (const { value } of kv.list<number[]>(selector, { batchSize: 500 })) {
    for (const seq of value) if (seq > after && seq <= upTo) own++;
    if (value[0] > upTo) break;
  }
  return own;
}

/** How many posts the room held at `seq`. */
async function postsAt(kv: Deno.Kv, roomId: string, seq: number, head: RoomHead): Promise<number> {
  if (seq === head.seq) return head.posts;
  const { value } = await kv.get<{ posts: number }>(keys.entry(["room", roomId], seq));
  if (!value) throw new Error(`Room ${roomId} has no event ${seq} below its head ${head.seq}`);
  return value.posts;
}
