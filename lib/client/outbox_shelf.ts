/**
 * Where the outbox's messages lie: on screen at once, in the browser's store after that, and the same
 * for all tabs of the account. Changes are stored one after the other, in the order they were made;
 * what a look at the store brings is shown under those that are not stored yet.
 */

import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { PendingFile } from "./files/pending_file.ts";
import type { Channel, Lock } from "./ports.ts";

/** A message on its way. `room` and `id` are its key. */
export interface OutboxEntry {
  room: string;
  id: string;
  text: string;
  /** `seq` of the message that it answers. */
  reply?: number;
  /** Sent when the server has all of them. */
  files?: PendingFile[];
  /** Its place among the others; later than all that were there. */
  createdAt: number;
  /** When its author last asked to send it. */
  askedAt: number;
  state: "pending" | "failed";
  /** Why it failed, for people. */
  error?: string;
}

/** Where entries outlive the tab. One store belongs to one account. */
export interface OutboxStore {
  load(): Promise<OutboxEntry[]>;
  put(entry: OutboxEntry): Promise<void>;
  remove(room: string, id: string): Promise<void>;
}

/** Where an outbox is kept, and shared with the account's other tabs. */
export interface Keeping {
  /** Of this account only. */
  store: OutboxStore;
  lock: Lock;
  channel: Channel;
}

/** What becomes of an entry: it is another, or none any more. */
type Change = OutboxEntry | { gone: true };

/** The entries of one account in one tab. */
export class OutboxShelf {
  /** All entries, oldest first. */
  readonly entries: ReadonlySignal<OutboxEntry[]>;
  readonly #entries = signal<OutboxEntry[]>([]);
  /** Changes that the store does not have yet. */
  readonly #unsaved = new Map<string, Change>();
  readonly #looked: () => void;
  readonly #troubled: (error: unknown) => void;
  readonly #kept = Promise.withResolvers<void>();
  #saving = this.#kept.promise;
  #keeping: Keeping | null = null;
  #unlisten: (() => void) | null = null;

  /** `looked`: told when the store was read; `troubled`: told when it failed. */
  constructor(looked: () => void, troubled: (error: unknown) => void) {
    this.#looked = looked;
    this.#troubled = troubled;
    this.entries = this.#entries;
  }

  /** Resolves when the changes made so far are stored, or cannot be. */
  get saved(): Promise<void> {
    return this.#saving;
  }

  /** Keeps what there is, shows what is kept from before, and listens to the other tabs. */
  async start(keeping: Keeping): Promise<void> {
    this.#keeping = keeping;
    this.#kept.resolve();
    this.#unlisten ??= keeping.channel.listen(() => void this.reload());
    await this.reload();
  }

  /** Looks for what a tab left that ended before it could tell the others. */
  look(): Promise<void> | void {
    if (this.#unlisten) return this.reload();
  }

  close(): void {
    this.#unlisten?.();
    this.#unlisten = null;
  }

  /** Applies a change here at once, and in the store in the order of the changes. */
  save(entry: OutboxEntry, change: Change): void {
    const { room, id } = entry;
    this.#unsaved.set(keyOf(entry), change);
    this.#show(this.#entries.peek());
    this.#saving = this.#saving
      .then(() => {
        const { store } = this.#keeping!;
        return "gone" in change ? store.remove(room, id) : store.put(change);
      })
      .then(() => {
        if (this.#unsaved.get(keyOf(entry)) === change) this.#unsaved.delete(keyOf(entry));
        this.#keeping!.channel.tell();
      })
      .catch(this.#troubled);
  }

  /** Reads what is stored, after the changes made so far. */
  reload(): Promise<void> {
    this.#saving = this.#saving
      .then(() => this.#keeping!.store.load())
      .then((stored) => {
        this.#show(stored);
        this.#looked();
      })
      .catch(this.#troubled);
    return this.#saving;
  }

  /** Entries as stored, under the changes that are not stored yet. */
  #show(stored: OutboxEntry[]): void {
    const all = new Map(stored.map((entry) => [keyOf(entry), entry]));
    for (const [key, change] of this.#unsaved) {
      if ("gone" in change) all.delete(key);
      else all.set(key, change);
    }
    const sorted = [...all.values()].sort((a, b) =>
      a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)
    );
    batch(() => this.#entries.value = sorted);
  }
}

function keyOf({ room, id }: { room: string; id: string }): string {
  return `${room}:${id}`;
}
