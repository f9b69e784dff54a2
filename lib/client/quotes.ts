/**
 * Messages that others answer and that the window does not hold: asked for once each, kept as they
 * are now by the events about them, and asked for again after a new connection, which may have
 * missed some of these.
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import { applyChange, isChange } from "../chat/messages.ts";
import type { ChangeEvent, PostedEvent, RoomEvent } from "../chat/events.ts";
import { type Entry, entryOf } from "./event_window.ts";
import type { Ask } from "./requests.ts";

/** One room's quoted messages. */
export class Quotes {
  readonly #room: string;
  readonly #ask: Ask;
  readonly #held = signal<ReadonlyMap<number, Entry>>(new Map());
  /** What came while a message was on its way, by its `seq`. */
  readonly #meanwhile = new Map<number, ChangeEvent[]>();

  constructor(room: string, ask: Ask) {
    this.#room = room;
    this.#ask = ask;
  }

  /** The quoted messages that are known, by `seq`. */
  get held(): ReadonlySignal<ReadonlyMap<number, Entry>> {
    return this.#held;
  }

  /** Asks for a message that is not known. */
  need(seq: number): void {
    if (this.#held.peek().has(seq) || this.#meanwhile.has(seq)) return;
    void this.#fetch(seq);
  }

  /** A page brought these. */
  add(events: readonly PostedEvent[]): void {
    if (events.length === 0) return;
    const held = new Map(this.#held.peek());
    for (const event of events) {
      const known = held.get(event.seq)?.changed ?? -1;
      if ((event.changed ?? 0) > known) held.set(event.seq, entryOf(event));
    }
    this.#held.value = held;
  }

  /** Events of the room. */
  see(events: readonly RoomEvent[]): void {
    for (const event of events) {
      if (!isChange(event)) continue;
      this.#meanwhile.get(event.message)?.push(event);
      const entry = this.#held.peek().get(event.message);
      const next = entry && applyChange(entry, event);
      if (next !== entry) this.#held.value = new Map(this.#held.peek()).set(event.message, next!);
    }
  }

  /** A new connection: what is known may be old. */
  reconnected(): void {
    for (const seq of this.#held.peek().keys()) {
      if (!this.#meanwhile.has(seq)) void this.#fetch(seq);
    }
  }

  async #fetch(seq: number): Promise<void> {
    const changes: ChangeEvent[] = [];
    this.#meanwhile.set(seq, changes);
    try {
      const question = { room: this.#room, around: seq, limit: 1 };
      const { events } = await this.#ask("history", question);
      const event = events.find((event) => event.type === "posted" && event.seq === seq);
      if (event?.type !== "posted") return;
      const entry = entryOf(changes.reduce(applyChange, event));
      this.#held.value = new Map(this.#held.peek()).set(seq, entry);
    } catch {
      // The quote stays without its text; whoever wants to see it can jump there.
    } finally {
      this.#meanwhile.delete(seq);
    }
  }
}
