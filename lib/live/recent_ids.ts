/**
 * The ids of the newest entries of busy rooms, as they were delivered here, so that one that comes a
 * little late is known to be new without reading the log.
 */

import { LANDMARK_EVERY, type Stretch } from "../store/dedupe.ts";

/** Ids of a room: those since the last landmark but one, and some more. */
export const MAX_IDS = 3 * LANDMARK_EVERY;
/** Rooms; 10 KB each at most. */
const MAX_ROOMS = 1_000;

export class RecentIds {
  /** By room, by `seq`. */
  #rooms = new Map<string, Map<number, string>>();

  add(room: string, entries: readonly { seq: number; id: string }[]): void {
    const ids = this.#rooms.get(room) ?? new Map<number, string>();
    this.#rooms.delete(room);
    this.#rooms.set(room, ids);
    for (const { seq, id } of entries) ids.set(seq, id);
    dropFirst(ids, MAX_IDS);
    dropFirst(this.#rooms, MAX_ROOMS);
  }

  /** The first entry of a stretch whose id is not known; `null` if all are. */
  missing(room: string, { after, upTo }: Stretch): number | null {
    const ids = this.#rooms.get(room);
    for (let seq = after + 1; seq <= upTo; seq++) if (!ids?.has(seq)) return seq;
    return null;
  }

  /** The ids of a stretch, or `null` if some are not known. */
  of(room: string, { after, upTo }: Stretch): string[] | null {
    const ids = this.#rooms.get(room);
    const found: string[] = [];
    for (let seq = after + 1; seq <= upTo; seq++) {
      const id = ids?.get(seq);
      if (id === undefined) return null;
      found.push(id);
    }
    return found;
  }
}

function dropFirst(map: Map<unknown, unknown>, max: number): void {
  for (const key of map.keys()) {
    if (map.size <= max) return;
    map.delete(key);
  }
}
