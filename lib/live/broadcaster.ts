/**
 * Carries logs from KV to this instance. A followed log has a cursor; whenever its head is seen to
 * have moved, by the watch or by a commit made here, the entries in `(cursor, head]` are delivered
 * in order, each exactly once. Entries that this instance has just committed come with the call
 * and are not read back: the same `advance`, with a warm cache. Neither is a short message that its
 * room's head tells all of.
 *
 * The head is read before the watch begins and the watch begins with the newest head, so nothing
 * falls between. Entries that expired while KV could not be reached are reported as a gap.
 */

import { keys, type Topic } from "../store/keys.ts";
import { jitter } from "../store/conflicts.ts";
import { newestIn, type RoomHead } from "../store/events.ts";
import { getHeadSeq, type LogEntry, type LogHead, readLog } from "../store/logs.ts";
import type { Watcher } from "./watcher.ts";

/** What the broadcaster tells its owner. Called synchronously; must not throw. */
export interface BroadcasterEvents {
  /** The next entries of a log, in order. */
  onEntries(topic: Topic, entries: LogEntry[]): void;
  /** The head changed in any way; also when it is first seen, or `null` when removed. */
  onHead(topic: Topic, head: LogHead | null, versionstamp: string | null): void;
  /** Entries were lost for this follower; `onEntries` goes on after them. Never for rooms. */
  onGap(topic: Topic): void;
}

interface Followed {
  topic: Topic;
  /** `seq` of the last entry delivered. */
  cursor: number;
  /** Newest `seq` known to exist. */
  target: number;
  /** Entries committed here that wait for delivery, by `seq`; most logs are silent and have none. */
  warm: Map<number, unknown> | null;
  /** Resolves when the cursor is known. */
  ready: Promise<void>;
  isReady: boolean;
  pumping: boolean;
  unwatch: () => void;
}

/** Of every log that is followed. */
const READY = Promise.resolve();
const NOTHING = () => {};

export class Broadcaster {
  #kv: Deno.Kv;
  #watcher: Watcher;
  #events: BroadcasterEvents;
  #followed = new Map<string, Followed>();
  #alone = false;
  #closed = false;

  constructor(kv: Deno.Kv, watcher: Watcher, events: BroadcasterEvents) {
    this.#kv = kv;
    this.#watcher = watcher;
    this.#events = events;
  }

  /** Follows a log from its newest entry on. Resolves when nothing after now will be missed. */
  follow(topic: Topic): Promise<void> {
    const name = topic.join("/");
    const known = this.#followed.get(name);
    if (known) return known.ready;
    const log: Followed = {
      topic,
      cursor: 0,
      target: 0,
      warm: null,
      ready: READY,
      isReady: false,
      pumping: false,
      unwatch: NOTHING,
    };
    this.#followed.set(name, log);
    log.ready = this.#begin(log);
    return log.ready;
  }

  /** Whether no entry after now will be missed. */
  isFollowing(topic: Topic): boolean {
    return this.#followed.get(topic.join("/"))?.isReady ?? false;
  }

  /** `seq` of the newest entry of a followed log that was delivered here; 0 for another log. */
  deliveredOf(topic: Topic): number {
    return this.#followed.get(topic.join("/"))?.cursor ?? 0;
  }

  /** Stops following; without effect for a log that is not followed. */
  unfollow(topic: Topic): void {
    const name = topic.join("/");
    this.#followed.get(name)?.unwatch();
    this.#followed.delete(name);
  }

  /** The log's newest entry is now `seq`; `entries`, if given, are the newest ones up to it. */
  advance(topic: Topic, seq: number, entries: readonly { seq: number }[] = []): void {
    const log = this.#followed.get(topic.join("/"));
    if (!log) return;
    if (entries.length > 0) log.warm ??= new Map();
    for (const entry of entries) log.warm?.set(entry.seq, entry);
    log.target = Math.max(log.target, seq);
    if (log.isReady) this.#pump(log);
  }

  /**
   * Whether nobody else writes to the database, so that every change is told by `advance` and the
   * watches are spared. A watch that begins anew reports the newest head first: nothing is missed
   * when others come, as long as they are noticed.
   */
  setAlone(alone: boolean): void {
    if (alone === this.#alone) return;
    this.#alone = alone;
    for (const log of this.#followed.values()) {
      if (!log.isReady) continue;
      if (alone) this.#unwatch(log);
      else this.#watch(log);
    }
  }

  close(): void {
    this.#closed = true;
    for (const { topic } of [...this.#followed.values()]) this.unfollow(topic);
  }

  async #begin(log: Followed): Promise<void> {
    for (let tries = 0; this.#isFollowed(log); tries++) {
      try {
        log.cursor = await getHeadSeq(this.#kv, log.topic);
        break;
      } catch (error) {
        if (tries === 0) console.error("Reading a log's head failed; trying again.", error);
        await jitter(tries + 3);
      }
    }
    if (!this.#isFollowed(log)) return;
    log.isReady = true;
    log.ready = READY; // what the wait for it held may go
    if (!this.#alone) this.#watch(log);
    this.#pump(log);
  }

  #watch(log: Followed): void {
    log.unwatch = this.#watcher.watch(keys.head(log.topic), (value, versionstamp) => {
      const head = value as LogHead | null;
      this.#events.onHead(log.topic, head, versionstamp);
      if (!head) return;
      const newest = log.topic[0] === "room" && head.seq > log.cursor
        ? newestIn(head as LogHead & RoomHead)
        : null;
      this.advance(log.topic, head.seq, newest ? [newest] : []);
    });
  }

  #unwatch(log: Followed): void {
    log.unwatch();
    log.unwatch = NOTHING;
  }

  #isFollowed(log: Followed): boolean {
    return !this.#closed && this.#followed.get(log.topic.join("/")) === log;
  }

  /** Delivers what is warm at once; reads the rest from KV, one read at a time for each log. */
  #pump(log: Followed): void {
    if (log.pumping) return;
    this.#deliverWarm(log);
    if (log.cursor >= log.target) return;
    void this.#readOn(log);
  }

  async #readOn(log: Followed): Promise<void> {
    log.pumping = true;
    for (let failures = 0; log.cursor < log.target && this.#isFollowed(log);) {
      try {
        const upTo = log.target;
        const entries = await readLog(this.#kv, log.topic, { after: log.cursor, upTo });
        if (!this.#isFollowed(log)) break;
        this.#deliverRead(log, entries, upTo);
        failures = 0;
      } catch (error) {
        if (failures === 0) console.error("Reading a log failed; trying again.", error);
        await jitter(4 + Math.min(failures++, 8));
      }
      this.#deliverWarm(log);
    }
    // In the same turn as the loop's last look at the target, or a ring in between would be lost.
    log.pumping = false;
  }

  #deliverWarm(log: Followed): void {
    const { warm } = log;
    if (!warm) return;
    const entries: LogEntry[] = [];
    for (let seq = log.cursor + 1; warm.has(seq); seq++) {
      entries.push({ seq, value: warm.get(seq) });
      warm.delete(seq);
    }
    if (entries.length > 0) this.#deliver(log, entries);
    if (log.cursor >= log.target) log.warm = null;
  }

  #deliverRead(log: Followed, entries: LogEntry[], upTo: number): void {
    const [first] = entries;
    if (first?.seq !== log.cursor + 1) {
      if (log.topic[0] === "room") throw new Error(`Log ${log.topic} lacks ${log.cursor + 1}`);
      log.cursor = first ? first.seq - 1 : upTo;
      this.#events.onGap(log.topic);
    }
    if (entries.length > 0) this.#deliver(log, entries);
  }

  #deliver(log: Followed, entries: LogEntry[]): void {
    log.cursor = entries[entries.length - 1].seq;
    this.#events.onEntries(log.topic, entries);
  }
}
