/**
 * The list of public groups, in the order of their folded names. `group_writes.ts` writes it together
 * with the records. A filtered page looks at a bounded part of it, so it may hold few or none.
 */

import { BROWSED_ROOMS, MAX_BROWSED_ROOMS } from "../chat/limits.ts";
import { nameTerms } from "../chat/text.ts";
import type { RoomsPage } from "../chat/pages.ts";
import type { RoomCard } from "../chat/rooms.ts";
import { decodeCursor, encodeCursor } from "./cursors.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import type { PublicRoom } from "./group_writes.ts";

/** Most entries that one filtered page looks at. */
const MAX_SCAN = 2_000;

/** What part of the list is wanted. */
export interface PublicRoomsQuery {
  /** Words; each must begin a word of the name. */
  q?: string;
  /** `next` of the page before. */
  after?: string;
  limit?: number;
}

/** A page of public groups; `viewer` is told which are theirs already. */
export async function listPublicRooms(
  kv: Deno.Kv,
  viewer: string,
  { q = "", after, limit = BROWSED_ROOMS }: PublicRoomsQuery,
): Promise<RoomsPage> {
  const prefix = keys.publicRooms();
  const start = after === undefined ? undefined : [...prefix, ...decodeCursor(after, 2), ""];
  const terms = nameTerms(q);
  const most = Math.min(limit, MAX_BROWSED_ROOMS);
  const found: Omit<RoomCard, "member">[] = [];
  let last: Deno.KvKey | null = null;
  let scanned = 0;
  const selector = start ? { prefix, start } : { prefix };
  for await (const { key, value } of kv.list<PublicRoom>(selector, { limit: MAX_SCAN })) {
    if (found.length === most) return await page(kv, viewer, found, last);
    [last, scanned] = [key, scanned + 1];
    if (matches(value.name, terms)) found.push({ id: String(key[2]), ...value });
  }
  return await page(kv, viewer, found, scanned === MAX_SCAN ? last : null);
}

async function page(
  kv: Deno.Kv,
  viewer: string,
  rooms: Omit<RoomCard, "member">[],
  last: Deno.KvKey | null,
): Promise<RoomsPage> {
  const memberships = await getAll(kv, rooms.map(({ id }) => keys.userRoom(viewer, id)));
  return {
    rooms: rooms.map((room, i) => ({ ...room, member: memberships[i].value !== null })),
    next: last && encodeCursor(last.slice(1)),
  };
}

function matches(name: string, terms: readonly string[]): boolean {
  const words = nameTerms(name);
  return terms.every((term) => words.some((word) => word.startsWith(term)));
}
