/**
 * The other instances, and who is online at them: it follows the log of each and keeps its people in
 * memory. An instance whose lease has ended is forgotten and removed, by whoever notices it first.
 * What it learns passes through its owner's `apply`, which tells whether a person came or went.
 */

import { keys, type Topic } from "../store/keys.ts";
import type { LogEntry } from "../store/logs.ts";
import {
  getLease,
  listInstances,
  listOnline,
  type PresenceChange,
  removeInstance,
} from "../store/presence.ts";
import type { Broadcaster } from "./broadcaster.ts";
import type { Watcher } from "./watcher.ts";

interface Other {
  people: Set<string>;
  expiresAt: number;
  /** People whose changes came while who is online was being read; those are newer. */
  changed: Set<string>;
}

/** What following the others needs. */
export interface OtherInstancesOptions {
  kv: Deno.Kv;
  watcher: Watcher;
  broadcaster: Broadcaster;
  /** This one, which is not among the others. */
  instance: string;
  leaseMs: number;
  /** Makes a change of what is known about a person, and reports what comes of it. */
  apply(person: string, change: () => void): void;
  /** Told whether any other instance is known, whenever that was looked at. */
  onOthers(any: boolean): void;
}

export class OtherInstances {
  readonly #options: OtherInstancesOptions;
  readonly #others = new Map<string, Other>();
  #meetings = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #unwatch = () => {};
  #closed = false;

  constructor(options: OtherInstancesOptions) {
    this.#options = options;
  }

  /** Learns who is online at the others, and notices from now on which come and end. */
  async start(): Promise<void> {
    const { watcher, leaseMs } = this.#options;
    await this.meet();
    this.#unwatch = watcher.watch(keys.fleet(), () => void this.meet());
    this.#timer = setInterval(() => this.#buryDead(), leaseMs / 6);
  }

  close(): void {
    this.#closed = true;
    this.#unwatch();
    clearInterval(this.#timer);
  }

  /** Whether the person has sockets at another instance. */
  has(person: string): boolean {
    for (const { people } of this.#others.values()) if (people.has(person)) return true;
    return false;
  }

  /** Looks which instances there are, and follows those that are new. */
  async meet(): Promise<void> {
    const { kv, instance, onOthers } = this.#options;
    const meeting = ++this.#meetings;
    try {
      const running = new Set(await listInstances(kv));
      running.delete(instance);
      if (meeting !== this.#meetings) return; // a later look knows more
      for (const id of this.#others.keys()) if (!running.has(id)) this.#forget(id);
      onOthers(running.size > 0);
      await Promise.all([...running].map((id) => this.#meetOne(id)));
    } catch (error) {
      if (!this.#closed) console.error("Reading the list of instances failed.", error);
    }
  }

  /** The next entries of another instance's log; the owner of the broadcaster passes them on. */
  onEntries(topic: Topic, entries: readonly LogEntry[]): void {
    const other = this.#others.get(topic[1]);
    if (!other) return;
    const { apply } = this.#options;
    for (const { value } of entries) {
      const { came, went } = value as PresenceChange;
      for (const id of [...came, ...went]) other.changed.add(id);
      for (const id of came) apply(id, () => other.people.add(id));
      for (const id of went) apply(id, () => other.people.delete(id));
    }
  }

  /** Another instance's head moved: it lives. */
  onHead(topic: Topic, head: unknown): void {
    const other = this.#others.get(topic[1]);
    if (other && head) other.expiresAt = Date.now() + this.#options.leaseMs;
  }

  /** Entries of another instance's log were missed: reads who is online there anew. */
  onGap(topic: Topic): void {
    void this.#reread(topic[1]);
  }

  async #meetOne(id: string): Promise<void> {
    if (this.#others.has(id) || this.#closed) return;
    const { kv, broadcaster, leaseMs } = this.#options;
    // Alive until its lease is read: burying what is just being met would take a live one offline.
    const expiresAt = Date.now() + leaseMs;
    const other: Other = { people: new Set(), expiresAt, changed: new Set() };
    this.#others.set(id, other);
    try {
      const lease = await getLease(kv, id);
      other.expiresAt = lease?.expiresAt ?? 0;
      if (this.#others.get(id) !== other) return;
      await broadcaster.follow(["instance", id]);
      await this.#reread(id);
    } catch (error) {
      this.#forget(id); // the next meeting tries again
      throw error;
    }
  }

  async #reread(id: string): Promise<void> {
    const other = this.#others.get(id);
    if (!other) return;
    const { kv, apply } = this.#options;
    other.changed.clear();
    const online = new Set(await listOnline(kv, id));
    if (this.#others.get(id) !== other) return;
    for (const person of new Set([...other.people, ...online])) {
      if (other.changed.has(person)) continue;
      const change = online.has(person) ? "add" : "delete";
      apply(person, () => other.people[change](person));
    }
  }

  #forget(id: string): void {
    const { broadcaster, apply } = this.#options;
    const other = this.#others.get(id);
    broadcaster.unfollow(["instance", id]);
    for (const person of other?.people ?? []) apply(person, () => other?.people.delete(person));
    this.#others.delete(id);
  }

  /** Removes the instances whose lease has ended; the first to notice does it for all. */
  #buryDead(): void {
    const now = Date.now();
    for (const [id, { expiresAt }] of this.#others) {
      if (expiresAt > now) continue;
      this.#forget(id);
      removeInstance(this.#options.kv, id, Math.min(now, expiresAt || now), { onlyExpired: true })
        .catch((error) => console.error("Removing a dead instance failed.", error));
    }
  }
}
