/**
 * Who is online, as one signal a person, and the list of people that the socket watches for it.
 *
 * `watch` replaces the whole list on the server; it is sent when the list changes, changes of one
 * turn together, and on every new connection.
 */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { MAX_WATCHED_PEOPLE } from "../chat/limits.ts";
import type { CommandOf } from "../chat/commands.ts";
import type { Presence } from "../chat/people.ts";

/** Presence of people, watched in the order of who matters most. */
export class PresenceModel {
  readonly #send: (frame: CommandOf<"watch">) => boolean;
  readonly #shown = new Map<string, Signal<Presence>>();
  #wanted: string[] = [];
  /** The list that the server has, sorted and joined; null on a new connection. */
  #watched: string | null = null;
  #scheduled = false;

  constructor(known: Presence[], send: (frame: CommandOf<"watch">) => boolean) {
    this.#send = send;
    this.update(known);
  }

  /** The person's presence; the same signal for the same id. */
  of(id: string): ReadonlySignal<Presence> {
    return this.#signal(id);
  }

  update(people: Presence[]): void {
    for (const { id, online, seenAt } of people) {
      const shown = this.#signal(id);
      const old = shown.peek();
      if (old.online !== online || old.seenAt !== seenAt) shown.value = { id, online, seenAt };
    }
  }

  /** Watches these people, the most important first; beyond the limit the last are left out. */
  watch(ids: Iterable<string>): void {
    this.#wanted = [...new Set(ids)].slice(0, MAX_WATCHED_PEOPLE);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#sync();
    });
  }

  /** A new connection watches nobody yet. */
  live(): void {
    this.#watched = null;
    this.#sync();
  }

  #sync(): void {
    const list = [...this.#wanted].sort().join();
    if (list === (this.#watched ?? "")) return;
    if (this.#send({ type: "watch", people: this.#wanted })) this.#watched = list;
  }

  #signal(id: string): Signal<Presence> {
    const shown = this.#shown.get(id) ?? signal({ id, online: false, seenAt: null });
    this.#shown.set(id, shown);
    return shown;
  }
}
