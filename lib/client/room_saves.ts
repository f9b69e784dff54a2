/**
 * Which of a room's messages the viewer saved for themselves. Asked for when a menu first wants to
 * know; from then on kept current by what the viewer's devices do, and asked for anew after a new
 * connection, which may have missed some of that.
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { RoomHost } from "./room_host.ts";

/** One room's saved messages. */
export class RoomSaves {
  readonly #room: string;
  readonly #host: Pick<RoomHost, "ask" | "notify">;
  readonly #messages = signal<ReadonlySet<number> | null>(null);
  /** What was said while the answer was on its way. */
  #meanwhile: { message: number; on: boolean }[] | null = null;

  constructor(room: string, host: Pick<RoomHost, "ask" | "notify">) {
    this.#room = room;
    this.#host = host;
  }

  /** By `seq`; `null` while it is not known. */
  get messages(): ReadonlySignal<ReadonlySet<number> | null> {
    return this.#messages;
  }

  /** Somebody wants to know. */
  need(): void {
    if (this.#messages.peek() === null && this.#meanwhile === null) void this.#fetch();
  }

  /** Saves a message, or drops it; false, with a notice, when that failed. */
  async set(message: number, on: boolean): Promise<boolean> {
    try {
      await this.#host.ask("save", { room: this.#room, message, on });
      return true;
    } catch (error) {
      this.#host.notify(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  /** It is so now, by whichever device. */
  hear(fact: { message: number; on: boolean }): void {
    this.#meanwhile?.push(fact);
    const known = this.#messages.peek();
    if (known) this.#messages.value = changed(known, fact);
  }

  /** A new connection: what is known may be old. */
  reconnected(): void {
    this.#messages.value = null;
  }

  async #fetch(): Promise<void> {
    const meanwhile: { message: number; on: boolean }[] = this.#meanwhile = [];
    try {
      const { messages } = await this.#host.ask("saves", { room: this.#room });
      this.#messages.value = meanwhile.reduce(changed, new Set(messages));
    } catch {
      // The menu offers to save; saving what is saved changes nothing.
    } finally {
      this.#meanwhile = null;
    }
  }
}

function changed(messages: ReadonlySet<number>, { message, on }: { message: number; on: boolean }) {
  const next = new Set(messages);
  if (on) next.add(message);
  else next.delete(message);
  return next;
}
