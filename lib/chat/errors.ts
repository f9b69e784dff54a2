/**
 * The domain's errors. `routes/_middleware.ts` maps them to HTTP statuses and `lib/live/session.ts`
 * to error frames, each in one place. Absent and forbidden are the same `NotFoundError`, so that
 * nobody learns what exists.
 */

/** It does not exist, or not for you. */
export class NotFoundError extends Error {
  override name = "NotFoundError";
}

/** The input breaks a rule that its sender can mend; `message` is shown to people. */
export class InvalidError extends Error {
  override name = "InvalidError";
}

/** A username and password that do not belong together; never says which is wrong. */
export class CredentialsError extends InvalidError {
  override name = "CredentialsError";
}

/** More bytes than are accepted. */
export class TooLargeError extends InvalidError {
  override name = "TooLargeError";
}

/** It exists already, or someone else was first. */
export class ConflictError extends Error {
  override name = "ConflictError";
}

/** Too much in too little time. */
export class RateLimitedError extends Error {
  override name = "RateLimitedError";
  /** Milliseconds after which the same may be tried again. */
  retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = Math.ceil(retryAfterMs);
  }
}

/** The server has more work queued than it accepts. */
export class OverloadedError extends RateLimitedError {
  override name = "OverloadedError";
}
