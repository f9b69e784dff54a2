/**
 * A room's log of events, read: heads, pages, and what everyone may see of a stored entry. What
 * writes it is `commits.ts`; the entry of a message is rewritten there with each change, so one
 * read of it is the message at one moment, with the `seq` of the last change that is in it.
 */

import { MAX_PAGE_EVENTS, PAGE_EVENTS } from "../chat/limits.ts";
import { asSeenFrom, mentionsIn } from "../chat/messages.ts";
import type {
  ConfiguredEvent,
  EditedEvent,
  MembersEvent,
  MessageState,
  PostedEvent,
  ReactedEvent,
  RoleEvent,
  RoomEvent,
} from "../chat/events.ts";
import type { EventPage } from "../chat/pages.ts";
import type { LastPost } from "../chat/rooms.ts";
import type { Landmark } from "./dedupe.ts";
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
  /** When the newest event was stored. */
  at?: number;
  /** `seq` of the newest message that was deleted: what is unread after it was not deleted. */
  lastGone?: number;
  /** How many messages are pinned. */
  pins?: number;
  /** `seq` of the newest message that ever mentioned somebody, and everyone. */
  lastMention?: number;
  lastAll?: number;
  /** Of a group: its members, so the most authors in `own`. */
  members?: number;
  /** Of a group: `seq` of the newest event by which somebody ceased to be a member. */
  left?: number;
  /** The greatest id of all messages and changes: what has a greater one is new. */
  newestId?: string;
  /** The newest landmark but one and the newest, see `dedupe.ts`. */
  marks?: readonly [Landmark, Landmark];
  /** `last`, when it is the newest event, says all that its message does, and `newestId` is its id. */
  plain?: boolean;
}

/** A head with the version that a commit checks. */
export interface HeadVersion {
  head: RoomHead;
  versionstamp: string | null;
}

/** The head of a log that nothing was appended to. */
export const NO_HEAD: RoomHead = {
  seq: 0,
  posts: 0,
  own: {},
  last: null,
  newestId: "",
  marks: [{ id: "", seq: 0 }, { id: "", seq: 0 }],
};

/** The heads of rooms, in order. */
export async function getHeads(kv: Deno.Kv, rooms: readonly string[]): Promise<HeadVersion[]> {
  const entries = await getAll<RoomHead>(kv, rooms.map((room) => keys.head(["room", room])));
  return entries.map(({ value, versionstamp }) => ({ head: value ?? NO_HEAD, versionstamp }));
}

/** The newest event, if the head tells all of it: most messages are short and plain. */
export function newestIn(head: RoomHead): PostedEvent | null {
  const { seq, posts, last, newestId: id, plain } = head;
  if (!plain || last?.seq !== seq || !id) return null;
  const { at, by, text } = last;
  return { type: "posted", seq, at, by, id, posts, text };
}

/** What of a stored entry everyone sees. `seq` is in the key. */
export function fromStored({ seq, value }: LogEntry): RoomEvent {
  const { type, at, by, id, posts, ...rest } = value as RoomEvent;
  const base = { seq, at, by, id, posts };
  if (type === "posted") return { type, ...base, ...stateOf(rest as PostedEvent) };
  const { message, text, emoji, on } = rest as EditedEvent & ReactedEvent;
  switch (type) {
    case "edited":
      return { type, ...base, message, text, ...mentionsIn(rest as EditedEvent) };
    case "reacted":
      return { type, ...base, message, emoji, on };
    case "pinned":
      return { type, ...base, message, on };
    case "deleted":
      return { type, ...base, message };
    case "members": {
      const { what, people } = rest as MembersEvent;
      return { type, ...base, what, people };
    }
    case "role": {
      const { person, role } = rest as RoleEvent;
      return { type, ...base, person, role };
    }
    case "configured":
      return { type, ...base, ...settingsOf(rest as ConfiguredEvent) };
  }
}

function settingsOf(
  { name, picture, image, public: open, history }: Omit<ConfiguredEvent, "type">,
) {
  return {
    ...name !== undefined && { name },
    ...picture !== undefined && { picture },
    ...image !== undefined && { image },
    ...open !== undefined && { public: open },
    ...history !== undefined && { history },
  };
}

type PostedState = MessageState & { reply?: number };

function stateOf(state: PostedState): PostedState {
  const { text, files, reply, editedAt, deleted, reactions, forwarded, pinned, changed } = state;
  return {
    text,
    ...files && { files },
    ...reply !== undefined && { reply },
    ...editedAt !== undefined && { editedAt },
    ...deleted && { deleted },
    ...reactions && { reactions },
    ...mentionsIn(state),
    ...forwarded && { forwarded },
    ...pinned && { pinned },
    ...changed !== undefined && { changed },
  };
}

/** Which part of a room's log is wanted: the newest, or up to a side of a `seq`, which is left out. */
export interface EventQuery {
  before?: number;
  after?: number;
  /** Half of the page before it, it and the rest of the page after. */
  around?: number;
  limit?: number;
  /** First `seq` that the reader may see, see `visibleFrom`. */
  from?: number;
}

/**
 * A gapless page of a room's events, oldest first. Messages in it are as they are now: changes that
 * are far later in the log are in them already. Backwards, `limit` counts messages, so that a page
 * of a room where much was changed still shows some; it never holds more than `MAX_PAGE_EVENTS`.
 */
export async function listEvents(
  kv: Deno.Kv,
  room: string,
  { before, after, around, limit = PAGE_EVENTS, from = 1 }: EventQuery,
): Promise<EventPage> {
  const [{ head }] = await getHeads(kv, [room]);
  const end = Math.max(from, Math.min(head.seq + 1, before ?? Infinity));
  const start = after === undefined ? end : Math.max(from, after + 1);
  const read = around !== undefined
    ? await readAround(kv, room, { seq: Math.max(from, around), end, limit, from })
    : after === undefined
    ? await readBackwards(kv, room, { end, limit, from })
    : await readForwards(kv, room, { first: start, end, limit });
  const events = read.map((event) => asSeenFrom(event, from));
  const quoted = await readQuoted(kv, room, { events, from });
  const first = events[0]?.seq ?? start;
  const next = events.length > 0 ? events[events.length - 1].seq + 1 : Math.max(first, 1);
  const page = { room, events, head: head.seq, older: first > from, newer: next <= head.seq };
  return quoted.length > 0 ? { ...page, quoted } : page;
}

async function readAround(
  kv: Deno.Kv,
  room: string,
  { seq, end, limit, from }: { seq: number; end: number; limit: number; from: number },
): Promise<RoomEvent[]> {
  const after = Math.ceil(Math.min(limit, MAX_PAGE_EVENTS) / 2);
  const [older, newer] = await Promise.all([
    readBackwards(kv, room, { end: Math.min(seq, end), limit: Math.floor(limit / 2), from }),
    readForwards(kv, room, { first: seq, end, limit: after }),
  ]);
  return [...older.slice(-(MAX_PAGE_EVENTS - newer.length)), ...newer];
}

/** The messages at these places of a room's log, which must hold something. */
export async function getMessages(
  kv: Deno.Kv,
  room: string,
  seqs: readonly number[],
): Promise<PostedEvent[]> {
  const entries = await getAll<unknown>(kv, seqs.map((seq) => keys.entry(["room", room], seq)));
  return entries.map(({ value }, i) => fromStored({ seq: seqs[i], value }))
    .filter((event) => event.type === "posted");
}

/** The messages that these answer and that are not among them. */
async function readQuoted(
  kv: Deno.Kv,
  room: string,
  { events, from }: { events: readonly RoomEvent[]; from: number },
): Promise<PostedEvent[]> {
  const held = new Set(events.map(({ seq }) => seq));
  const wanted = events.flatMap((event) =>
    event.type === "posted" && event.reply !== undefined && !held.has(event.reply)
      ? [event.reply]
      : []
  );
  return await getMessages(kv, room, [...new Set(wanted)].filter((seq) => seq >= from));
}

async function readForwards(
  kv: Deno.Kv,
  room: string,
  { first, end, limit }: { first: number; end: number; limit: number },
): Promise<RoomEvent[]> {
  const last = Math.min(end, first + Math.min(limit, MAX_PAGE_EVENTS));
  if (first >= last) return [];
  const entries = kv.list(rangeOf(room, first, last), { batchSize: MAX_PAGE_EVENTS });
  return await Array.fromAsync(entries, toEvent);
}

async function readBackwards(
  kv: Deno.Kv,
  room: string,
  { end, limit, from }: { end: number; limit: number; from: number },
): Promise<RoomEvent[]> {
  const events: RoomEvent[] = [];
  let messages = 0;
  if (end <= from || limit < 1) return events;
  const options = { reverse: true, limit: MAX_PAGE_EVENTS, batchSize: MAX_PAGE_EVENTS };
  for await (const entry of kv.list(rangeOf(room, from, end), options)) {
    const event = toEvent(entry);
    events.push(event);
    if (event.type === "posted" && ++messages >= limit) break;
  }
  return events.reverse();
}

function rangeOf(room: string, first: number, end: number): Deno.KvListSelector {
  return { start: keys.entry(["room", room], first), end: keys.entry(["room", room], end) };
}

function toEvent({ key, value }: Deno.KvEntry<unknown>): RoomEvent {
  return fromStored({ seq: Number(key[3]), value });
}
