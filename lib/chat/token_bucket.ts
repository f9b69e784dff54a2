/** The token bucket, as one pure step. https://en.wikipedia.org/wiki/Token_bucket */

/** Tokens left at a time, in epoch milliseconds. Tokens are whole and parts. */
export interface BucketState {
  tokens: number;
  at: number;
}

/**
 * Takes one token, after refilling for the time that passed. `waitMs` is 0 when there was one, else
 * the milliseconds until there is. `null` is a full bucket.
 */
export function takeToken(
  state: BucketState | null,
  { burst, refillMs }: { burst: number; refillMs: number },
  now: number,
): { state: BucketState; waitMs: number } {
  // A clock that runs back, or another machine's that is behind, gains nothing twice.
  now = Math.max(now, state?.at ?? 0);
  const gained = state ? (now - state.at) / refillMs : burst;
  const tokens = Math.min(burst, (state?.tokens ?? 0) + gained);
  if (tokens >= 1) return { state: { tokens: tokens - 1, at: now }, waitMs: 0 };
  return { state: { tokens, at: now }, waitMs: Math.ceil((1 - tokens) * refillMs) };
}
