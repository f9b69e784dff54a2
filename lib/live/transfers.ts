/** Bodies that are received right now, counted: each holds a piece of a file in memory. */

import { OverloadedError, RateLimitedError } from "../chat/errors.ts";

/** Of one person at this instance. */
export const MAX_PER_PERSON = 6;
/** Of all people at this instance. */
export const MAX_TRANSFERS = 200;
const AGAIN_MS = 1_000;

export class Transfers {
  #people = new Map<string, number>();
  #all = 0;

  /** Receives a body. Throws {@link RateLimitedError} while too many are under way. */
  async run<T>(person: string, receive: () => Promise<T>): Promise<T> {
    const own = this.#people.get(person) ?? 0;
    if (own >= MAX_PER_PERSON) {
      throw new RateLimitedError("Too many files at once; wait until one is done.", AGAIN_MS);
    }
    if (this.#all >= MAX_TRANSFERS) {
      throw new OverloadedError("The server receives too many files; try again.", AGAIN_MS);
    }
    this.#people.set(person, own + 1);
    this.#all++;
    try {
      return await receive();
    } finally {
      this.#leave(person);
    }
  }

  #leave(person: string): void {
    this.#all--;
    const left = this.#people.get(person)! - 1;
    if (left > 0) this.#people.set(person, left);
    else this.#people.delete(person);
  }
}
