/**
 * Token buckets in KV, for limits that all instances must share: sign-in by account and by address.
 * Limits of one socket live in memory, in `lib/live`.
 */

import { RateLimitedError } from "../chat/errors.ts";
import { type BucketState, takeToken } from "../chat/token_bucket.ts";
import { commit, retryConflicts } from "./conflicts.ts";
import { keys } from "./keys.ts";

/** A limit: `burst` at once, then one every `refillMs` milliseconds. */
export interface Limit {
  name: string;
  burst: number;
  refillMs: number;
}

/** Direct rooms that a person may open: 60 at once, then one a second. */
export const OPENS: Limit = { name: "open", burst: 60, refillMs: 1_000 };

/** Uploads that a person may begin: 60 at once, then one a second. */
export const UPLOADS: Limit = { name: "upload", burst: 60, refillMs: 1_000 };
/** Groups that a person may create: 20 at once, then one a minute. */
export const CREATES: Limit = { name: "create", burst: 20, refillMs: 60_000 };
/** Groups that they may join, and links that they may try: 60 at once, then one in ten seconds. */
export const JOINS: Limit = { name: "join", burst: 60, refillMs: 10_000 };
/** Times that they may add people: 30 at once, then one in ten seconds. */
export const INVITES: Limit = { name: "invite", burst: 30, refillMs: 10_000 };
/** Other changes of groups: 60 at once, then one in two seconds. */
export const MANAGES: Limit = { name: "manage", burst: 60, refillMs: 2_000 };

/** Times that they may save settings, of which others may be told: 20 at once, then one in five seconds. */
export const SETTINGS: Limit = { name: "settings", burst: 20, refillMs: 5_000 };

/** Takes one token for `subject`. Throws {@link RateLimitedError} when there is none. */
export async function takeFromBucket(kv: Deno.Kv, limit: Limit, subject: string): Promise<void> {
  const key = keys.bucket(limit.name, subject);
  const waitMs = await retryConflicts(async () => {
    const entry = await kv.get<BucketState>(key);
    const now = Date.now();
    const { state, waitMs } = takeToken(entry.value, limit, now);
    if (waitMs > 0) return waitMs;
    const expireIn = Math.max(1_000, Math.ceil(limit.burst * limit.refillMs));
    const { ok } = await kv.atomic().check(entry).set(key, state, { expireIn }).commit();
    return ok ? 0 : null;
  });
  if (waitMs > 0) {
    throw new RateLimitedError(`Too many tries. Wait ${wait(waitMs)} and try again.`, waitMs);
  }
}

/** Forgets a subject's bucket: after a success the failed tries no longer count. */
export async function resetBucket(kv: Deno.Kv, limit: Limit, subject: string): Promise<void> {
  await commit(kv.atomic().delete(keys.bucket(limit.name, subject)));
}

function wait(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
