/**
 * Watches many KV keys with few streams: `kv.watch` takes ten keys at most, so keys share streams
 * in groups of ten. Promises that every watched key's newest value is seen, also across a time
 * in which KV could not be reached: each new stream begins with the current values. Values that
 * were overwritten in between are not seen, so a key must be a doorbell, never the truth.
 */

import { jitter } from "../store/conflicts.ts";

const KEYS_PER_STREAM = 10;
/** Keys that are asked for within this time share a restart of their stream. */
const GATHER_MS = 2;

/** Called with the newest value and its version; `null` value: the key is absent. */
export type OnValue = (value: unknown) => void;

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
  #closed = false;

  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /** Watches a key until the returned function is called. Reports its current value soon. */
  watch(key: Deno.KvKey, onValue: OnValue): () => void {
    const watch: Watch = { key, onValue, seen: undefined, group: null };
    this.#waiting.add(watch);
    this.#timer ??= setTimeout(() => this.#place(), GATHER_MS);
    return () => this.#remove(watch);
  }

  /** Number of open streams, for the figures. */
  get streams(): number {
    return this.#groups.size;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const group of this.#groups) stop(group);
    this.#groups.clear();
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
    const group: Group = { watches: new Set(), reader: null, generation: 0 };
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
      const watches = [...group.watches];
      try {
        const reader = this.#kv.watch(watches.map(({ key }) => key)).getReader();
        group.reader = reader;
        for (let next = await reader.read(); !next.done; next = await reader.read()) {
          if (!isCurrent()) return;
          failures = 0;
          report(watches, next.value);
        }
      } catch (error) {
        if (isCurrent() && failures === 0) {
          console.error("Watching KV failed; trying again.", error);
        }
      }
      if (isCurrent()) await jitter(4 + Math.min(failures, 10));
    }
  }
}

function report(watches: Watch[], entries: Deno.KvEntryMaybe<unknown>[]): void {
  watches.forEach((watch, i) => {
    const { value, versionstamp } = entries[i];
    if (versionstamp === watch.seen || !watch.group?.watches.has(watch)) return;
    watch.seen = versionstamp;
    watch.onValue(value);
  });
}

function stop(group: Group): void {
  group.generation++;
  group.reader?.cancel().catch(() => {});
  group.reader = null;
}
