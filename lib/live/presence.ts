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
/** How long a person stays online without a socket, in milliseconds. */
export const LINGER_MS = 3_000;
/** Comings and goings of this time share a commit. */
const GATHER_MS = 50;

/** The times that presence lives by, in milliseconds. */
export interface PresenceTimes {
  /** An instance's lease; renewed after a third of it. */
  leaseMs: number;
  /** How long a person stays online without a socket. */
  lingerMs: number;
}

interface Other {
  people: Set<string>;
  expiresAt: number;
  /** People whose changes came while who is online was being read; those are newer. */
  changed: Set<string>;
}

/** What the owner does with a change of somebody's presence. */
export type OnPresence = (presence: Presence) => void;

export class PresenceService {
  readonly instance: string;
  #kv: Deno.Kv;
  #watcher: Watcher;
  #broadcaster: Broadcaster;
  #onPresence: OnPresence;
  #onOthers: (any: boolean) => void;
  /** Sockets here, by person. */
  #sockets = new Map<string, number>();
  #lingering = new Map<string, ReturnType<typeof setTimeout>>();
  /** People announced as online at this instance. */
  #here = new Set<string>();
  #others = new Map<string, Other>();
  #changes = new Map<string, "came" | "went">();
  /** Of the newest entry of this instance's log. */
  #seq = 0;
  #writing: Promise<void> | null = null;
  #renewing: Promise<void> = Promise.resolve();
  #meetings = 0;
  #timers: ReturnType<typeof setInterval>[] = [];
  #unwatch = () => {};
  #closed = false;
  #times: PresenceTimes;

  constructor(
    { kv, watcher, broadcaster, instance, onPresence, onOthers = () => {}, times }: {
      kv: Deno.Kv;
      watcher: Watcher;
      broadcaster: Broadcaster;
      instance: string;
      onPresence: OnPresence;
      /** Told whether any other instance is known, whenever that was looked at. */
      onOthers?: (any: boolean) => void;
      times?: Partial<PresenceTimes>;
    },
  ) {
    this.instance = instance;
    this.#kv = kv;
    this.#watcher = watcher;
    this.#broadcaster = broadcaster;
    this.#onPresence = onPresence;
    this.#onOthers = onOthers;
    this.#times = { leaseMs: LEASE_MS, lingerMs: LINGER_MS, ...times };
  }

  /** Announces this instance and learns who is online at the others. */
  async start(): Promise<void> {
    const { leaseMs } = this.#times;
    await addInstance(this.#kv, this.instance, Date.now() + leaseMs);
    await this.#meetOthers();
    this.#unwatch = this.#watcher.watch(keys.fleet(), () => void this.#meetOthers());
    this.#timers.push(setInterval(() => (this.#renewing = this.#renew()), leaseMs / 3));
    this.#timers.push(setInterval(() => this.#buryDead(), leaseMs / 6));
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
      }, this.#times.lingerMs),
    );
  }

  isOnline(id: string): boolean {
    return this.#here.has(id) || this.isElsewhere(id);
  }

  /** Whether the person has sockets at another instance. */
  isElsewhere(id: string): boolean {
    for (const { people } of this.#others.values()) if (people.has(id)) return true;
    return false;
  }

  /** Presence of people, in order. */
  async get(ids: readonly string[]): Promise<Presence[]> {
    const away = ids.filter((id) => !this.isOnline(id));
    const seen = await getSeen(this.#kv, away);
    const seenAt = new Map(away.map((id, i) => [id, seen[i]]));
    // Judged after the read: what changed meanwhile was told already and must not be taken back.
    return ids.map((id) => {
      const online = this.isOnline(id);
      return { id, online, seenAt: online ? null : seenAt.has(id) ? seenAt.get(id)! : Date.now() };
    });
  }

  /** The next entries of another instance's log; the owner of the broadcaster passes them on. */
  onEntries(topic: Topic, entries: readonly LogEntry[]): void {
    const other = this.#others.get(topic[1]);
    if (!other) return;
    for (const { value } of entries) {
      const { came, went } = value as PresenceChange;
      for (const id of [...came, ...went]) other.changed.add(id);
      for (const id of came) this.#apply(id, () => other.people.add(id));
      for (const id of went) this.#apply(id, () => other.people.delete(id));
    }
  }

  /** Another instance's head moved: it lives. */
  onHead(topic: Topic, head: unknown): void {
    const other = this.#others.get(topic[1]);
    if (other && head) other.expiresAt = Date.now() + this.#times.leaseMs;
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
    await Promise.all([this.#writing, this.#renewing]);
    await removeInstance(this.#kv, this.instance, Date.now());
  }

  #change(id: string, change: "came" | "went"): void {
    this.#apply(id, () => change === "came" ? this.#here.add(id) : this.#here.delete(id));
    this.#changes.set(id, change);
    this.#writeChanges();
  }

  /** Changes what is known and reports the person if that made a difference. */
  #apply(id: string, change: () => void): void {
    const before = this.isOnline(id);
    change();
    const online = this.isOnline(id);
    if (online !== before) this.#onPresence({ id, online, seenAt: online ? null : Date.now() });
  }

  /** With nothing to write, `#write` would end before its promise is kept here, for ever. */
  #writeChanges(): void {
    if (this.#changes.size > 0) this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    for (let failures = 0; this.#changes.size > 0;) {
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS * 2 ** Math.min(failures, 5)));
      const part = [...this.#changes].slice(0, MAX_CHANGES);
      for (const [id] of part) this.#changes.delete(id);
      try {
        await this.#writePart(part);
        failures = 0;
      } catch (error) {
        if (failures++ === 0) console.error("Writing presence failed; trying again.", error);
        for (const [id, to] of part) if (!this.#changes.has(id)) this.#changes.set(id, to);
        if (this.#closed) this.#changes.clear();
      }
    }
    this.#writing = null;
  }

  async #writePart(part: [string, "came" | "went"][]): Promise<void> {
    const change: PresenceChange = {
      came: part.flatMap(([id, to]) => to === "came" ? id : []),
      went: part.flatMap(([id, to]) => to === "went" ? id : []),
    };
    const at = Date.now();
    const expiresAt = at + this.#times.leaseMs;
    const head = await writeChange(this.#kv, this.instance, { change, expiresAt, at });
    this.#seq = head.seq;
  }

  async #renew(): Promise<void> {
    try {
      const expiresAt = Date.now() + this.#times.leaseMs;
      // Also those whom this instance took for dead while it could not reach KV.
      if (await renewLease(this.#kv, this.instance, expiresAt)) return await this.#meetOthers();
      if (this.#closed) return;
      // Another instance took this one for dead, for example after the machine slept.
      await addInstance(this.#kv, this.instance, expiresAt, this.#seq);
      for (const id of this.#here) this.#changes.set(id, "came");
      this.#writeChanges();
    } catch (error) {
      if (this.#closed) return;
      console.error("Renewing this instance's lease failed; trying again.", error);
    }
  }

  async #meetOthers(): Promise<void> {
    const meeting = ++this.#meetings;
    try {
      const running = new Set(await listInstances(this.#kv));
      running.delete(this.instance);
      if (meeting !== this.#meetings) return; // a later look knows more
      for (const id of this.#others.keys()) if (!running.has(id)) this.#forget(id);
      this.#onOthers(running.size > 0);
      await Promise.all([...running].map((id) => this.#meet(id)));
    } catch (error) {
      if (!this.#closed) console.error("Reading the list of instances failed.", error);
    }
  }

  async #meet(id: string): Promise<void> {
    if (this.#others.has(id) || this.#closed) return;
    // Alive until its lease is read: burying what is just being met would take a live one offline.
    const expiresAt = Date.now() + this.#times.leaseMs;
    const other: Other = { people: new Set(), expiresAt, changed: new Set() };
    this.#others.set(id, other);
    try {
      const lease = await getLease(this.#kv, id);
      other.expiresAt = lease?.expiresAt ?? 0;
      if (this.#others.get(id) !== other) return;
      await this.#broadcaster.follow(["instance", id]);
      await this.#reread(id);
    } catch (error) {
      this.#forget(id); // the next meeting tries again
      throw error;
    }
  }

  async #reread(id: string): Promise<void> {
    const other = this.#others.get(id);
    if (!other) return;
    other.changed.clear();
    const online = new Set(await listOnline(this.#kv, id));
    if (this.#others.get(id) !== other) return;
    for (const person of new Set([...other.people, ...online])) {
      if (other.changed.has(person)) continue;
      const change = online.has(person) ? "add" : "delete";
      this.#apply(person, () => other.people[change](person));
    }
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
      removeInstance(this.#kv, id, Math.min(now, expiresAt || now), { onlyExpired: true })
        .catch((error) => console.error("Removing a dead instance failed.", error));
    }
  }
}
