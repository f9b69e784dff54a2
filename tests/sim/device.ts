/**
 * A browser of one person: the outbox's store, the lock and the doorbell that its tabs share. The
 * store takes time, and a tab that dies may or may not have had its last change written.
 */

import type { OutboxEntry, OutboxStore } from "../../lib/client/outbox_shelf.ts";
import type { Channel, Lock } from "../../lib/client/ports.ts";
import type { Person } from "../../lib/chat/people.ts";
import type { Owner, World } from "./world.ts";

const STORE_MS = [0.1, 15] as const;
const DOORBELL_MS = [0.1, 5] as const;

interface Turn {
  tab: Owner;
  held: () => void;
}

export class SimDevice {
  readonly name: string;
  readonly person: Person;
  readonly world: World;
  readonly stored = new Map<string, OutboxEntry>();
  online = true;
  /** Called when a message is safely written down. */
  onKept: (room: string, id: string) => void = () => {};
  /** Where a test breaks the store: nothing is written. */
  forgetful = false;
  #turns: Turn[] = [];
  #ears = new Map<Owner, () => void>();

  constructor(world: World, name: string, person: Person) {
    this.world = world;
    this.name = name;
    this.person = person;
  }

  /** Requests for the sender's turn, the holder's included. */
  get turns(): number {
    return this.#turns.length;
  }

  storage(tab: Owner): OutboxStore {
    return {
      load: () => this.#act(tab, () => [...this.stored.values()]),
      put: (entry) => this.#act(tab, () => this.#put(entry)),
      remove: (room, id) => this.#act(tab, () => void this.stored.delete(`${room}:${id}`)),
    };
  }

  lock(tab: Owner): Lock {
    return {
      request: (held) => {
        const turn = { tab, held };
        if (this.#turns.push(turn) === 1) this.#grant();
        return () => this.#leave(turn);
      },
    };
  }

  channel(tab: Owner): Channel {
    return {
      tell: () => this.#ring(tab),
      listen: (changed) => {
        this.#ears.set(tab, changed);
        return () => this.#ears.delete(tab);
      },
    };
  }

  /** The browser takes back what a tab that is gone held. */
  gone(tab: Owner): void {
    this.#ears.delete(tab);
    for (const turn of this.#turns.filter((turn) => turn.tab === tab)) this.#leave(turn);
  }

  #put(entry: OutboxEntry): void {
    if (!this.forgetful) this.stored.set(`${entry.room}:${entry.id}`, entry);
    this.onKept(entry.room, entry.id);
  }

  /** Happens even when the tab is gone by then, or does not. */
  #act<T>(tab: Owner, act: () => T): Promise<T> {
    const { world } = this;
    return new Promise((resolve) => {
      world.after(world.root, world.random.between(STORE_MS), () => {
        if (!tab.alive && world.random.chance(0.5)) return;
        const result = act();
        world.after(tab, 0, () => resolve(result));
      });
    });
  }

  #ring(from: Owner): void {
    for (const [tab, changed] of this.#ears) {
      if (tab === from) continue;
      this.world.after(tab, this.world.random.between(DOORBELL_MS), () => {
        if (this.#ears.get(tab) === changed) changed();
      });
    }
  }

  #grant(): void {
    const [turn] = this.#turns;
    this.world.after(turn.tab, 0.1, () => {
      if (this.#turns[0] === turn) turn.held();
    });
  }

  #leave(turn: Turn): void {
    const wasFirst = this.#turns[0] === turn;
    this.#turns = this.#turns.filter((other) => other !== turn);
    if (wasFirst && this.#turns.length > 0) this.#grant();
  }
}
