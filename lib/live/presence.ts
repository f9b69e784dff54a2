/**
 * Who is online, anywhere. Each instance holds one lease and writes a log of who came and went;
 * every instance follows the logs of all others and keeps the union in memory. A lease that is not
 * renewed ends: the people of a killed instance are offline {@link LEASE_MS} later at the most.
 * A reload does not flicker: a person goes offline {@link LINGER_MS} after their last socket.
 */

import type { Presence } from "../chat/values.ts";
import type { Topic } from "../store/keys.ts";
import { keys } from "../store/keys.ts";
import type { LogEntry } from "../store/logs.ts";
import {
  addInstance,
  getLease,
  getSeen,
  listInstances,
  listOnline,
  MAX_CHANGES,
  type PresenceChange,
  removeInstance,
  renewLease,
  writeChange,
} from "../store/presence.ts";
import type { Broadcaster } from "./broadcaster.ts";
import type { Watcher } from "./watcher.ts";

/** How long an instance counts as alive after its last sign of life, in milliseconds. */
export const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
/** How long a person stays online without a socket, in milliseconds. */
export const LINGER_MS = 3_000;
/** Comings and goings of this time share a commit. */
const GATHER_MS = 50;

interface Other {
  people: Set<string>;
  expiresAt: number;
}

/** What the owner does with a change of somebody's presence. */
export type OnPresence = (presence: Presence) => void;

export class PresenceService {
  readonly instance: string;
  #kv: Deno.Kv;
  #watcher: Watcher;
  #broadcaster: Broadcaster;
  #onPresence: OnPresence;
  /** Sockets here, by person. */
  #sockets = new Map<string, number>();
  #lingering = new Map<string, ReturnType<typeof setTimeout>>();
  /** People announced as online at this instance. */
  #here = new Set<string>();
  #others = new Map<string, Other>();
  #changes = new Map<string, "came" | "went">();
  #writing: Promise<void> | null = null;
  #timers: ReturnType<typeof setInterval>[] = [];
  #unwatch = () => {};
  #closed = false;

  constructor(
    { kv, watcher, broadcaster, instance, onPresence }: {
      kv: Deno.Kv;
      watcher: Watcher;
      broadcaster: Broadcaster;
      instance: string;
      onPresence: OnPresence;
    },
  ) {
    this.instance = instance;
    this.#kv = kv;
    this.#watcher = watcher;
    this.#broadcaster = broadcaster;
    this.#onPresence = onPresence;
  }

  /** Announces this instance and learns who is online at the others. */
  async start(): Promise<void> {
    await addInstance(this.#kv, this.instance, Date.now() + LEASE_MS);
    await this.#meetOthers();
    this.#unwatch = this.#watcher.watch(keys.fleet(), () => void this.#meetOthers());
    this.#timers.push(setInterval(() => void this.#renew(), RENEW_MS));
    this.#timers.push(setInterval(() => this.#buryDead(), RENEW_MS / 2));
  }

  /** A socket of a person opened here. */
  connected(id: string): void {
    this.#sockets.set(id, (this.#sockets.get(id) ?? 0) + 1);
    clearTimeout(this.#lingering.get(id));
    this.#lingering.delete(id);
    if (!this.#here.has(id)) this.#change(id, "came");
  }

  /** A socket of a person closed here. */
  disconnected(id: string): void {
    const left = (this.#sockets.get(id) ?? 1) - 1;
    if (left > 0) return void this.#sockets.set(id, left);
    this.#sockets.delete(id);
    if (this.#closed) return;
    this.#lingering.set(
      id,
      setTimeout(() => {
        this.#lingering.delete(id);
        this.#change(id, "went");
      }, LINGER_MS),
    );
  }

  isOnline(id: string): boolean {
    if (this.#here.has(id)) return true;
    for (const { people } of this.#others.values()) if (people.has(id)) return true;
    return false;
  }

  /** Presence of people, in order. */
  async get(ids: readonly string[]): Promise<Presence[]> {
    const seen = await getSeen(this.#kv, ids);
    return ids.map((id, i) => ({ id, online: this.isOnline(id), seenAt: seen[i] }));
  }

  /** The next entries of another instance's log; the owner of the broadcaster passes them on. */
  onEntries(topic: Topic, entries: readonly LogEntry[]): void {
    const other = this.#others.get(topic[1]);
    if (!other) return;
    for (const { value } of entries) {
      const { came, went } = value as PresenceChange;
      for (const id of came) this.#apply(id, () => other.people.add(id));
      for (const id of went) this.#apply(id, () => other.people.delete(id));
    }
  }

  /** Another instance's head moved: it lives. */
  onHead(topic: Topic, head: unknown): void {
    const other = this.#others.get(topic[1]);
    if (other && head) other.expiresAt = Date.now() + LEASE_MS;
  }

  /** Entries of another instance's log were missed: reads who is online there anew. */
  onGap(topic: Topic): void {
    void this.#reread(topic[1]);
  }

  /** Takes this instance's people offline and ends its lease. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#unwatch();
    for (const timer of this.#timers) clearInterval(timer);
    for (const timer of this.#lingering.values()) clearTimeout(timer);
    await this.#writing;
    await removeInstance(this.#kv, this.instance, Date.now());
  }

  #change(id: string, change: "came" | "went"): void {
    this.#apply(id, () => change === "came" ? this.#here.add(id) : this.#here.delete(id));
    this.#changes.set(id, change);
    this.#writing ??= this.#write();
  }

  /** Changes what is known and reports the person if that made a difference. */
  #apply(id: string, change: () => void): void {
    const before = this.isOnline(id);
    change();
    const online = this.isOnline(id);
    if (online !== before) this.#onPresence({ id, online, seenAt: online ? null : Date.now() });
  }

  async #write(): Promise<void> {
    while (this.#changes.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
      const part = [...this.#changes].slice(0, MAX_CHANGES);
      for (const [id] of part) this.#changes.delete(id);
      const change: PresenceChange = {
        came: part.flatMap(([id, to]) => to === "came" ? id : []),
        went: part.flatMap(([id, to]) => to === "went" ? id : []),
      };
      const at = Date.now();
      await writeChange(this.#kv, this.instance, { change, expiresAt: at + LEASE_MS, at })
        .catch((error) => {
          console.error("Writing presence failed; trying again.", error);
          for (const [id, to] of part) if (!this.#changes.has(id)) this.#changes.set(id, to);
          if (this.#closed) this.#changes.clear();
        });
    }
    this.#writing = null;
  }

  async #renew(): Promise<void> {
    try {
      if (await renewLease(this.#kv, this.instance, Date.now() + LEASE_MS)) return;
      // Another instance took this one for dead, for example after the machine slept.
      await addInstance(this.#kv, this.instance, Date.now() + LEASE_MS);
      for (const id of this.#here) this.#changes.set(id, "came");
      this.#writing ??= this.#write();
    } catch (error) {
      console.error("Renewing this instance's lease failed; trying again.", error);
    }
  }

  async #meetOthers(): Promise<void> {
    try {
      const running = new Set(await listInstances(this.#kv));
      running.delete(this.instance);
      for (const id of this.#others.keys()) if (!running.has(id)) this.#forget(id);
      await Promise.all([...running].map((id) => this.#meet(id)));
    } catch (error) {
      if (!this.#closed) console.error("Reading the list of instances failed.", error);
    }
  }

  async #meet(id: string): Promise<void> {
    if (this.#others.has(id) || this.#closed) return;
    const other: Other = { people: new Set(), expiresAt: 0 };
    this.#others.set(id, other);
    const lease = await getLease(this.#kv, id);
    other.expiresAt = lease?.expiresAt ?? 0;
    await this.#broadcaster.follow(["instance", id]);
    await this.#reread(id);
  }

  async #reread(id: string): Promise<void> {
    const other = this.#others.get(id);
    if (!other) return;
    const online = new Set(await listOnline(this.#kv, id));
    for (const person of other.people) {
      if (!online.has(person)) this.#apply(person, () => other.people.delete(person));
    }
    for (const person of online) this.#apply(person, () => other.people.add(person));
  }

  #forget(id: string): void {
    const other = this.#others.get(id);
    this.#broadcaster.unfollow(["instance", id]);
    for (const person of other?.people ?? []) {
      this.#apply(person, () => other?.people.delete(person));
    }
    this.#others.delete(id);
  }

  /** Removes the instances whose lease has ended; the first to notice does it for all. */
  #buryDead(): void {
    const now = Date.now();
    for (const [id, { expiresAt }] of this.#others) {
      if (expiresAt > now) continue;
      this.#forget(id);
      removeInstance(this.#kv, id, Math.min(now, expiresAt || now))
        .catch((error) => console.error("Removing a dead instance failed.", error));
    }
  }
}
