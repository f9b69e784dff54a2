/** Loading an open room that could not be loaded: the user is told once, and it is tried again. */

import type { Clock } from "./ports.ts";

/** Milliseconds before an open room whose log could not be loaded tries again. */
export const LOAD_AGAIN_MS = 5_000;

/** What a {@link LoadAgain} is made of. */
export interface LoadAgainOptions {
  clock: Clock;
  /** Whether the user still waits for it. */
  wanted(): boolean;
  load(): void;
  /** Tells the user. */
  tell(): void;
}

/** The next try of one room. */
export class LoadAgain {
  readonly #options: LoadAgainOptions;
  #timer: number | null = null;

  constructor(options: LoadAgainOptions) {
    this.#options = options;
  }

  failed(): void {
    const { clock, wanted, load, tell } = this.#options;
    if (this.#timer === null) tell();
    if (!wanted()) return;
    clock.clearTimeout(this.#timer ?? 0);
    this.#timer = clock.setTimeout(() => wanted() ? load() : this.stop(), LOAD_AGAIN_MS);
  }

  /** It is loaded, or nobody waits for it. */
  stop(): void {
    this.#options.clock.clearTimeout(this.#timer ?? 0);
    this.#timer = null;
  }
}
