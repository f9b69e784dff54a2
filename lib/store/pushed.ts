/**
 * What stands in people's notification trays, as far as is known: for a person and a room, the
 * newest message that a push was sent for. Who writes it first sends, so that of several instances
 * one does; who takes it away tells the devices that the room was read.
 */

import { retryConflicts } from "./conflicts.ts";
import { keys } from "./keys.ts";

/** Push services keep a push for a device that is away as long; then nobody needs to know. */
export const PUSH_TTL_MS = 24 * 60 * 60 * 1000;

/** The push of a room that a person got last. */
export interface PushedMark {
  /** The newest message that was told of. */
  seq: number;
  /** The message that it showed, if that is an older one: it was edited. */
  shows?: number;
  at: number;
}

/** The message that a push showed; 0 for none. */
export function shownBy(mark: PushedMark | null): number {
  return mark?.shows ?? mark?.seq ?? 0;
}

/** The mark with the version that a claim checks. */
export type PushedEntry = Deno.KvEntryMaybe<PushedMark>;

/** The mark of a person in a room. */
export function getPushed(kv: Deno.Kv, userId: string, roomId: string): Promise<PushedEntry> {
  return kv.get<PushedMark>(keys.pushed(userId, roomId));
}

/** Rooms of which a person has a notification. */
export async function listPushedRooms(kv: Deno.Kv, userId: string): Promise<string[]> {
  const rooms: string[] = [];
  for await (const { key } of kv.list({ prefix: keys.pushedOf(userId) }, { limit: 100 })) {
    rooms.push(String(key[2]));
  }
  return rooms;
}

/** Claims that a push is sent now; `false` when another instance was first. */
export async function claimPushed(
  kv: Deno.Kv,
  from: PushedEntry,
  mark: PushedMark,
): Promise<boolean> {
  const atomic = () => kv.atomic().check(from).set(from.key, mark, { expireIn: PUSH_TTL_MS });
  return await retryConflicts(async () => (await atomic().commit()).ok);
}

/** Takes the mark away; `false` when it has changed or somebody else did. */
export async function dropPushed(kv: Deno.Kv, from: PushedEntry): Promise<boolean> {
  if (from.value === null) return false;
  return await retryConflicts(async () =>
    (await kv.atomic().check(from).delete(from.key).commit()).ok
  );
}
