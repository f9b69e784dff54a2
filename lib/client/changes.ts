/**
 * Changes of messages on their way: `edit`, `delete`, `react`, `pin` and
 * `forward`, each under an id of its own that
 * the server stores once, ever. So every doubt is met by sending again: a change is kept until its
 * ack, a refusal or {@link CHANGE_MS}; it waits for the connection, and goes again on the next one.
 */

import type { CommandOf } from "../chat/commands.ts";
import type { FactOf } from "../chat/facts.ts";
import type { Clock } from "./ports.ts";

/** Milliseconds a change may take, waiting for the connection included. */
export const CHANGE_MS = 20_000;
/** Milliseconds before a change that the server cannot take now goes again. */
const AGAIN_MS = 1_000;

type ChangeCommand = CommandOf<"edit" | "delete" | "react" | "pin" | "forward">;
/** A change without its id. */
export type Change = ChangeCommand extends infer C ? C extends ChangeCommand ? Omit<C, "id"> : never
  : never;

interface Waiting {
  frame: ChangeCommand;
  resolve(): void;
  reject(error: Error): void;
  timers: number[];
}

/** What a {@link Changes} is made of. */
export interface ChangesOptions {
  clock: Clock;
  newId(): string;
  send(frame: ChangeCommand): boolean;
}

/** The changes that wait for their ack. */
export class Changes {
  readonly #options: ChangesOptions;
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: ChangesOptions) {
    this.#options = options;
  }

  /** Resolves once the change is stored; rejects with what to tell the user. */
  make(change: Change): Promise<void> {
    const { clock, newId, send } = this.#options;
    const frame = { ...change, id: newId() };
    return new Promise((resolve, reject) => {
      const timer = clock.setTimeout(
        () => this.#take(frame.id)?.reject(new Error("The server did not answer.")),
        CHANGE_MS,
      );
      this.#waiting.set(frame.id, { frame, resolve, reject, timers: [timer] });
      send(frame);
    });
  }

  /** It is stored; tells whether the id was one of these. */
  acked(id: string): boolean {
    const waiting = this.#take(id);
    waiting?.resolve();
    return waiting !== undefined;
  }

  /** The server refused one; tells whether it was one of these. */
  refuse({ id = "", code, message, retryAfterMs = AGAIN_MS }: FactOf<"error">): boolean {
    const waiting = this.#waiting.get(id);
    if (!waiting) return false;
    const again = code === "rate_limited" || code === "overloaded" || code === "internal";
    if (!again) this.#take(id)?.reject(new Error(message));
    else {
      const { clock, send } = this.#options;
      waiting.timers.push(clock.setTimeout(() => void send(waiting.frame), retryAfterMs));
    }
    return true;
  }

  /** The connection is live: sends everything that has no ack yet. */
  live(): void {
    for (const { frame } of this.#waiting.values()) this.#options.send(frame);
  }

  close(): void {
    for (const id of [...this.#waiting.keys()]) {
      this.#take(id)?.reject(new Error("The connection was closed."));
    }
  }

  #take(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    for (const timer of waiting?.timers ?? []) this.#options.clock.clearTimeout(timer);
    return waiting;
  }
}
