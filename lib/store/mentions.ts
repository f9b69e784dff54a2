/**
 * Which messages mention a person: a key by room, to count what is unread, and one by time, for the
 * list (`mention_list.ts`). A message that mentions everyone has one key in its room, whoever many that are. All of
 * them change in the commit that changes the text.
 */

import { MAX_UNREAD_MENTIONS } from "../chat/limits.ts";
import type { MentionState } from "../chat/events.ts";
import type { RoomHead } from "./events.ts";
import { keys } from "./keys.ts";
import type { MentionChange } from "./room_plan.ts";

/** Messages to everyone that are looked at in one room for one page. */
export const MAX_WALKED = 200;

/** A message that mentions everyone: whose, and when it was posted. */
export interface MentionOfAll {
  by: string;
  at: number;
}

/** Adds to `atomic` what a message's change of mentions writes and removes. */
export function writeMentions(
  atomic: Deno.AtomicOperation,
  room: string,
  { seq, at, by, before, now }: MentionChange,
): void {
  const [old, wanted] = [peopleIn(before, by), peopleIn(now, by)];
  for (const person of old.difference(wanted)) {
    atomic.delete(keys.mention(person, room, seq)).delete(keys.mentionAt(person, at, room, seq));
  }
  for (const person of wanted.difference(old)) {
    atomic.set(keys.mention(person, room, seq), 1).set(keys.mentionAt(person, at, room, seq), 1);
  }
  if (now.all) atomic.set(keys.mentionOfAll(room, seq), { by, at } satisfies MentionOfAll);
  else if (before.all) atomic.delete(keys.mentionOfAll(room, seq));
}

/** Nobody hears of a mention by themselves. */
function peopleIn({ mentions = [] }: MentionState, author: string): Set<string> {
  return new Set(mentions.filter((id) => id !== author));
}

/** What is asked about a room: its head, the person's pointer, and from where on they see it. */
export interface UnreadMentionsQuery {
  id: string;
  head: RoomHead;
  read: number;
  from?: number;
}

/** `seq` of unread messages that mention a person, in order, the newest `MAX_UNREAD_MENTIONS`. */
export async function listUnreadMentions(
  kv: Deno.Kv,
  userId: string,
  { id, head, read, from = 1 }: UnreadMentionsQuery,
): Promise<number[]> {
  const after = Math.max(read, from - 1);
  const [own, all] = await Promise.all([
    (head.lastMention ?? 0) > after ? ownAfter(kv, userId, id, after) : [],
    (head.lastAll ?? 0) > after ? ofAllAfter(kv, userId, id, after) : [],
  ]);
  return [...new Set([...own, ...all])].sort((a, b) => a - b).slice(-MAX_UNREAD_MENTIONS);
}

const newest = { reverse: true, limit: MAX_UNREAD_MENTIONS };

async function ownAfter(
  kv: Deno.Kv,
  userId: string,
  room: string,
  after: number,
): Promise<number[]> {
  const prefix = keys.mentionsIn(userId, room);
  const entries = kv.list({ prefix, start: [...prefix, after + 1] }, newest);
  return await Array.fromAsync(entries, ({ key }) => Number(key[3]));
}

/** Behind so many of the person's own at the end of the log, those of others are not looked for. */
async function ofAllAfter(
  kv: Deno.Kv,
  userId: string,
  room: string,
  after: number,
): Promise<number[]> {
  const prefix = keys.mentionsOfAll(room);
  const entries = await Array.fromAsync(
    kv.list<MentionOfAll>({ prefix, start: [...prefix, after + 1] }, {
      reverse: true,
      limit: MAX_WALKED,
    }),
  );
  return entries.flatMap(({ key, value }) => value.by === userId ? [] : [Number(key[2])])
    .slice(0, MAX_UNREAD_MENTIONS);
}
