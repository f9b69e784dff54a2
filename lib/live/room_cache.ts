/**
 * Room records in memory, so that the check of every command and every delivery costs no read.
 * A direct room never changes, so a record may stay for ever; the oldest make place for new ones.
 */

import { NotFoundError } from "../chat/errors.ts";
import { canRead } from "../chat/permissions.ts";
import { getRoom, type RoomRecord } from "../store/rooms.ts";

const MAX_ROOMS = 50_000;

export class RoomCache {
  #kv: Deno.Kv;
  #rooms = new Map<string, RoomRecord>();

  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /** The room for one of its members; a promise only when it must be read. */
  getFor(id: string, userId: string): RoomRecord | Promise<RoomRecord> {
    const known = this.#rooms.get(id);
    return known ? checked(known, userId) : this.#read(id, userId);
  }

  async #read(id: string, userId: string): Promise<RoomRecord> {
    const room = await getRoom(this.#kv, id);
    if (room) this.#remember(room);
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
