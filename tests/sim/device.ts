/**
 * A browser of one person: the outbox's store, the locks and the doorbell that its tabs share. The
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
  /** Requests for turns: for sending messages, and for each file. */
  #turns = new Map<string, Turn[]>();
  #ears = new Map<Owner, () => void>();

  constructor(world: World, name: string, person: Person) {
    this.world = world;
    this.name = name;
    this.person = person;
  }

  /** Requests for turns, the holders' included. */
  get turns(): number {
    return [...this.#turns.values()].reduce((sum, { length }) => sum + length, 0);
  }

  storage(tab: Owner): OutboxStore {
    return {
      load: () => this.#act(tab, () => [...this.stored.values()]),
      put: (entry) => this.#act(tab, () => this.#put(entry)),
      remove: (room, id) => this.#act(tab, () => void this.stored.delete(`${room}:${id}`)),
    };
  }

  /** Turns between the tabs: by default that of sending messages. */
  lock(tab: Owner, name = "sender"): Lock {
    return {
      request: (held) => {
        const turn = { tab, held };
        const turns = this.#turns.get(name) ?? [];
        this.#turns.set(name, turns);
        if (turns.push(turn) === 1) this.#grant(name);
        return () => this.#leave(name, turn);
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
    for (const [name, turns] of this.#turns) {
      for (const turn of turns.filter((turn) => turn.tab === tab)) this.#leave(name, turn);
    }
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

  #grant(name: string): void {
    const [turn] = this.#turns.get(name)!;
    this.world.after(turn.tab, 0.1, () => {
      if (this.#turns.get(name)?.[0] === turn) turn.held();
    });
  }

  #leave(name: string, turn: Turn): void {
    const turns = this.#turns.get(name) ?? [];
    const at = turns.indexOf(turn);
    if (at >= 0) turns.splice(at, 1);
    if (at === 0 && turns.length > 0) this.#grant(name);
  }
}
