/**
 * Sends one room's read pointer: the first move at once, further ones at most every
 * {@link READ_EVERY_MS}, the last one always. The pointer never moves back.
 */

import type { Clock } from "./ports.ts";

/** Milliseconds between two `read` frames of a room. */
export const READ_EVERY_MS = 300;

/** The pointer's way to the server. */
export class ReadMarker {
  readonly #send: (seq: number) => boolean;
  readonly #clock: Clock;
  #marked = 0;
  #sent = 0;
  #timer: number | null = null;

  constructor(send: (seq: number) => boolean, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  /** The furthest that was marked here. */
  get marked(): number {
    return this.#marked;
  }

  mark(seq: number): void {
    if (seq <= this.#marked) return;
    this.#marked = seq;
    if (this.#timer === null) this.#flush();
  }

  /** The server's pointer as a new connection tells it: what it missed is sent again. */
  resend(server: number): void {
    this.#sent = server;
    if (this.#timer === null) this.#flush();
  }

  /** The server refused: try again later. */
  refused(retryAfterMs: number, server: number): void {
    this.#sent = Math.min(this.#sent, server);
    this.#wait(retryAfterMs);
  }

  close(): void {
    this.#clock.clearTimeout(this.#timer ?? 0);
    this.#timer = null;
  }

  #flush(): void {
    if (this.#marked <= this.#sent || !this.#send(this.#marked)) return;
    this.#sent = this.#marked;
    this.#wait(READ_EVERY_MS);
  }

  #wait(ms: number): void {
    this.#clock.clearTimeout(this.#timer ?? 0);
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null;
      this.#flush();
    }, ms);
  }
}
