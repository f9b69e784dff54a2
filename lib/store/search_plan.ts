/**
 * What a commit of the search index writes: new messages go to the last block, changed ones are
 * replaced where they are, and blocks that grew too big are cut.
 */

import { isChange } from "../chat/messages.ts";
import type { RoomEvent } from "../chat/events.ts";
import type { StoredMessage } from "./drafts.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import type { LogEntry } from "./logs.ts";
import {
  decodeBlock,
  entriesIn,
  entryOf,
  type SearchEntry,
  type StoredBlock,
  toBlocks,
} from "./search_blocks.ts";

/** How far a room's index is. */
export interface SearchHead {
  /** Every event up to here is in the index. */
  upTo: number;
  /** Grows with each commit. */
  rev: number;
  /** The blocks in order, three numbers each: see {@link BlockPlace}. */
  blocks: Uint32Array;
}

/** Where a block is. It holds messages from `first` up to the next block's. */
export interface BlockPlace {
  first: number;
  /** No message in it is newer, in whole seconds since the epoch. */
  newestS: number;
  /** The commit that wrote it. */
  rev: number;
}

/** An index with nothing in it. */
export const NO_INDEX: SearchHead = { upTo: 0, rev: 0, blocks: new Uint32Array() };

/** Blocks of one room, so that the head stays below 64 KiB: some millions of messages. */
const MAX_BLOCKS = 5_000;
/** Bytes that one commit writes; KV allows 800 KB. */
const MAX_COMMIT_BYTES = 600_000;
/** A block and its key, at most. */
const BLOCK_BYTES = 60_000;

/** Where the blocks of an index are. */
export function placesIn({ blocks }: SearchHead): BlockPlace[] {
  const places: BlockPlace[] = [];
  for (let i = 0; i < blocks.length; i += 3) {
    places.push({ first: blocks[i], newestS: blocks[i + 1], rev: blocks[i + 2] });
  }
  return places;
}

/** What a commit writes. */
export interface SearchPlan {
  head: SearchHead;
  /** By `first`; without entries: to be removed. */
  blocks: Map<number, SearchEntry[]>;
}

interface Work {
  old: SearchHead;
  events: LogEntry[];
}

/** As many of the events as one commit can take. */
export async function planFitting(
  kv: Deno.Kv,
  room: string,
  { old, events }: Work,
): Promise<SearchPlan> {
  for (let count = events.length;; count = Math.ceil(count / 2)) {
    const plan = await planIndex(kv, room, { old, events: events.slice(0, count) });
    if (count <= 1 || plan.blocks.size * BLOCK_BYTES <= MAX_COMMIT_BYTES) return plan;
  }
}

async function planIndex(kv: Deno.Kv, room: string, { old, events }: Work): Promise<SearchPlan> {
  const upTo = events.at(-1)?.seq ?? old.upTo;
  const places = placesIn(old);
  const [posted, changed] = sort(events, old.upTo);
  const runs = await readRuns(kv, room, { places, changed, append: posted.length > 0 });
  const now = await readMessages(kv, room, changed);
  for (const [i, run] of runs) runs.set(i, replaced(run, now));
  const last = Math.max(places.length - 1, 0);
  if (posted.length > 0) runs.set(last, [...runs.get(last) ?? [], ...posted]);
  return layOut({ places, runs, upTo, rev: old.rev + 1 });
}

/** New messages of a run of the log, and which older ones are changed in it. */
function sort(events: readonly LogEntry[], upTo: number): [SearchEntry[], Set<number>] {
  const posted: SearchEntry[] = [];
  const changed = new Set<number>();
  for (const { seq, value } of events) {
    const event = value as RoomEvent;
    if (event.type === "posted") posted.push(...present(entryOf({ ...event, seq })));
    else if (isChange(event) && event.message <= upTo) changed.add(event.message);
  }
  return [posted, changed];
}

function present<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}

/** The entries of the blocks that will change, by their place. */
async function readRuns(
  kv: Deno.Kv,
  room: string,
  { places, changed, append }: { places: BlockPlace[]; changed: Set<number>; append: boolean },
): Promise<Map<number, SearchEntry[]>> {
  const wanted = new Set([...changed].map((seq) => placeOf(places, seq)));
  if (append) wanted.add(places.length - 1);
  wanted.delete(-1);
  const order = [...wanted];
  const read = await getAll<StoredBlock>(
    kv,
    order.map((i) => keys.searchBlock(room, places[i].first)),
  );
  return new Map(
    read.flatMap(({ value }, n) =>
      value ? [[order[n], entriesIn(decodeBlock(value))] as const] : []
    ),
  );
}

/** The block that a message is in, if it is in any; -1 before all. */
function placeOf(places: readonly BlockPlace[], seq: number): number {
  return places.findLastIndex(({ first }) => first <= seq);
}

/** Messages as they are now; `null` for deleted ones. */
async function readMessages(
  kv: Deno.Kv,
  room: string,
  seqs: ReadonlySet<number>,
): Promise<Map<number, SearchEntry | null>> {
  const order = [...seqs];
  const entries = await getAll<StoredMessage>(
    kv,
    order.map((seq) => keys.entry(["room", room], seq)),
  );
  return new Map(entries.map(({ value }, n) => {
    const seq = order[n];
    return [seq, value?.type === "posted" ? entryOf({ ...value, seq }) : null];
  }));
}

function replaced(
  run: readonly SearchEntry[],
  now: ReadonlyMap<number, SearchEntry | null>,
): SearchEntry[] {
  return run.flatMap((entry) => now.has(entry.seq) ? present(now.get(entry.seq)!) : [entry]);
}

/** Cuts the changed runs into blocks; a block keeps its place unless it is empty. */
function layOut(
  { places, runs, upTo, rev }: {
    places: BlockPlace[];
    runs: Map<number, SearchEntry[]>;
    upTo: number;
    rev: number;
  },
): SearchPlan {
  const blocks: SearchPlan["blocks"] = new Map();
  const next: BlockPlace[] = [];
  for (let i = 0; i < Math.max(places.length, runs.size > 0 ? 1 : 0); i++) {
    const place = places.at(i);
    const run = runs.get(i);
    if (!run) {
      next.push(place!);
      continue;
    }
    if (place) blocks.set(place.first, []);
    toBlocks(run).forEach((entries, n) => {
      const first = n === 0 && place ? place.first : entries[0].seq;
      blocks.set(first, entries);
      next.push({ first, newestS: Math.ceil(entries.at(-1)!.at / 1000), rev });
    });
  }
  for (const { first } of next.splice(0, next.length - MAX_BLOCKS)) blocks.set(first, []);
  return { head: { upTo, rev, blocks: packed(next) }, blocks };
}

function packed(places: readonly BlockPlace[]): Uint32Array {
  return Uint32Array.from(places.flatMap(({ first, newestS, rev }) => [first, newestS, rev]));
}
