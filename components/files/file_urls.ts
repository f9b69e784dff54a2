/**
 * Where the files of messages are. What was sent from this tab is shown from its own memory, before
 * and after the server has it, so that a picture does not come back over the network.
 */

import type { FileRef } from "../../lib/chat/file_refs.ts";
import type { PendingFile } from "../models.ts";

/** Own files that are held for showing them again; the oldest is let go. */
const MAX_HELD = 60;
const held = new Map<string, string>();

/** The address of a file of a room's message. */
export function fileUrl(room: string, { id }: FileRef, pending?: PendingFile): string {
  const url = held.get(id) ?? (pending && localUrl(pending));
  if (!url) return `/api/rooms/${room}/files/${id}`;
  if (!held.has(id)) hold(id, url);
  return url;
}

/** The address of a file in this tab's memory, if it is there. */
export function localUrl({ key, blob, raw }: PendingFile): string | undefined {
  const name = raw ? `${key} raw` : key;
  if (!held.has(name) && blob) hold(name, URL.createObjectURL(blob));
  return held.get(name);
}

function hold(id: string, url: string): void {
  held.set(id, url);
  const [oldest] = held;
  if (held.size <= MAX_HELD) return;
  held.delete(oldest[0]);
  if (![...held.values()].includes(oldest[1])) URL.revokeObjectURL(oldest[1]);
}
