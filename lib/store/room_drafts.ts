/**
 * What a person has begun to write in a room and not sent: one text a person and room, the same on
 * all their devices. The note of a change does not carry the text, so that a draft which is gone is
 * gone, and not a week later.
 */

import { MAX_DRAFTS } from "../chat/limits.ts";
import type { RoomDraft } from "../chat/rooms.ts";
import { retryConflicts } from "./conflicts.ts";
import { keys } from "./keys.ts";
import { appendToLog, type LogHead } from "./logs.ts";
import type { UserNote } from "./notes.ts";

/** The note is of use while a socket is on its way; a `welcome` has the draft itself. */
const KEEP_MS = 10 * 60 * 1000;

/** A person's draft in a room, or `null`. */
export async function getDraft(
  kv: Deno.Kv,
  userId: string,
  roomId: string,
): Promise<RoomDraft | null> {
  return (await kv.get<RoomDraft>(keys.draft(userId, roomId))).value;
}

/** All drafts of a person, by room. */
export async function listDrafts(
  kv: Deno.Kv,
  userId: string,
): Promise<ReadonlyMap<string, RoomDraft>> {
  const drafts = new Map<string, RoomDraft>();
  const entries = kv.list<RoomDraft>({ prefix: keys.drafts(userId) }, { batchSize: 100 });
  for await (const { key, value } of entries) drafts.set(String(key[2]), value);
  return drafts;
}

/**
 * Sets a person's draft in a room and tells their sockets; one without a text is removed. Its `at` is
 * above that of the draft before. The oldest of more than {@link MAX_DRAFTS} is dropped.
 */
export async function setDraft(
  kv: Deno.Kv,
  userId: string,
  roomId: string,
  { text, reply }: { text: string; reply?: number },
): Promise<RoomDraft> {
  const key = keys.draft(userId, roomId);
  const topic = ["user", userId] as const;
  return await retryConflicts(async () => {
    const [old, head] = await kv.getMany<[RoomDraft, LogHead]>([key, keys.head(topic)]);
    const at = Math.max(Date.now(), (old.value?.at ?? 0) + 1);
    const draft: RoomDraft = { text, at, ...reply !== undefined && { reply } };
    if (text === "" && !old.value) return draft;
    const note: UserNote = { type: "draft", room: roomId, at };
    const atomic = kv.atomic().check(old);
    if (text === "") atomic.delete(key);
    else atomic.set(key, draft);
    if (text !== "" && !old.value) await dropOldest(kv, atomic, userId);
    appendToLog(atomic, topic, { head, value: note, keepMs: KEEP_MS });
    return (await atomic.commit()).ok ? draft : null;
  });
}

/** Removes a draft that was sent, if there is one. */
export async function removeDraft(kv: Deno.Kv, userId: string, roomId: string): Promise<void> {
  if (await getDraft(kv, userId, roomId)) await setDraft(kv, userId, roomId, { text: "" });
}

/** Makes place for one more. */
async function dropOldest(
  kv: Deno.Kv,
  atomic: Deno.AtomicOperation,
  userId: string,
): Promise<void> {
  const drafts = [...await listDrafts(kv, userId)];
  if (drafts.length < MAX_DRAFTS) return;
  const [[room]] = drafts.sort(([, a], [, b]) => a.at - b.at);
  atomic.delete(keys.draft(userId, room));
}
