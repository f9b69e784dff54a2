/**
 * Looks through the search index of rooms, newest messages first, as far as a page needs. What is
 * not in an index yet is read from the room's log, so an answer is complete up to the newest event
 * at its beginning. Whoever calls says which rooms, and from which message on, the person may read.
 *
 * It writes nothing but an index that is far behind. What it finds is read from the log again before anyone sees it (`lib/search.ts`).
 */

import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import { decodeBlock, type SearchBlock, type StoredBlock } from "./search_blocks.ts";
import type { SearchCache } from "./search_cache.ts";
import { placesIn } from "./search_plan.ts";
import { matches, matchesIn, type SearchFilter } from "./search_match.ts";
import { type OpenRoom, openRooms, type SearchScope } from "./search_rooms.ts";

/** Where a message stands among all results: newest first, at one time by room, newest first. */
export interface HitPlace {
  at: number;
  room: string;
  seq: number;
}

/** What of the results is wanted. */
export interface ScanOptions {
  filter: SearchFilter;
  limit: number;
  /** The last place of the page before. */
  after: HitPlace | null;
  /** When to answer with what was found so far, epoch ms. */
  deadline: number;
}

/** Places of messages, and the place to go on from; `null` at the end. */
export interface ScanResult {
  hits: HitPlace[];
  next: HitPlace | null;
}

/** Blocks read at once, and looked through before others may use the processor. */
const BATCH = 24;

/** Finds a page of messages. Throws {@link OverloadedError} while an index is far behind its log. */
export async function scanRooms(
  kv: Deno.Kv,
  cache: SearchCache,
  scopes: readonly SearchScope[],
  options: ScanOptions,
): Promise<ScanResult> {
  for (let tries = 0;; tries++) {
    const rooms = await openRooms(kv, scopes, options.deadline);
    const result = await scan(kv, cache, { rooms, strict: tries < MAX_TRIES }, options);
    if (result) return result;
  }
}

/** Blocks are moved by a commit now and then; in a moment that has none the answer is exact. */
const MAX_TRIES = 5;

/** A block that may hold results, and between which times it does. */
interface Candidate {
  room: OpenRoom;
  first: number;
  rev: number;
  newest: number;
  oldest: number;
}

/** `null`: a block is no longer as the index said. */
async function scan(
  kv: Deno.Kv,
  cache: SearchCache,
  { rooms, strict }: { rooms: readonly OpenRoom[]; strict: boolean },
  { filter, limit, after, deadline }: ScanOptions,
): Promise<ScanResult | null> {
  const candidates = rooms.flatMap((room) => candidatesIn(room, filter, after))
    .sort((a, b) => b.newest - a.newest);
  const isLater = (hit: HitPlace) => after === null || order(hit, after) > 0;
  let hits = rooms.flatMap((room) => hitsInTail(room, filter)).filter(isLater).sort(order);
  for (let i = 0; i < candidates.length; i += BATCH) {
    const { newest } = candidates[i];
    if (hits.length > limit && hits[limit].at > newest) break;
    if (newest < candidates[0].newest && Date.now() > deadline) return cutOff(hits, limit, newest);
    const batch = candidates.slice(i, i + BATCH);
    const blocks = await readBlocks(kv, cache, batch, strict);
    if (!blocks) return null;
    const found = batch.flatMap(({ room }, n) => hitsInBlock(room, blocks[n], filter));
    hits = [...hits, ...found.filter(isLater)].sort(order).slice(0, limit + 1);
  }
  return { hits: hits.slice(0, limit), next: hits.length > limit ? hits[limit - 1] : null };
}

function order(a: HitPlace, b: HitPlace): number {
  return b.at - a.at || (a.room < b.room ? -1 : a.room > b.room ? 1 : b.seq - a.seq);
}

/** What is certain to come first although older blocks were not looked at. */
function cutOff(hits: readonly HitPlace[], limit: number, newest: number): ScanResult {
  const certain = hits.filter(({ at }) => at > newest).slice(0, limit);
  const isFull = certain.length === limit;
  return { hits: certain, next: isFull ? certain[limit - 1] : { at: newest, room: "", seq: 0 } };
}

function candidatesIn(
  room: OpenRoom,
  { since, until }: SearchFilter,
  after: HitPlace | null,
): Candidate[] {
  const places = placesIn(room.index);
  return places.flatMap(({ first, newestS, rev }, i) => {
    const newest = newestS * 1000;
    const oldest = i === 0 ? 0 : (places[i - 1].newestS - 1) * 1000;
    const end = places.at(i + 1)?.first ?? Infinity;
    const isOut = since !== null && newest < since || until !== null && oldest >= until ||
      after !== null && oldest > after.at || end <= room.from;
    return isOut ? [] : [{ room, first, rev, newest, oldest }];
  });
}

function hitsInTail({ room, from, tail }: OpenRoom, filter: SearchFilter): HitPlace[] {
  return tail.filter((entry) => entry.seq >= from && matches(entry, filter))
    .map(({ at, seq }) => ({ at, room, seq }));
}

function hitsInBlock(
  { room, from, stale }: OpenRoom,
  block: SearchBlock | null,
  filter: SearchFilter,
): HitPlace[] {
  if (!block) return [];
  return matchesIn(block, filter)
    .map((n) => ({ at: block.ats[n], room, seq: block.seqs[n] }))
    .filter(({ seq }) => seq >= from && !stale.has(seq));
}

/** The blocks in order; `null` if one is not the expected one and `strict` asks for that. */
async function readBlocks(
  kv: Deno.Kv,
  cache: SearchCache,
  batch: readonly Candidate[],
  strict: boolean,
): Promise<(SearchBlock | null)[] | null> {
  const blocks = batch.map(({ room, ...place }) => cache.get(room.room, place));
  const missing = [...blocks.keys()].filter((n) => blocks[n] === null);
  const stored = await getAll<StoredBlock>(
    kv,
    missing.map((n) => keys.searchBlock(batch[n].room.room, batch[n].first)),
  );
  for (const [i, n] of missing.entries()) {
    const { value } = stored[i];
    const { room: { room }, first, rev } = batch[n];
    if (strict && value?.rev !== rev) return null;
    if (!value) continue;
    blocks[n] = decodeBlock(value);
    if (value.rev === rev) cache.set(room, first, blocks[n]);
  }
  return blocks;
}
