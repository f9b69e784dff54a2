/**
 * Peers that wait to be told what many are told. That takes milliseconds for hundreds; so some are
 * served in a turn of the event loop, first come first served, and the others in the next ones. What
 * comes in between is heard in between, and a peer that still waits gets it in the same message.
 */

/** Peers that are served in one turn: about a tenth of a millisecond of sends. */
export const SLICE = 16;

/** Who waits to send. */
export interface Sender {
  /** Sends what it has; `false` if that is nothing. */
  serve(): boolean;
}

export class SendQueue {
  #waiting = new Set<Sender>();
  #scheduled = false;

  /** Serves a sender after those that wait already; it keeps its place if it is one of them. */
  add(sender: Sender): void {
    this.#waiting.add(sender);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#serve());
  }

  #serve(): void {
    let left = SLICE;
    for (const sender of this.#waiting) {
      this.#waiting.delete(sender);
      if (sender.serve() && --left === 0) break;
    }
    this.#scheduled = this.#waiting.size > 0;
    if (this.#scheduled) setImmediate(() => this.#serve());
  }
}
