/**
 * Watches many KV keys with few streams: `kv.watch` takes ten keys at most, so keys share streams
 * in groups of ten. Promises that every watched key's newest value is seen, also across a time
 * in which KV could not be reached: each new stream begins with the current values. Values that
 * were overwritten in between are not seen, so a key must be a doorbell, never the truth.
 *
 * A stream over a network can die without a word. So the versions of all keys are also read every
 * {@link AUDIT_MS}, and a stream that kept one to itself is replaced on another connection.
 */

import { jitter } from "../store/conflicts.ts";
import { type OpenKv, type Place, WatchHandles } from "./watch_handles.ts";

const KEYS_PER_STREAM = 10;
/** Keys that are asked for within this time share a restart of their stream. */
const GATHER_MS = 2;
/** How often every key is read, in milliseconds; give or take a quarter. */
export const AUDIT_MS = 30_000;
/** How much later than a read a stream may be, in milliseconds. */
const GRACE_MS = 2_000;

/** Called with the newest value and its version; both are `null` when the key is absent. */
export type OnValue = (value: unknown, versionstamp: string | null) => void;

interface Watch {
  key: Deno.KvKey;
  onValue: OnValue;
  /** Version last seen: a stream reports all its keys when one of them changes. */
  seen: string | null | undefined;
  group: Group | null;
}

interface Group {
  watches: Set<Watch>;
  reader: ReadableStreamDefaultReader<Deno.KvEntryMaybe<unknown>[]> | null;
  place: Place | null;
  /** Counts the streams of this group, so that an old one knows that it is. */
  generation: number;
}

export class Watcher {
  #kv: Deno.Kv;
  #groups = new Set<Group>();
  /** Groups with a free place. */
  #open = new Set<Group>();
  #waiting = new Set<Watch>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #handles: WatchHandles;
  #auditMs: number;
  #auditTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** With `openKv`, streams run on handles of their own; a KV Connect server requires it. */
  constructor(
    kv: Deno.Kv,
    { openKv, auditMs = AUDIT_MS }: { openKv?: OpenKv; auditMs?: number } = {},
  ) {
    this.#kv = kv;
    this.#handles = new WatchHandles(kv, openKv);
    this.#auditMs = auditMs;
    this.#auditLater();
  }

  /** Watches a key until the returned function is called. Reports its current value soon. */
  watch(key: Deno.KvKey, onValue: OnValue): () => void {
    const watch: Watch = { key, onValue, seen: undefined, group: null };
    this.#waiting.add(watch);
    this.#timer ??= setTimeout(() => this.#place(), GATHER_MS);
    return () => this.#remove(watch);
  }

  /** Number of watched keys, for the figures. */
  get keys(): number {
    let keys = this.#waiting.size;
    for (const { watches } of this.#groups) keys += watches.size;
    return keys;
  }

  /** Number of open streams, for the figures. */
  get streams(): number {
    return this.#groups.size;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#auditTimer);
    for (const group of this.#groups) stop(group);
    this.#groups.clear();
    this.#handles.close();
  }

  /** Gives each waiting key a place in a group and restarts the groups that grew. */
  #place(): void {
    this.#timer = undefined;
    const grown = new Set<Group>();
    for (const watch of this.#waiting) {
      const group = this.#openGroup();
      group.watches.add(watch);
      watch.group = group;
      grown.add(group);
      if (group.watches.size === KEYS_PER_STREAM) this.#open.delete(group);
    }
    this.#waiting.clear();
    for (const group of grown) this.#restart(group);
  }

  #openGroup(): Group {
    for (const group of this.#open) return group;
    const group: Group = { watches: new Set(), reader: null, place: null, generation: 0 };
    this.#groups.add(group);
    this.#open.add(group);
    return group;
  }

  #remove(watch: Watch): void {
    this.#waiting.delete(watch);
    const { group } = watch;
    if (!group?.watches.delete(watch)) return;
    this.#open.add(group);
    if (group.watches.size > 0) return;
    stop(group);
    this.#open.delete(group);
    this.#groups.delete(group);
  }

  #restart(group: Group): void {
    stop(group);
    this.#follow(group, group.generation);
  }

  /** Reads the group's stream until it is replaced; a stream that breaks is opened again. */
  async #follow(group: Group, generation: number): Promise<void> {
    const isCurrent = () => !this.#closed && group.generation === generation;
    for (let failures = 0; isCurrent(); failures++) {
      let place: Place | undefined;
      try {
        place = await this.#handles.take();
        if (!isCurrent()) return;
        const watches = [...group.watches];
        const reader = place.kv.watch(watches.map(({ key }) => key)).getReader();
        Object.assign(group, { reader, place });
        for (let next = await reader.read(); !next.done; next = await reader.read()) {
          if (!isCurrent()) return;
          failures = 0;
          report(watches, next.value);
        }
      } catch (error) {
        if (isCurrent() && failures === 0) {
          console.error("Watching KV failed; trying again.", error);
        }
      } finally {
        place?.release();
      }
      if (isCurrent()) await jitter(4 + Math.min(failures, 10));
    }
  }

  #auditLater(ms = this.#auditMs * (0.75 + Math.random() / 2)): void {
    this.#auditTimer = setTimeout(() => void this.#audit(), ms);
  }

  /** Reads every key, one group at a time. What is ahead of its stream is looked at again later. */
  async #audit(): Promise<void> {
    const ahead = new Map<Watch, Watch["seen"]>();
    try {
      for (const { watches } of [...this.#groups]) {
        if (this.#closed) return;
        await readAhead(this.#kv, [...watches], ahead);
      }
    } catch (error) {
      if (!this.#closed) console.error("Reading the watched keys failed; trying again.", error);
    }
    if (this.#closed) return;
    if (ahead.size === 0) return this.#auditLater();
    this.#auditTimer = setTimeout(() => {
      for (const [watch, seen] of ahead) if (watch.seen === seen) this.#replace(watch.group);
      this.#auditLater();
    }, GRACE_MS);
  }

  /** A stream is dead: it and all others of its connection begin again on a new one. */
  #replace(group: Group | null): void {
    if (!group || !this.#groups.has(group)) return;
    const { place } = group;
    if (!place) return; // it is beginning, or was replaced a moment ago
    console.error("A watch of KV missed a change; it is replaced.");
    place.retire();
    for (const other of this.#groups) {
      if (other === group || other.place?.kv === place.kv && place.kv !== this.#kv) {
        this.#restart(other);
      }
    }
  }
}

/** Adds the watches whose key holds another version than the stream has reported. */
async function readAhead(
  kv: Deno.Kv,
  watches: Watch[],
  ahead: Map<Watch, Watch["seen"]>,
): Promise<void> {
  const before = watches.map(({ seen }) => seen);
  const entries = await kv.getMany(watches.map(({ key }) => key));
  watches.forEach((watch, i) => {
    const { versionstamp } = entries[i];
    if (versionstamp !== watch.seen && watch.seen === before[i]) ahead.set(watch, watch.seen);
  });
}

function report(watches: Watch[], entries: Deno.KvEntryMaybe<unknown>[]): void {
  watches.forEach((watch, i) => {
    const { value, versionstamp } = entries[i];
    if (versionstamp === watch.seen || !watch.group?.watches.has(watch)) return;
    watch.seen = versionstamp;
    watch.onValue(value, versionstamp);
  });
}

function stop(group: Group): void {
  group.generation++;
  group.reader?.cancel().catch(() => {});
  group.reader = null;
  group.place = null;
}
