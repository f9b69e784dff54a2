/**
 * Rooms made ready for a search: their indexes as they are, and from their logs the messages that
 * these lack or have as they were. An index that is far behind is brought up first.
 */

import { OverloadedError } from "../chat/errors.ts";
import { isChange } from "../chat/messages.ts";
import type { RoomEvent } from "../chat/events.ts";
import type { StoredMessage } from "./drafts.ts";
import { getHeads, type RoomHead } from "./events.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import { LOG_PAGE, readLog } from "./logs.ts";
import { entryOf, type SearchEntry } from "./search_blocks.ts";
import { catchUp } from "./search_index.ts";
import { NO_INDEX, type SearchHead } from "./search_plan.ts";

/** More events than this behind its log an index is caught up first. */
const MAX_TAIL = LOG_PAGE;
const BEHIND = "Older messages are still being made ready for search; try again in a moment.";

/** A room that may be searched, from the first message on that the person may see. */
export interface SearchScope {
  room: string;
  from: number;
}

/** A room whose index is known, with the messages that are not in it. */
export interface OpenRoom extends SearchScope {
  index: SearchHead;
  tail: SearchEntry[];
  /** Messages whose entry in the index is old; they are in the tail. */
  stale: ReadonlySet<number>;
}

export async function openRooms(
  kv: Deno.Kv,
  scopes: readonly SearchScope[],
  deadline: number,
): Promise<OpenRoom[]> {
  const indexes = await readIndexes(kv, scopes);
  const heads = await getHeads(kv, scopes.map(({ room }) => room));
  const rooms: OpenRoom[] = [];
  const opening = scopes.map((scope, i) => async () => {
    let index = indexes[i];
    const { head } = heads[i];
    if (head.seq - index.upTo > MAX_TAIL) {
      await catchUp(kv, scope.room, { deadline });
      [index] = await readIndexes(kv, [scope]);
      if (head.seq - index.upTo > MAX_TAIL) throw new OverloadedError(BEHIND, 1_000);
    }
    rooms[i] = { ...scope, index, ...await readTail(kv, scope.room, { index, head }) };
  });
  await inTurn(opening, 8);
  return rooms;
}

async function readIndexes(kv: Deno.Kv, scopes: readonly SearchScope[]): Promise<SearchHead[]> {
  const entries = await getAll<SearchHead>(kv, scopes.map(({ room }) => keys.searchHead(room)));
  return entries.map(({ value }) => value ?? NO_INDEX);
}

/** Runs jobs, so many at once. */
async function inTurn(jobs: readonly (() => Promise<void>)[], lanes: number): Promise<void> {
  const rest = jobs.values();
  const run = async () => {
    for (const job of rest) await job();
  };
  await Promise.all(Array.from({ length: lanes }, run));
}

/** Messages that the index lacks or has as they were. */
async function readTail(
  kv: Deno.Kv,
  room: string,
  { index, head }: { index: SearchHead; head: RoomHead },
): Promise<Pick<OpenRoom, "tail" | "stale">> {
  if (head.seq <= index.upTo) return { tail: [], stale: NONE };
  const log = await readLog(kv, ["room", room], { after: index.upTo, upTo: head.seq });
  const events = log.map(({ seq, value }) => ({ ...value as RoomEvent, seq }));
  const stale = new Set(
    events.filter(isChange).map(({ message }) => message)
      .filter((seq) => seq <= index.upTo),
  );
  const changed = await getMessages(kv, [...stale].map((seq) => ({ room, seq })));
  const posted = events.filter((event) => event.type === "posted");
  const messages = [...posted, ...changed.map(({ message }) => message)];
  return { tail: messages.flatMap((message) => entryOf(message) ?? []), stale };
}

const NONE: ReadonlySet<number> = new Set();

/** Messages at places, as the log has them now; places where there is none are left out. */
export async function getMessages<T extends { room: string; seq: number }>(
  kv: Deno.Kv,
  places: readonly T[],
): Promise<{ place: T; message: StoredMessage }[]> {
  const entries = await getAll<StoredMessage>(
    kv,
    places.map(({ room, seq }) => keys.entry(["room", room], seq)),
  );
  return entries.flatMap(({ value }, i) =>
    value?.type === "posted"
      ? [{ place: places[i], message: { ...value, seq: places[i].seq } }]
      : []
  );
}
