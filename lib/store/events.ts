/**
 * A room's log of events. Appending is one atomic for many rooms: it checks each room's head and
 * each post's dedupe key, then sets events, heads and keys. So `seq` is gapless, and the same
 * client id is stored once, for ever, whichever instance commits it.
 */

import { MAX_PAGE_EVENTS, PAGE_EVENTS } from "../chat/limits.ts";
import { previewOf } from "../chat/text.ts";
import type { EventPage, LastPost, PostedEvent, RoomEvent } from "../chat/values.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import type { LogEntry } from "./logs.ts";

/** The head of a room's log: the watched key. */
export interface RoomHead {
  seq: number;
  /** Messages in the room. */
  posts: number;
  /** Messages by author: who posted them does not count them as unread. */
  own: Record<string, number>;
  last: LastPost | null;
}

/** A head with the version that a commit checks. */
export interface HeadVersion {
  head: RoomHead;
  versionstamp: string | null;
}

/** A message that waits to be stored. */
export interface Draft {
  room: string;
  by: string;
  id: string;
  text: string;
}

/** Where a message was stored: what its sender is told, the first time and each time again. */
export interface Ack {
  seq: number;
  at: number;
}

/** A room's part in one commit. */
export interface RoomBatch {
  room: string;
  from: HeadVersion;
  drafts: Draft[];
}

/** A room's part of a commit that succeeded: an event for each draft, in order. */
export interface RoomCommit {
  room: string;
  to: HeadVersion;
  events: PostedEvent[];
}

/** Checks of one commit: a head for each room and a dedupe key for each post. KV allows 100. */
export const MAX_CHECKS = 100;
/** What the KV Connect protocol allows: https://github.com/denoland/denokv, proto/kv-connect.md */
export const MAX_REMOTE_CHECKS = 10;
/** Messages of one commit: KV allows 1,000 mutations, and each message has two, and each room one. */
export const MAX_COMMIT_POSTS = 300;
/** Bytes of message text in one commit; KV allows 800 KB for everything in it. */
export const MAX_COMMIT_BYTES = 400_000;

const NO_HEAD: RoomHead = { seq: 0, posts: 0, own: {}, last: null };

/** The heads of rooms, in order. */
export async function getHeads(kv: Deno.Kv, rooms: readonly string[]): Promise<HeadVersion[]> {
  const entries = await getAll<RoomHead>(kv, rooms.map((room) => keys.head(["room", room])));
  return entries.map(({ value, versionstamp }) => ({ head: value ?? NO_HEAD, versionstamp }));
}

/** The first acks of drafts that are stored already; `null` for the new ones. In order. */
export async function getAcks(kv: Deno.Kv, drafts: readonly Draft[]): Promise<(Ack | null)[]> {
  const entries = await getAll<Ack>(kv, drafts.map((d) => keys.sent(d.room, d.by, d.id)));
  return entries.map(({ value }) => value);
}

/**
 * Stores all batches in one commit, or nothing: `null` says that a head moved or an id was stored
 * before. Ids must be distinct within a room and author. Throws what KV throws.
 *
 * `checkIds: false` spares a check for each post; the caller must then have read with `getAcks`,
 * *after* it learnt the heads that it passes, that no id is stored. That is as good: each post
 * moves its room's head, so an unmoved head means that nothing was stored since.
 */
export async function commitPosts(
  kv: Deno.Kv,
  batches: readonly RoomBatch[],
  { at, checkIds = true }: { at: number; checkIds?: boolean },
): Promise<RoomCommit[] | null> {
  const atomic = kv.atomic();
  const commits = batches.map((batch) => appendBatch(atomic, batch, { at, checkIds }));
  const result = await atomic.commit();
  if (!result.ok) return null;
  for (const commit of commits) commit.to.versionstamp = result.versionstamp;
  return commits;
}

function appendBatch(
  atomic: Deno.AtomicOperation,
  batch: RoomBatch,
  { at, checkIds }: { at: number; checkIds: boolean },
): RoomCommit {
  const { room, from, drafts } = batch;
  const headKey = keys.head(["room", room]);
  const events = drafts.map((draft, i) => toEvent(draft, from.head, i + 1, at));
  atomic.check({ key: headKey, versionstamp: from.versionstamp });
  for (const event of events) addPost(atomic, room, event, checkIds);
  const { seq, at: lastAt, by, text, posts } = events[events.length - 1];
  const own = { ...from.head.own };
  for (const { by } of events) own[by] = (own[by] ?? 0) + 1;
  const head: RoomHead = { seq, posts, own, last: { seq, at: lastAt, by, text: previewOf(text) } };
  atomic.set(headKey, head);
  return { room, to: { head, versionstamp: null }, events };
}

function toEvent(draft: Draft, head: RoomHead, n: number, at: number): PostedEvent {
  const { by, id, text } = draft;
  // Clocks of instances differ; within a room time never runs backwards.
  const notBefore = Math.max(at, head.last?.at ?? 0);
  return { type: "posted", seq: head.seq + n, at: notBefore, by, id, text, posts: head.posts + n };
}

function addPost(
  atomic: Deno.AtomicOperation,
  room: string,
  event: PostedEvent,
  checkId: boolean,
): void {
  const { seq, at, by, id } = event;
  const sent = keys.sent(room, by, id);
  if (checkId) atomic.check({ key: sent, versionstamp: null });
  atomic.set(sent, { seq, at })
    .set(keys.entry(["room", room], seq), toStored(event));
}

/** `seq` is in the key. */
function toStored({ seq: _, ...stored }: PostedEvent): Omit<PostedEvent, "seq"> {
  return stored;
}

/** A stored entry of a room's log as the event that everyone sees. */
export function fromStored({ seq, value }: LogEntry): RoomEvent {
  const { type, at, by, id, text, posts } = value as Omit<PostedEvent, "seq">;
  return { type, seq, at, by, id, text, posts };
}

/** Which part of a room's log is wanted: the newest, or up to a side of a `seq`, which is left out. */
export interface EventQuery {
  before?: number;
  after?: number;
  limit?: number;
}

/** A gapless page of a room's events, oldest first. */
export async function listEvents(
  kv: Deno.Kv,
  room: string,
  { before, after, limit = PAGE_EVENTS }: EventQuery,
): Promise<EventPage> {
  const [{ head }] = await getHeads(kv, [room]);
  const count = Math.min(limit, MAX_PAGE_EVENTS);
  const first = after !== undefined
    ? after + 1
    : Math.max(1, Math.min(before ?? Infinity, head.seq + 1) - count);
  const end = Math.min(first + count, head.seq + 1, before ?? Infinity);
  const events: RoomEvent[] = [];
  if (first < end) {
    const selector = {
      start: keys.entry(["room", room], first),
      end: keys.entry(["room", room], end),
    };
    for await (const { key, value } of kv.list(selector, { batchSize: MAX_PAGE_EVENTS })) {
      events.push(fromStored({ seq: Number(key[3]), value }));
    }
  }
  return { room, events, head: head.seq, older: first > 1, newer: Math.max(end, 1) <= head.seq };
}
