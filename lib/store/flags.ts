/**
 * What a person has set for one room of theirs, on all their devices: that it is muted, that it
 * shall look unread. Most rooms have nothing set and no key. A read pointer that moves takes the
 * mark away in its own commit, see `reads.ts`.
 */

import { retryConflicts } from "./conflicts.ts";
import { keys } from "./keys.ts";
import { appendToLog, type LogHead } from "./logs.ts";
import type { UserNote } from "./notes.ts";

/** A person's flags of a room as they are stored, and as their summary shows them. */
export interface StoredFlags {
  muted?: true;
  marked?: true;
}

/** The same with every flag said. */
export type Flags = { [F in keyof StoredFlags]-?: boolean };

/** A person's flags of a room. */
export async function getFlags(
  kv: Deno.Kv,
  userId: string,
  roomId: string,
): Promise<StoredFlags> {
  return (await kv.get<StoredFlags>(keys.flag(userId, roomId))).value ?? {};
}

/** A person's flags of all their rooms, by room; those with nothing set are not in it. */
export async function listFlags(
  kv: Deno.Kv,
  userId: string,
): Promise<ReadonlyMap<string, StoredFlags>> {
  const flags = new Map<string, StoredFlags>();
  const entries = kv.list<StoredFlags>({ prefix: keys.flags(userId) }, { batchSize: 500 });
  for await (const { key, value } of entries) flags.set(String(key[2]), value);
  return flags;
}

/** Sets some of a person's flags of a room and tells their sockets. Answers all of them. */
export async function setFlags(
  kv: Deno.Kv,
  userId: string,
  roomId: string,
  change: Partial<Flags>,
): Promise<Flags> {
  const key = keys.flag(userId, roomId);
  const topic = ["user", userId] as const;
  return await retryConflicts(async () => {
    const [old, head] = await kv.getMany<[StoredFlags, LogHead]>([key, keys.head(topic)]);
    const flags: Flags = {
      muted: change.muted ?? old.value?.muted ?? false,
      marked: change.marked ?? old.value?.marked ?? false,
    };
    const note: UserNote = { type: "flags", room: roomId, ...flags };
    const atomic = kv.atomic().check(old);
    writeFlags(atomic, key, flags);
    appendToLog(atomic, topic, { head, value: note });
    return (await atomic.commit()).ok ? flags : null;
  });
}

/** Adds to `atomic` what stores these flags, or no key for none. */
export function writeFlags(
  atomic: Deno.AtomicOperation,
  key: Deno.KvKey,
  { muted, marked }: Partial<Flags>,
): void {
  if (!muted && !marked) return void atomic.delete(key);
  atomic.set(key, { ...muted && { muted }, ...marked && { marked } });
}
