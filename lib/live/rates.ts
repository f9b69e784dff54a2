/**
 * Rate limits of people at this instance, shared by a person's sockets and requests, so that more
 * sockets or a reconnect buy nothing.
 */

import { RateLimitedError } from "../chat/errors.ts";
import { type BucketState, takeToken } from "../chat/token_bucket.ts";

/** Messages in a burst before the configured rate holds. */
const POST_BURST = 60;
/** Commands and requests that read KV: 60 at once, then 20 a second, or twice the posts. */
const READ_BURST = 60;
const READS_PER_SECOND = 20;
/** Searches: 30 at once, as somebody types, then 5 a second, or as many as posts. */
const SEARCH_BURST = 30;
const SEARCHES_PER_SECOND = 5;
/** Files that are fetched, and parts that are sent: a page of history may show many at once. */
const FETCH_BURST = 300;
const FETCHES_PER_SECOND = 50;
/** Rates that nobody used for so long are forgotten: they would be full again. */
const FORGET_MS = 60_000;

/** What is limited. */
export type Action = "post" | "read" | "search" | "fetch";

const MESSAGES = {
  post: "Too many messages; wait a moment.",
  read: "Too fast; wait a moment.",
  search: "Too many searches; wait a moment.",
  fetch: "Too many files; wait a moment.",
};

type Limits = Record<Action, { burst: number; refillMs: number }>;

function limitsAt(postsPerSecond: number): Limits {
  const readsPerSecond = Math.max(READS_PER_SECOND, 2 * postsPerSecond);
  const searchesPerSecond = Math.max(SEARCHES_PER_SECOND, postsPerSecond);
  return {
    post: { burst: Math.max(POST_BURST, postsPerSecond), refillMs: 1000 / postsPerSecond },
    read: { burst: Math.max(READ_BURST, readsPerSecond), refillMs: 1000 / readsPerSecond },
    search: {
      burst: Math.max(SEARCH_BURST, searchesPerSecond),
      refillMs: 1000 / searchesPerSecond,
    },
    fetch: { burst: FETCH_BURST, refillMs: 1000 / FETCHES_PER_SECOND },
  };
}

/** One person's limits. */
export class Rates {
  /** When they were last used, epoch ms. */
  usedAt = Date.now();
  #limits: Limits;
  #states: Partial<Record<Action, BucketState>> = {};

  constructor(limits: Limits | number) {
    this.#limits = typeof limits === "number" ? limitsAt(limits) : limits;
  }

  /** Takes a token. Throws {@link RateLimitedError} when there is none. */
  take(action: Action): void {
    this.usedAt = Date.now();
    const previous = this.#states[action] ?? null;
    const { state, waitMs } = takeToken(previous, this.#limits[action], Date.now());
    this.#states[action] = state;
    if (waitMs > 0) throw new RateLimitedError(MESSAGES[action], waitMs);
  }
}

/** Everybody's limits. */
export class RatesByPerson {
  #limits: Limits;
  #people = new Map<string, Rates>();

  constructor(postsPerSecond: number) {
    this.#limits = limitsAt(postsPerSecond);
  }

  of(id: string): Rates {
    const known = this.#people.get(id);
    if (known) return known;
    const rates = new Rates(this.#limits);
    this.#people.set(id, rates);
    return rates;
  }

  /** Forgets the people who did nothing for a while. */
  sweep(now = Date.now()): void {
    for (const [id, { usedAt }] of this.#people) {
      if (now - usedAt > FORGET_MS) this.#people.delete(id);
    }
  }
}
