/**
 * Work by key that waits a little, so that what comes meanwhile is done with it: asked for again
 * before it began, it is done once; asked for while it is under way, once more after. So many are
 * under way at a time, so many wait, and what is more is refused.
 */

/** What is done, and how much of it at once. */
export interface GatherOptions {
  /** How long a key waits, in milliseconds. */
  waitMs: number;
  /** Keys under way at a time. */
  lanes: number;
  /** Keys that wait at most. */
  max: number;
  /** Does the work. What it throws is logged. */
  run(key: string): Promise<void>;
}

export class Gather {
  #options: GatherOptions;
  #waiting = new Map<string, ReturnType<typeof setTimeout>>();
  #ready = new Set<string>();
  #running = new Map<string, Promise<void>>();
  #idlers: (() => void)[] = [];
  #closed = false;

  constructor(options: GatherOptions) {
    this.#options = options;
  }

  /** Asks for a key's work; `false` when too much waits. */
  add(key: string, waitMs = this.#options.waitMs): boolean {
    if (this.#waiting.has(key) || this.#ready.has(key)) return true;
    if (this.#closed || this.#waiting.size + this.#ready.size >= this.#options.max) return false;
    this.#waiting.set(key, setTimeout(() => this.#due(key), waitMs));
    return true;
  }

  /** Whether anything waits or is under way. */
  get busy(): boolean {
    return this.#waiting.size + this.#ready.size + this.#running.size > 0;
  }

  /** Resolves when nothing does. */
  idle(): Promise<void> {
    if (!this.busy) return Promise.resolve();
    return new Promise((resolve) => this.#idlers.push(resolve));
  }

  /** Does at once what waits, and resolves when all is done; nothing more is taken. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const [key, timer] of [...this.#waiting]) {
      clearTimeout(timer);
      this.#due(key);
    }
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  #due(key: string): void {
    this.#waiting.delete(key);
    this.#ready.add(key);
    this.#next();
  }

  #next(): void {
    for (const key of this.#ready) {
      if (this.#running.size >= this.#options.lanes) return;
      if (this.#running.has(key)) continue;
      this.#ready.delete(key);
      this.#running.set(key, this.#run(key));
    }
  }

  async #run(key: string): Promise<void> {
    await Promise.resolve(); // so that it is among the running before it can end
    try {
      await this.#options.run(key);
    } catch (error) {
      console.error("A notification failed.", error);
    }
    this.#running.delete(key);
    this.#next();
    if (!this.busy) { for (const resolve of this.#idlers.splice(0)) resolve(); }
  }
}
