/**
 * What is in flight of one room's outbox, and when more may go. It lives as long as one connection:
 * a new one begins with nothing in flight, so everything unacknowledged is sent again, in order.
 */

import type { ErrorCode } from "../chat/facts.ts";

/** Milliseconds to wait for an ack before the message is sent again. */
export const ACK_MS = 20_000;
/** How often a message that the server cannot handle is tried on one connection. */
export const MAX_TRIES = 5;

/** One room's way to the server. */
export class Lane {
  readonly #width: number;
  readonly #inFlight = new Set<string>();
  #notBefore = 0;
  #ackBy = Infinity;
  #tries = 0;

  constructor(width: number) {
    this.#width = width;
  }

  has(id: string): boolean {
    return this.#inFlight.has(id);
  }

  open(now: number): boolean {
    return now >= this.#notBefore && this.#inFlight.size < this.#width;
  }

  sent(id: string, now: number): void {
    this.#inFlight.add(id);
    this.#ackBy = now + ACK_MS;
  }

  acked(id: string): void {
    if (this.#inFlight.delete(id)) this.#tries = 0;
    if (this.#inFlight.size === 0) this.#ackBy = Infinity;
  }

  /** The server refused one; true when it should be sent again, after a while. */
  refused(id: string, why: { code: ErrorCode; retryAfterMs?: number; now: number }): boolean {
    this.#inFlight.delete(id);
    if (this.#inFlight.size === 0) this.#ackBy = Infinity;
    const busy = why.code === "rate_limited" || why.code === "overloaded";
    const again = busy || (why.code === "internal" && ++this.#tries < MAX_TRIES);
    const waitMs = why.retryAfterMs ?? (busy ? 1_000 : 1_000 * 2 ** this.#tries);
    if (again) this.#notBefore = Math.max(this.#notBefore, why.now + waitMs);
    return again;
  }

  /** When the lane wants to be looked at again: epoch milliseconds, `Infinity` for never. */
  dueAt(now: number): number {
    return Math.min(this.#notBefore > now ? this.#notBefore : Infinity, this.#ackBy);
  }

  /** Acks that are overdue are no longer waited for. */
  expire(now: number): void {
    if (now < this.#ackBy) return;
    this.#inFlight.clear();
    this.#ackBy = Infinity;
  }
}
