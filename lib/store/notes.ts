/**
 * A person's log: what concerns them and not one room, for the sockets of all their devices. Notes
 * are kept a week; a socket that comes later starts from a full `welcome` anyway.
 */

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
  /** They changed their settings. */
  | { type: "settings"; settings: Settings }
  /** A session ended, named by its hash. */
  | { type: "signed_out"; session: string };
