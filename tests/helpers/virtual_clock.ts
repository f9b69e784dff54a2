/** A clock that stands still until a test moves it, so that no test sleeps. */

import type { Clock } from "../../lib/client/ports.ts";

interface Timer {
  id: number;
  at: number;
  run: () => void;
}

export class VirtualClock implements Clock {
  #now: number;
  #lastId = 0;
  #timers: Timer[] = [];

  constructor(now = 1_750_000_000_000) {
    this.#now = now;
  }

  /** Timers that are set. */
  get pending(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(run: () => void, ms: number): number {
    const id = ++this.#lastId;
    this.#timers.push({ id, at: this.#now + Math.max(0, ms), run });
    return id;
  }

  clearTimeout(id: number): void {
    this.#timers = this.#timers.filter((timer) => timer.id !== id);
  }

  /** Moves time on, running what becomes due in its order, with all microtasks in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await microtasks();
    for (let next = this.#due(end); next; next = this.#due(end)) {
      this.clearTimeout(next.id);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await microtasks();
    }
    this.#now = end;
  }

  #due(end: number): Timer | undefined {
    return this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at || a.id - b.id)[0];
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function microtasks(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}
