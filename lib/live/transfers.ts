/** Bodies that are received right now, counted: each holds a piece of a file in memory. */

import { InvalidError, OverloadedError, RateLimitedError } from "../chat/errors.ts";

/** Of one person at this instance. */
export const MAX_PER_PERSON = 6;
/** Of all people at this instance. */
export const MAX_TRANSFERS = 200;
const AGAIN_MS = 1_000;
/** A body of which nothing came for so long has ended, so that nobody keeps a place by silence. */
export const IDLE_MS = 30_000;

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

/** A body as it comes. Throws where nothing comes for too long. */
export async function* alive<T>(body: AsyncIterable<T>, idleMs = IDLE_MS): AsyncGenerator<T> {
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await within(chunks.next(), idleMs);
      if (done) return;
      yield value;
    }
  } finally {
    // Not waited for: a body that is silent does not hear it.
    chunks.return?.().catch(() => {});
  }
}

async function within<T>(next: Promise<T>, ms: number): Promise<T> {
  const { promise: silence, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new InvalidError("Nothing came for too long; send it again.")),
    ms,
  );
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
  }
}
