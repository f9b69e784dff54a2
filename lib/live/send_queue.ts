/**
 * Peers with live frames to send, first come first served. A room of hundreds takes milliseconds to
 * tell; so some peers are served in a turn of the event loop and the others in the next ones. What
 * comes in between is heard in between, and a peer that still waits gets it in the same message.
 */

/** Peers that are served in one turn: about half a millisecond of sends. */
export const SLICE = 16;

/** Who waits to send. */
export interface Sender {
  /** Sends what it has; `false` if that is nothing. */
  serve(): boolean;
}

export class SendQueue {
  #waiting: Sender[] = [];
  #served = 0;
  #scheduled = false;

  /** Serves a sender, after those that were added before; it must not be waiting already. */
  add(sender: Sender): void {
    this.#waiting.push(sender);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#serve());
  }

  #serve(): void {
    let left = SLICE;
    while (left > 0 && this.#served < this.#waiting.length) {
      if (this.#waiting[this.#served++].serve()) left--;
    }
    if (this.#served < this.#waiting.length) return void setImmediate(() => this.#serve());
    this.#waiting = [];
    this.#served = 0;
    this.#scheduled = false;
  }
}
