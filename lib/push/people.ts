/**
 * Who has a device at all, in memory: most messages are for people who have none, and cost nothing
 * then. Somebody's first device is known here at once where it was added, and at other instances
 * when they look the next time.
 */

import { listPushPeople } from "../store/push_devices.ts";

/** How often this instance looks who else has one, in milliseconds. */
const LOOK_EVERY_MS = 15_000;

export class PushPeople {
  #kv: Deno.Kv;
  #people = new Set<string>();
  #added = new Set<string>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  async start(): Promise<void> {
    await this.look();
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  get any(): boolean {
    return this.#people.size > 0;
  }

  has(userId: string): boolean {
    return this.#people.has(userId);
  }

  add(userId: string): void {
    this.#people.add(userId);
    this.#added.add(userId);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** Reads who has one. */
  look(): Promise<void> {
    return this.#looking = this.#looking.then(() => this.#lookNow());
  }

  async #lookNow(): Promise<void> {
    this.#added.clear();
    try {
      const people = await listPushPeople(this.#kv);
      this.#people = people.union(this.#added); // and who came while it was read
    } catch (error) {
      console.error("Who has devices for notifications could not be read.", error);
    }
  }
}
