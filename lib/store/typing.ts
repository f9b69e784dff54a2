/**
 * Who types: told in the logs of those who may want to see it. These are watched already by every
 * instance that has sockets of theirs, so typing crosses instances without a watch of its own, for
 * one commit of two keys for each reader, at most every three seconds for each writer, and none
 * for readers who are not there. It is no event of the room and may be lost.
 */

import { TYPING_MS } from "../chat/limits.ts";
import { keys } from "./keys.ts";
import { appendToLog, type LogHead } from "./logs.ts";
import type { UserNote } from "./notes.ts";

/** Nobody reads such a note later than it is shown; some minutes cover a database that was away. */
const KEEP_MS = 10 * 60 * 1000 + TYPING_MS;

/** Tells a reader that somebody types in a room. Gives up when another note is first. */
export async function tellTyping(
  kv: Deno.Kv,
  reader: string,
  { room, by }: { room: string; by: string },
): Promise<void> {
  const topic = ["user", reader] as const;
  const head = await kv.get<LogHead>(keys.head(topic));
  const note: UserNote = { type: "typing", room, by };
  const atomic = kv.atomic();
  appendToLog(atomic, topic, { head, value: note, keepMs: KEEP_MS });
  await atomic.commit();
}
