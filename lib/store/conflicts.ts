/**
 * The one retry loop for optimistic transactions. Two writers on one SQLite file can make a commit
 * *throw* `database is locked` where it should answer `ok: false`; both are conflicts and are tried
 * again with full jitter.
 */

import { ConflictError } from "../chat/errors.ts";

const TRIES = 30;
const BASE_MS = 2;
const MAX_WAIT_MS = 200;

/** Whether an error means "another writer was first" rather than a failure. */
export function isConflict(error: unknown): boolean {
  return error instanceof Error && /database is (locked|busy)|SQLITE_BUSY/i.test(error.message);
}

/**
 * Runs `attempt` until it answers something other than `null`. `attempt` reads, builds an atomic
 * with checks and answers `null` when its commit was refused.
 */
export async function retryConflicts<T>(attempt: () => Promise<T | null>): Promise<T> {
  for (let tries = 0; tries < TRIES; tries++) {
    const result = await attempt().catch((error) => {
      if (isConflict(error)) return null;
      throw error;
    });
    if (result !== null) return result;
    await jitter(tries);
  }
  throw new ConflictError("Too many writers at once; try again.");
}

/**
 * Commits what has no conflict to lose, again while another writer holds the file: `database is
 * locked` says that nothing was written.
 */
export function commit(
  atomic: Deno.AtomicOperation,
): Promise<Deno.KvCommitResult | Deno.KvCommitError> {
  return retryConflicts(() => atomic.commit());
}

/** Waits a random time that doubles with each try, up to 200 ms. */
export function jitter(tries: number): Promise<void> {
  const limit = Math.min(MAX_WAIT_MS, BASE_MS * 2 ** tries);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * limit));
}
