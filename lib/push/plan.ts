/**
 * Whether somebody is told of a room now, and what: decided by what is stored at this moment, so
 * a message that was deleted or read meanwhile is not told of, nor one to a person who looks at
 * Parley, muted the room or has quiet hours. A try that failed is planned anew.
 */

import { visibleFrom } from "../chat/permissions.ts";
import { isQuiet } from "../chat/quiet_hours.ts";
import type { PostedEvent } from "../chat/events.ts";
import { getUsers, type UserRecord } from "../store/accounts.ts";
import { isAttentive } from "../store/attention.ts";
import { getFlags } from "../store/flags.ts";
import { getHeads, getMessages, listEvents, type RoomHead } from "../store/events.ts";
import {
  getPushed,
  listPushedRooms,
  type PushedEntry,
  type PushedMark,
  shownBy,
} from "../store/pushed.ts";
import { getReadStates } from "../store/reads.ts";
import { getRoom, type RoomRecord } from "../store/rooms.ts";
import { getSettings } from "../store/settings.ts";
import { type Call, isCalled } from "./calls.ts";
import { type Notice, noticeOf } from "./notice.ts";
import type { Urgency } from "./sender.ts";

/** Messages of a room that are looked at; what is unread before them is only counted. */
const LOOKED_AT = 30;
/** A room that made itself heard is silent for so long, in milliseconds. */
const ALERT_EVERY_MS = 30_000;

/** What there is to tell of a room, read once for all its people. */
export interface RoomNews {
  room: RoomRecord;
  head: RoomHead;
  /** The newest messages, oldest first. */
  posts: PostedEvent[];
  /** Messages before those that were asked for. */
  older: PostedEvent[];
  authors: Map<string, UserRecord>;
}

/** A push to somebody's devices. */
export interface Plan {
  notice: Notice;
  urgency: Urgency;
  /** The message that it shows. */
  seq: number;
  /** What a claim writes, but for the time. */
  mark: Omit<PushedMark, "at">;
  /** What to claim it by. */
  from: PushedEntry;
}

/** Why a room is told of. */
export type Occasion =
  /**
   * Messages were posted, from this one on; a notification that shows a deleted one must not any
   * more; edits mention people anew.
   */
  | { from: number; deleted: ReadonlySet<number>; calls: readonly Call[] }
  /** What was claimed for this message, and nothing else, is said again. */
  | { again: number; alert: boolean };

/** What there is to tell of a room, these messages included; `null` if it is gone. */
export async function readNews(
  kv: Deno.Kv,
  roomId: string,
  wanted: readonly number[] = [],
): Promise<RoomNews | null> {
  const [room, [{ head }], { events }] = await Promise.all([
    getRoom(kv, roomId),
    getHeads(kv, [roomId]),
    listEvents(kv, roomId, { limit: LOOKED_AT }),
  ]);
  if (!room) return null;
  const posts = events.filter((event) => event.type === "posted");
  const held = new Set(posts.map(({ seq }) => seq));
  const older = await getMessages(kv, roomId, [...new Set(wanted).difference(held)]);
  const users = await getUsers(kv, [...new Set([...posts, ...older].map(({ by }) => by))]);
  return { room, head, posts, older, authors: new Map(users.map((user) => [user.id, user])) };
}

/** What a person is told of a room's news; `null` for nothing. */
export async function planFor(
  kv: Deno.Kv,
  userId: string,
  news: RoomNews,
  { occasion, now }: { occasion: Occasion; now: number },
): Promise<Plan | null> {
  const from = await getPushed(kv, userId, news.room.id);
  for (const post of candidates(userId, news, from.value, occasion)) {
    const plan = await planPost(kv, userId, { news, post, occasion, from, now });
    if (plan) return plan;
  }
  const isGoing = isGone(news, shownBy(from.value), occasion);
  return isGoing ? await planWithout(kv, userId, news, from) : null;
}

/** What may be shown, the best first: what was said last, an edit at its own time. */
function candidates(
  userId: string,
  news: RoomNews,
  mark: PushedMark | null,
  occasion: Occasion,
): PostedEvent[] {
  const newest = newestFor(userId, news);
  const told = mark?.seq ?? 0;
  if ("again" in occasion) { // only what was not said otherwise, or taken back, meanwhile
    const post = messageIn(news, occasion.again);
    const isSame = occasion.again === shownBy(mark) && (newest?.seq ?? 0) <= told;
    const isMeant = post && isTellable(userId, news, post) &&
      (mark?.shows === undefined || isFor(userId, post));
    return isSame && isMeant ? [post] : [];
  }
  const posted = newest && newest.seq >= occasion.from && newest.seq > told
    ? [{ post: newest, since: newest.seq }]
    : [];
  return [...posted, ...calledBy(userId, news, occasion.calls)]
    .sort((a, b) => b.since - a.since)
    .map(({ post }) => post);
}

/** The messages that were edited to mention the person and still do. */
function calledBy(userId: string, news: RoomNews, calls: readonly Call[]) {
  return calls.flatMap((call) => {
    const post = isCalled(call, userId) ? messageIn(news, call.message) : undefined;
    if (!post || !isTellable(userId, news, post) || !isFor(userId, post)) return [];
    return [{ post, since: call.seq }];
  });
}

async function planPost(
  kv: Deno.Kv,
  userId: string,
  { news, post, occasion, from, now }: {
    news: RoomNews;
    post: PostedEvent;
    occasion: Occasion;
    from: PushedEntry;
    now: number;
  },
): Promise<Plan | null> {
  const unread = await unreadFrom(kv, userId, news, post);
  if (unread === 0 || await isUndisturbed(kv, userId, news.room.id, now)) return null;
  const alert = "again" in occasion ? occasion.alert : now - (from.value?.at ?? 0) > ALERT_EVERY_MS;
  const told = Math.max(from.value?.seq ?? 0, newestFor(userId, news)?.seq ?? 0);
  return await toPlan(kv, userId, { news, post, told, unread, alert, from });
}

/** Whether a person may still read a message and has not. */
export async function isUnread(
  kv: Deno.Kv,
  userId: string,
  roomId: string,
  seq: number,
): Promise<boolean> {
  const [room, [{ head }]] = await Promise.all([getRoom(kv, roomId), getHeads(kv, [roomId])]);
  if (!room || visibleFrom(room, userId) > seq) return false;
  const [read] = await getReadStates(kv, userId, [{ id: roomId, head }]);
  return read.seq < seq;
}

/** Whether the message that is shown was deleted. */
function isGone(news: RoomNews, shown: number, occasion: Occasion): boolean {
  if (!("again" in occasion)) return occasion.deleted.has(shown);
  return occasion.again === shown && messageIn(news, shown)?.deleted === true;
}

/**
 * What is shown was deleted: the newest unread message before it, or that it is gone, takes its
 * place without a sound, also at hours and in rooms that make none.
 */
async function planWithout(
  kv: Deno.Kv,
  userId: string,
  news: RoomNews,
  from: PushedEntry,
): Promise<Plan> {
  const { seq: told, at } = from.value!;
  const older = newestFor(userId, news, told);
  const unread = older ? await unreadFrom(kv, userId, news, older) : 0;
  if (older && unread > 0) {
    return await toPlan(kv, userId, { news, post: older, unread, alert: false, from });
  }
  const seq = shownBy(from.value);
  const gone = messageIn(news, seq) ?? { by: "", id: "", posts: 0 };
  const post = { ...gone, type: "posted", seq, at, text: "This message was deleted" } as const;
  return await toPlan(kv, userId, { news, post, told, unread: 1, alert: false, from });
}

async function toPlan(
  kv: Deno.Kv,
  userId: string,
  { news, post, told = post.seq, unread, alert, from }: {
    news: RoomNews;
    post: PostedEvent;
    /** The newest message that it tells of. */
    told?: number;
    unread: number;
    alert: boolean;
    from: PushedEntry;
  },
): Promise<Plan> {
  const { room, authors } = news;
  const said = noticeOf({ room, post, author: authors.get(post.by), unread });
  const open = new Set([...await listPushedRooms(kv, userId), room.id]);
  return {
    notice: { type: "message", ...said, alert, open: [...open] },
    urgency: room.kind === "direct" || isFor(userId, post) ? "high" : "normal",
    seq: post.seq,
    mark: { seq: told, ...told !== post.seq && { shows: post.seq } },
    from,
  };
}

/** Whether a message in a group mentions the person, or all. */
function isFor(userId: string, { mentions, all }: PostedEvent): boolean {
  return all === true || mentions?.includes(userId) === true;
}

/** The newest message that the person can be told of, up to one. */
function newestFor(userId: string, news: RoomNews, upTo = Infinity): PostedEvent | undefined {
  return news.posts.findLast((post) => post.seq <= upTo && isTellable(userId, news, post));
}

/** Whether a message is of somebody else, is there, and may be seen. */
function isTellable(userId: string, { room }: RoomNews, { seq, by, deleted }: PostedEvent) {
  return by !== userId && !deleted && visibleFrom(room, userId) <= seq;
}

function messageIn({ posts, older }: RoomNews, seq: number): PostedEvent | undefined {
  return posts.find((post) => post.seq === seq) ?? older.find((post) => post.seq === seq);
}

/** How many messages are unread with this one; 0 if it was read itself. */
async function unreadFrom(
  kv: Deno.Kv,
  userId: string,
  { room, head }: RoomNews,
  post: PostedEvent,
): Promise<number> {
  const [{ seq, unread }] = await getReadStates(kv, userId, [{ id: room.id, head }]);
  return post.seq <= seq ? 0 : Math.max(unread, 1);
}

/** Whether a person wants nothing now: the room is muted, it is quiet, or they look anyway. */
async function isUndisturbed(
  kv: Deno.Kv,
  userId: string,
  roomId: string,
  now: number,
): Promise<boolean> {
  const [{ quiet }, { muted }, attentive] = await Promise.all([
    getSettings(kv, userId),
    getFlags(kv, userId, roomId),
    isAttentive(kv, userId),
  ]);
  return attentive || muted === true || quiet !== null && isQuiet(quiet, now);
}
