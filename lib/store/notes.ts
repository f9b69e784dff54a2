/**
 * A person's log: what concerns them and not one room, for the sockets of all their devices. Notes
 * are kept a week; a socket that comes later starts from a full `welcome` anyway.
 */

import { retryConflicts } from "./conflicts.ts";
import { keys } from "./keys.ts";
import { appendToLog, type LogHead } from "./logs.ts";
import type { RoomReceipt } from "./receipts.ts";
import type { Settings } from "./settings.ts";

export type UserNote =
  /** They became a member of a room. */
  | { type: "room"; room: string }
  /** Their read pointer moved; `unread` was counted at `head`. */
  | { type: "read"; room: string; seq: number; unread: number; head: number }
  /** They muted a room or marked it as unread, or took that back. */
  | { type: "flags"; room: string; muted: boolean; marked: boolean }
  /** They saved a message, or no longer. */
  | { type: "saved"; room: string; message: number; on: boolean }
  /** Somebody else types in a room of theirs. */
  | { type: "typing"; room: string; by: string }
  /** Their draft in a room is another, or gone. */
  | { type: "draft"; room: string; at: number }
  /** Others have come further in rooms of theirs. */
  | { type: "receipts"; receipts: RoomReceipt[] }
  /** They changed their settings. */
  | { type: "settings"; settings: Settings }
  /** A session ended, named by its hash. */
  | { type: "signed_out"; session: string };

/** Adds a note that stands alone; notes that follow from a change are written in its commit. */
export async function addNote(kv: Deno.Kv, userId: string, note: UserNote): Promise<void> {
  const topic = ["user", userId] as const;
  await retryConflicts(async () => {
    const head = await kv.get<LogHead>(keys.head(topic));
    const atomic = kv.atomic();
    appendToLog(atomic, topic, { head, value: note });
    return (await atomic.commit()).ok || null;
  });
}
