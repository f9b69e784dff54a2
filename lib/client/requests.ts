/**
 * Questions with answers: `history`, `versions`, `people`, `open` and `flag` carry a `ref` that the answer
 * repeats.
 *
 * All of them may be asked twice without harm, so a question is kept until it is answered, refused
 * or {@link ANSWER_MS} old: it waits for the connection, and is asked again on the next one and
 * after `rate_limited` or `overloaded`.
 */

import type { Command, CommandOf } from "../chat/commands.ts";
import type { FactOf } from "../chat/facts.ts";
import type { Clock } from "./ports.ts";

/** Milliseconds a question may take, waiting for the connection included. */
export const ANSWER_MS = 20_000;

/** The fact that answers each question. */
interface Answers {
  history: FactOf<"page">;
  versions: FactOf<"versions">;
  people: FactOf<"people">;
  open: FactOf<"opened">;
  who: FactOf<"who">;
  members: FactOf<"members">;
  draft: FactOf<"draft">;
  receipts: FactOf<"receipts">;
  flag: FactOf<"flags">;
  pins: FactOf<"pins">;
  save: FactOf<"saved"> & { ref: number };
  saves: FactOf<"saves">;
}
type Kind = keyof Answers;
type Answer = Answers[Kind];
/** A question's fields. */
interface Questions {
  history: Omit<CommandOf<"history">, "ref" | "type">;
  versions: Omit<CommandOf<"versions">, "ref" | "type">;
  people: Omit<CommandOf<"people">, "ref" | "type">;
  open: Omit<CommandOf<"open">, "ref" | "type">;
  who: Omit<CommandOf<"who">, "ref" | "type">;
  members: Omit<CommandOf<"members">, "ref" | "type">;
  draft: Omit<CommandOf<"draft">, "ref" | "type">;
  receipts: Omit<CommandOf<"receipts">, "ref" | "type">;
  flag: Omit<CommandOf<"flag">, "ref" | "type">;
  pins: Omit<CommandOf<"pins">, "ref" | "type">;
  save: Omit<CommandOf<"save">, "ref" | "type">;
  saves: Omit<CommandOf<"saves">, "ref" | "type">;
}
/** Asks, and answers with the fact. */
export type Ask = <K extends Kind>(type: K, question: Questions[K]) => Promise<Answers[K]>;

interface Asked {
  frame: Command;
  resolve(answer: Answer): void;
  reject(error: Error): void;
  timers: number[];
}

/** The questions that wait for an answer. */
export class Requests {
  readonly #send: (frame: Command) => boolean;
  readonly #clock: Clock;
  readonly #asked = new Map<number, Asked>();
  #lastRef = 0;

  constructor(send: (frame: Command) => boolean, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  ask<K extends Kind>(type: K, question: Questions[K]): Promise<Answers[K]> {
    const ref = ++this.#lastRef;
    const frame = { ...question, type, ref } as Command;
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimeout(
        () => this.#take(ref)?.reject(new Error("The server did not answer.")),
        ANSWER_MS,
      );
      // The caller's type and the resolver's agree: an answer repeats the ref of one question.
      const asked = { frame, resolve: resolve as Asked["resolve"], reject, timers: [timer] };
      this.#asked.set(ref, asked);
      this.#send(frame);
    });
  }

  /** A fact came that answers a question, if it has its `ref`. */
  answer(fact: Answer): void {
    if (fact.ref !== undefined) this.#take(fact.ref)?.resolve(fact);
  }

  /** A question was refused; tells whether `ref` was one of ours. */
  refuse(ref: number, error: FactOf<"error">): boolean {
    const asked = this.#asked.get(ref);
    if (asked && (error.code === "rate_limited" || error.code === "overloaded")) {
      const again = () => void this.#send(asked.frame);
      asked.timers.push(this.#clock.setTimeout(again, error.retryAfterMs ?? 1_000));
    } else this.#take(ref)?.reject(new Error(error.message));
    return asked !== undefined;
  }

  /** The connection is live: asks everything that has no answer yet. */
  live(): void {
    for (const { frame } of this.#asked.values()) this.#send(frame);
  }

  close(): void {
    for (const ref of [...this.#asked.keys()]) {
      this.#take(ref)?.reject(new Error("The connection was closed."));
    }
  }

  #take(ref: number): Asked | undefined {
    const asked = this.#asked.get(ref);
    this.#asked.delete(ref);
    for (const timer of asked?.timers ?? []) this.#clock.clearTimeout(timer);
    return asked;
  }
}
