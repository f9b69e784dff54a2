/**
 * Who types in one room, and telling the others when the viewer does. Signs of typing are lossy:
 * each holds for {@link TYPING_MS}, and a message ends its author's.
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import { TYPING_EVERY_MS, TYPING_MS } from "../chat/limits.ts";
import type { Clock } from "./ports.ts";

/** One room's typing. */
export class TypingModel {
  readonly #clock: Clock;
  readonly #send: () => boolean;
  readonly #people = signal<readonly string[]>([]);
  readonly #timers = new Map<string, number>();
  #sentAt = -Infinity;

  constructor(clock: Clock, send: () => boolean) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Ids of others who type, the first first. */
  get people(): ReadonlySignal<readonly string[]> {
    return this.#people;
  }

  /** The viewer typed something. */
  typed(): void {
    const now = this.#clock.now();
    if (now - this.#sentAt >= TYPING_EVERY_MS && this.#send()) this.#sentAt = now;
  }

  /** The viewer sent it: what they type next is told at once. */
  sent(): void {
    this.#sentAt = -Infinity;
  }

  /** Somebody else types. */
  hear(by: string): void {
    this.#clock.clearTimeout(this.#timers.get(by) ?? 0);
    this.#timers.set(by, this.#clock.setTimeout(() => this.stop(by), TYPING_MS));
    if (!this.#people.peek().includes(by)) this.#people.value = [...this.#people.peek(), by];
  }

  /** Somebody's message came, or nothing did for a while. */
  stop(by: string): void {
    this.#clock.clearTimeout(this.#timers.get(by) ?? 0);
    if (!this.#timers.delete(by)) return;
    this.#people.value = this.#people.peek().filter((id) => id !== by);
  }

  close(): void {
    for (const by of [...this.#timers.keys()]) this.stop(by);
  }
}
