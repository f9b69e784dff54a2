/**
 * Keeps the search indexes of the rooms that this instance writes to near their logs: a minute
 * after a post, at once after an edit or deletion, so that texts that are gone do not stay. One
 * room at a time, and mostly at rest, so that posting has the database to itself. What a crash
 * leaves behind is found by its marks, at start and now and then, by any instance.
 *
 * A search does not wait for this: it reads what an index lacks from the log.
 */

import type { RoomEvent } from "../chat/events.ts";
import { SearchCache } from "../store/search_cache.ts";
import { catchUp, listMarked } from "../store/search_index.ts";

/** From the first post that is not in the index to its indexing, in milliseconds. */
const SETTLE_MS = 60_000;
/** From an edit or deletion: what comes together is one commit. */
const URGENT_MS = 50;
/** How often marks that others left are looked for. */
const SWEEP_MS = 30_000;
/** After a room whose posts were indexed it rests so many times as long as that took. */
const REST = 9;
/** After KV failed. */
const RETRY_MS = 2_000;

export class SearchIndexer {
  readonly cache = new SearchCache();
  #kv: Deno.Kv;
  /** When rooms are to be indexed, epoch ms. */
  #due = new Map<string, number>();
  #urgent = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wakesAt = Infinity;
  #restsUntil = 0;
  #running: Promise<void> | null = null;
  #sweeper: ReturnType<typeof setInterval> | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /** Takes up what a crash left, now and from time to time. */
  async start(): Promise<void> {
    this.#sweeper = setInterval(() => this.#sweeping = this.#sweep(), SWEEP_MS);
    await this.#sweep();
  }

  /** This instance stored events of a room. On the way of every post, so it does next to nothing. */
  committed(room: string, events: readonly RoomEvent[]): void {
    const isUrgent = events.some(({ type }) => type === "edited" || type === "deleted");
    this.#want(room, isUrgent);
  }

  /** Resolves when every edit and deletion so far is in its index. */
  async settled(): Promise<void> {
    while (this.#urgent.size > 0 || this.#running) {
      await (this.#running ?? new Promise((resolve) => setTimeout(resolve, URGENT_MS)));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    clearTimeout(this.#timer);
    await Promise.all([this.#running, this.#sweeping]);
  }

  async #sweep(): Promise<void> {
    try {
      for (const room of await listMarked(this.#kv)) this.#want(room, true);
    } catch (error) {
      if (!this.#closed) console.error("Looking for rooms to index failed.", error);
    }
  }

  #want(room: string, isUrgent: boolean): void {
    if (isUrgent && !this.#urgent.has(room)) {
      this.#urgent.add(room);
      this.#due.set(room, Date.now() + URGENT_MS);
    } else if (!this.#due.has(room)) {
      this.#due.set(room, Date.now() + SETTLE_MS);
    } else return;
    this.#wake();
  }

  /** Sees to it that the next room gets its turn. */
  #wake(): void {
    if (this.#closed || this.#running) return;
    const next = this.#next();
    if (!next) return;
    if (next.at >= this.#wakesAt) return;
    clearTimeout(this.#timer);
    this.#wakesAt = next.at;
    this.#timer = setTimeout(() => {
      this.#wakesAt = Infinity;
      this.#running = this.#run().finally(() => {
        this.#running = null;
        this.#wake();
      });
    }, Math.max(0, next.at - Date.now()));
  }

  /** The room whose turn is next, the urgent ones before all others. */
  #next(): { room: string; at: number } | null {
    const rooms = this.#urgent.size > 0 ? this.#urgent : this.#due.keys();
    for (const room of rooms) {
      const at = this.#due.get(room)!;
      return { room, at: this.#urgent.has(room) ? at : Math.max(at, this.#restsUntil) };
    }
    return null;
  }

  /** Indexes the rooms whose time has come. */
  async #run(): Promise<void> {
    for (let next = this.#next(); next && next.at <= Date.now(); next = this.#next()) {
      if (this.#closed) return;
      await this.#index(next.room);
    }
  }

  async #index(room: string): Promise<void> {
    // Before the work: what comes meanwhile is wanted anew.
    this.#due.delete(room);
    const wasUrgent = this.#urgent.delete(room);
    const since = Date.now();
    try {
      await catchUp(this.#kv, room);
      this.#restsUntil = Date.now() + REST * (Date.now() - since);
    } catch (error) {
      if (this.#closed) return;
      console.error("Indexing a room for search failed; trying again.", error);
      if (wasUrgent) this.#urgent.add(room);
      this.#due.set(room, Date.now() + RETRY_MS);
    }
  }
}
