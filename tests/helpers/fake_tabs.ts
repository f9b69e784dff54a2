/** A browser's storage and locks in memory: tabs made from one `FakeBrowser` share them. */

import type { RoomDraft } from "../../lib/chat/rooms.ts";
import type { DraftDesk, DraftStore, OpenDrafts } from "../../lib/client/draft_model.ts";
import { DraftSync } from "../../lib/client/drafts/draft_sync.ts";
import type { OutboxEntry, OutboxStore } from "../../lib/client/outbox_shelf.ts";
import type { Channel, Lock } from "../../lib/client/ports.ts";

export class FakeBrowser {
  readonly stored = new Map<string, OutboxEntry>();
  /** Set it to make the store fail. */
  broken = false;
  #waiting: { held: () => void }[] = [];
  readonly #turns = new Map<string, Lock>();
  #ears = new Set<() => void>();

  /** Requests for the turn, the holder's included. */
  get turns(): number {
    return this.#waiting.length;
  }

  readonly storage: OutboxStore = {
    load: () => this.#try(() => [...this.stored.values()]),
    put: (entry) => this.#try(() => void this.stored.set(`${entry.room}:${entry.id}`, entry)),
    remove: (room, id) => this.#try(() => void this.stored.delete(`${room}:${id}`)),
  };

  /** Drafts by room. */
  readonly kept = new Map<string, RoomDraft>();

  readonly openDrafts: OpenDrafts = () => {
    const store: DraftStore = {
      load: () => new Map(this.kept),
      keep: (room, draft) => draft ? this.kept.set(room, draft) : this.kept.delete(room),
    };
    const sync: DraftDesk["sync"] = (state, options) => new DraftSync(state, options, store);
    return Promise.resolve({ ...store, sync });
  };

  readonly lock: Lock = {
    request: (held) => {
      const turn = { held };
      if (this.#waiting.push(turn) === 1) queueMicrotask(() => this.#grant(turn));
      return () => this.#leave(turn);
    },
  };

  /** A lock by name, like `lock`. */
  turn(name: string): Lock {
    const turn = this.#turns.get(name) ?? new FakeBrowser().lock;
    this.#turns.set(name, turn);
    return turn;
  }

  /** A channel as one tab has it. */
  channel(): Channel {
    let own: (() => void) | null = null;
    return {
      tell: () => this.#ring(own),
      listen: (changed) => {
        own = changed;
        this.#ears.add(changed);
        return () => this.#ears.delete(changed);
      },
    };
  }

  #ring(own: (() => void) | null): void {
    for (const ear of this.#ears) if (ear !== own) queueMicrotask(ear);
  }

  #grant(turn: { held: () => void }): void {
    if (this.#waiting[0] === turn) turn.held();
  }

  #leave(turn: { held: () => void }): void {
    const wasFirst = this.#waiting[0] === turn;
    this.#waiting = this.#waiting.filter((other) => other !== turn);
    const next = this.#waiting[0];
    if (wasFirst && next) queueMicrotask(() => this.#grant(next));
  }

  // deno-lint-ignore require-await -- a promise that fails, never a throw
  async #try<T>(act: () => T): Promise<T> {
    if (this.broken) throw new Error("The store is broken");
    return act();
  }
}
