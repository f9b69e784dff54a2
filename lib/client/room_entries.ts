/**
 * What a room shows: stored messages by `seq`, then those that were acknowledged ahead of the
 * events before them, then the outbox's. A message of the viewer's is known by author and id, so it
 * keeps its entry whichever of the three holds it.
 */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { FactOf } from "../chat/facts.ts";
import { type Entry, entryOf, type EventWindow, keyOf } from "./event_window.ts";
import type { PendingFile } from "./files/pending_file.ts";
import type { OutboxEntry } from "./outbox_shelf.ts";
import type { RoomHost } from "./room_host.ts";

/** The entries of one room. */
export class RoomEntries {
  /** All of them, in their order. */
  readonly all: ReadonlySignal<Entry[]>;
  readonly #room: string;
  readonly #host: Pick<RoomHost, "me" | "outbox">;
  /** Own messages whose ack came before their event, by `seq`. */
  readonly #acked = signal<Entry[]>([]);

  constructor(
    room: string,
    window: ReadonlySignal<EventWindow | null>,
    host: Pick<RoomHost, "me" | "outbox">,
  ) {
    this.#room = room;
    this.#host = host;
    this.all = computed(() => this.#merge(window.value?.entries ?? []));
  }

  /** An own message has its place, and the log is not held up to there. */
  acked({ seq, at }: FactOf<"ack">, { id, text, reply, files }: OutboxEntry): void {
    const refs = files && { files: files.map(refOf) };
    const stored = entryOf({ by: this.#host.me.id, id, text, at, seq, reply, ...refs });
    this.#acked.value = [...this.#acked.peek(), stored]
      .sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  }

  /** The log is held up to here: it has the acknowledged ones by itself. */
  heldTo(newest: number): void {
    const acked = this.#acked.peek();
    const left = acked.filter(({ seq }) => (seq ?? 0) > newest);
    if (left.length < acked.length) this.#acked.value = left;
  }

  unload(): void {
    this.#acked.value = [];
  }

  #merge(stored: Entry[]): Entry[] {
    const acked = this.#acked.value;
    const waiting = this.#host.outbox.entries.value.filter(({ room }) => room === this.#room);
    if (acked.length + waiting.length === 0) return stored;
    const tail = [...acked, ...waiting.map((entry) => this.#pending(entry))];
    const keys = new Set(stored.map(({ key }) => key));
    // Another tab's outbox may not have heard yet of what is stored.
    return [...stored, ...tail.filter(({ key }) => !keys.has(key) && keys.add(key))];
  }

  #pending({ id, text, reply, files, createdAt, state, error }: OutboxEntry): Entry {
    const by = this.#host.me.id;
    const entry: Entry = { key: keyOf(by, id), by, id, text, at: createdAt, state, seq: null };
    if (reply !== undefined) entry.reply = reply;
    if (files) Object.assign(entry, { files: files.map(refOf), uploads: files });
    return error === undefined ? entry : { ...entry, error };
  }
}

/** A file as it will be shown; until the server has it, its key stands for its id. */
function refOf({ key, name, type, size, width, height, duration, waveform, ref }: PendingFile) {
  return ref ?? { id: key, name, type, size, width, height, duration, waveform };
}
