/**
 * Who people are, by id: one signal for everybody whom something on screen names, whether or not
 * they share a room with the viewer (any more).
 *
 * Everything that brings people tells the directory of them. Of those it does not know it asks the
 * server once, all of one turn together, at most {@link MAX_WHO} in a question; nothing is asked
 * before `live()`, so a server that renders never asks. Whom the server does not know stays `null`.
 */

import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { MAX_WHO } from "../chat/limits.ts";
import type { Person } from "../chat/people.ts";

/** Asks who these people are; those who do not exist are left out of the answer. */
export type AskWho = (ids: string[]) => Promise<Person[]>;

/** Everybody known to this tab. */
export class PeopleDirectory {
  readonly #ask: AskWho;
  readonly #people = new Map<string, Signal<Person | null>>();
  /** Not asked for yet. */
  readonly #wanted = new Set<string>();
  #live = false;
  #scheduled = false;

  constructor(ask: AskWho) {
    this.#ask = ask;
  }

  /** The person, or `null` while (or because) nobody is known by this id; asks if need be. */
  of(id: string): ReadonlySignal<Person | null> {
    const known = this.#people.get(id);
    if (known) return known;
    this.#wanted.add(id);
    this.#schedule();
    return this.#signal(id);
  }

  /** These people are such; what was known of them before is forgotten. */
  add(people: Iterable<Person>): void {
    batch(() => {
      for (const { id, username, name } of people) {
        const shown = this.#signal(id);
        const old = shown.peek();
        this.#wanted.delete(id);
        if (old?.name === name && old.username === username) continue;
        shown.value = { id, username, name };
      }
    });
  }

  /** The connection is live: asks for everybody who is still unknown. */
  live(): void {
    this.#live = true;
    this.#schedule();
  }

  #schedule(): void {
    if (!this.#live || this.#scheduled || this.#wanted.size === 0) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#askAll();
    });
  }

  #askAll(): void {
    const ids = [...this.#wanted];
    this.#wanted.clear();
    for (let at = 0; at < ids.length; at += MAX_WHO) void this.#fetch(ids.slice(at, at + MAX_WHO));
  }

  /** Those of a question that failed are asked for again on the next connection. */
  async #fetch(ids: string[]): Promise<void> {
    try {
      this.add(await this.#ask(ids));
    } catch {
      for (const id of ids) if (this.#people.get(id)?.peek() === null) this.#wanted.add(id);
    }
  }

  #signal(id: string): Signal<Person | null> {
    const shown = this.#people.get(id) ?? signal<Person | null>(null);
    this.#people.set(id, shown);
    return shown;
  }
}
