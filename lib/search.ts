/**
 * A search by a person: in one room or in all that they may read, each from where they may read it.
 * The index says where to look; what is shown is read from the log at the end, so that a message
 * that was edited or deleted meanwhile is shown as it is, or not.
 */

import { visibleFrom } from "./chat/permissions.ts";
import { flagsOf } from "./chat/search_flags.ts";
import { isEmptySearch, parseSearch, type SearchQuery } from "./chat/search_query.ts";
import { snippetOf } from "./chat/search_snippet.ts";
import { messageLine } from "./chat/search_text.ts";
import { InvalidError, NotFoundError } from "./chat/errors.ts";
import { PAGE_HITS } from "./chat/limits.ts";
import type { SearchHit, SearchPage } from "./chat/pages.ts";
import type { Live } from "./live/live.ts";
import { getUsers, toPerson } from "./store/accounts.ts";
import { decodeCursor, encodeCursor } from "./store/cursors.ts";
import { listRoomIds, type RoomRecord } from "./store/rooms.ts";
import { entryOf } from "./store/search_blocks.ts";
import { matches, type SearchFilter } from "./store/search_match.ts";
import { findAuthors, findPlaces } from "./store/search_names.ts";
import { getMessages, type SearchScope } from "./store/search_rooms.ts";
import { type HitPlace, scanRooms } from "./store/search_scan.ts";
import { listSummaries } from "./store/summaries.ts";

/** A search as it comes in. */
export interface SearchRequest {
  q: string;
  /** Only in this room. */
  room?: string;
  /** `next` of the page before. */
  before?: string;
  limit?: number;
}

/** After so long a search answers with what it has, and where to go on. */
const PATIENCE_MS = 2_000;

const NOTHING: SearchPage = { hits: [], rooms: [], people: [], unknown: [], next: null };

/**
 * Runs a search. Throws `NotFoundError` for a room that is not the person's, {@link InvalidError}
 * for a cursor that is none.
 */
export async function searchMessages(
  live: Live,
  userId: string,
  { zone, q, room, before, limit = PAGE_HITS }: SearchRequest & { zone: string },
): Promise<SearchPage> {
  const { kv } = live;
  const now = Date.now();
  const after = before === undefined ? null : placeOf(before);
  const records = room === undefined
    ? await readableRooms(live, userId)
    : [await live.rooms.getFor(room, userId)];
  const query = parseSearch(q, { zone, now });
  if (isEmptySearch(query)) return NOTHING;
  const [authors, places] = await Promise.all([
    findAuthors(kv, query.from, userId),
    findPlaces(kv, query.in, { userId, rooms: records }),
  ]);
  const filter = filterOf(query, authors.found);
  const scopes = scopesOf(places.found ?? records, userId);
  const deadline = now + PATIENCE_MS;
  const { hits, next } = await scanRooms(kv, live.search.cache, scopes, {
    filter,
    limit,
    after,
    deadline,
  });
  const shown = await readHits(kv, hits, filter);
  return {
    hits: shown,
    ...await describe(kv, userId, shown),
    unknown: [...authors.unknown, ...places.unknown],
    next: next && encodeCursor([String(next.at), next.room, String(next.seq)]),
  };
}

/** The person's rooms; one that they left a moment ago is none. */
async function readableRooms({ kv, rooms }: Live, userId: string): Promise<RoomRecord[]> {
  const ids = await listRoomIds(kv, userId);
  const found = await Promise.allSettled(ids.map(async (id) => await rooms.getFor(id, userId)));
  return found.flatMap((room) => {
    if (room.status === "fulfilled") return [room.value];
    if (room.reason instanceof NotFoundError) return [];
    throw room.reason;
  });
}

function filterOf({ terms, has, since, until }: SearchQuery, by: Set<string> | null): SearchFilter {
  return { terms, by, flags: flagsOf(has), since, until };
}

function scopesOf(rooms: readonly RoomRecord[], userId: string): SearchScope[] {
  return rooms.map((room) => ({ room: room.id, from: visibleFrom(room, userId) }))
    .filter(({ from }) => from < Infinity);
}

/** The messages as they are now, those left out that are no longer what was looked for. */
async function readHits(
  kv: Deno.Kv,
  places: readonly HitPlace[],
  filter: SearchFilter,
): Promise<SearchHit[]> {
  const messages = await getMessages(kv, places);
  return messages.flatMap(({ place, message }) => {
    const entry = entryOf(message);
    if (!entry || !matches(entry, filter)) return [];
    const { seq, at, by } = message;
    return [{ room: place.room, seq, at, by, text: snippetOf(messageLine(message), filter.terms) }];
  });
}

/** The rooms and people that the hits name. */
async function describe(
  kv: Deno.Kv,
  userId: string,
  hits: readonly SearchHit[],
): Promise<Pick<SearchPage, "rooms" | "people">> {
  const [{ rooms }, users] = await Promise.all([
    listSummaries(kv, userId, { ids: [...new Set(hits.map(({ room }) => room))] }),
    getUsers(kv, [...new Set(hits.map(({ by }) => by))]),
  ]);
  return { rooms, people: users.map(toPerson) };
}

function placeOf(cursor: string): HitPlace {
  const [at, room, seq] = decodeCursor(cursor, 3);
  if (!isNumber(at) || !isNumber(seq)) throw new InvalidError("This page cursor is not valid.");
  return { at: Number(at), room, seq: Number(seq) };
}

function isNumber(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}
