/**
 * Room records in memory, so that the check of every command costs no read. A direct room never
 * changes, so its record may stay; the oldest make place for new ones. A group's is kept only while
 * this instance follows the room's log, which tells of every change: then it is read again.
 */

import { NotFoundError } from "../chat/errors.ts";
import { canRead } from "../chat/permissions.ts";
import { getRoom, type RoomRecord } from "../store/rooms.ts";

const MAX_ROOMS = 50_000;

export class RoomCache {
  #kv: Deno.Kv;
  #isFollowed: (room: string) => boolean;
  #rooms = new Map<string, RoomRecord>();
  /** Counts what was forgotten: a read that was under way then may be of before. */
  #generation = 0;

  /** `isFollowed`: whether no later event of a room's log will be missed. */
  constructor(kv: Deno.Kv, isFollowed: (room: string) => boolean = () => false) {
    this.#kv = kv;
    this.#isFollowed = isFollowed;
  }

  /** The room for one of its members; a promise only when it must be read. */
  getFor(id: string, userId: string): RoomRecord | Promise<RoomRecord> {
    const known = this.#rooms.get(id);
    return known ? checked(known, userId) : this.#read(id, userId);
  }

  /** A group changed, or is not followed any more. */
  forget(id: string): void {
    this.#generation++;
    if (this.#rooms.get(id)?.kind === "group") this.#rooms.delete(id);
  }

  async #read(id: string, userId: string): Promise<RoomRecord> {
    const generation = this.#generation;
    const wasFollowed = this.#isFollowed(id);
    const room = await getRoom(this.#kv, id);
    const isCurrent = wasFollowed && this.#isFollowed(id) && generation === this.#generation;
    if (room && (room.kind === "direct" || isCurrent)) this.#remember(room);
    return checked(room, userId);
  }

  #remember(room: RoomRecord): void {
    this.#rooms.set(room.id, room);
    if (this.#rooms.size <= MAX_ROOMS) return;
    for (const oldest of this.#rooms.keys()) return void this.#rooms.delete(oldest);
  }
}

/** Throws the same {@link NotFoundError} for absent and private. */
function checked(room: RoomRecord | null, userId: string): RoomRecord {
  if (!room || !canRead(room, userId)) throw new NotFoundError("There is no such room.");
  return room;
}
