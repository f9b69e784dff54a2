/**
 * Who is online, anywhere. Each instance holds one lease and writes a log of who came and went;
 * every instance follows the logs of all others (`other_instances.ts`). A lease that is not renewed
 * ends: the people of a killed instance are offline {@link LEASE_MS} later at the most.
 * A reload does not flicker: a person goes offline {@link LINGER_MS} after their last socket.
 */

import type { Presence } from "../chat/people.ts";
import {
  addInstance,
  getSeen,
  MAX_CHANGES,
  type PresenceChange,
  removeInstance,
  renewLease,
  writeChange,
} from "../store/presence.ts";
import type { Broadcaster } from "./broadcaster.ts";
import { OtherInstances } from "./other_instances.ts";
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

/** What the owner does with a change of somebody's presence. */
export type OnPresence = (presence: Presence) => void;

export class PresenceService {
  readonly instance: string;
  /** What the logs of other instances say goes here. */
  readonly others: OtherInstances;
  #kv: Deno.Kv;
  #onPresence: OnPresence;
  /** Sockets here, by person. */
  #sockets = new Map<string, number>();
  #lingering = new Map<string, ReturnType<typeof setTimeout>>();
  /** People announced as online at this instance. */
  #here = new Set<string>();
  #changes = new Map<string, "came" | "went">();
  /** Of the newest entry of this instance's log. */
  #seq = 0;
  #writing: Promise<void> | null = null;
  #renewing: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setInterval> | undefined;
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
    this.#onPresence = onPresence;
    this.#times = { leaseMs: LEASE_MS, lingerMs: LINGER_MS, ...times };
    this.others = new OtherInstances({
      kv,
      watcher,
      broadcaster,
      instance,
      leaseMs: this.#times.leaseMs,
      apply: (id, change) => this.#apply(id, change),
      onOthers,
    });
  }

  /** Announces this instance and learns who is online at the others. */
  async start(): Promise<void> {
    const { leaseMs } = this.#times;
    await addInstance(this.#kv, this.instance, Date.now() + leaseMs);
    await this.others.start();
    this.#timer = setInterval(() => (this.#renewing = this.#renew()), leaseMs / 3);
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
    return this.others.has(id);
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

  /** Takes this instance's people offline and ends its lease. */
  async close(): Promise<void> {
    this.#closed = true;
    this.others.close();
    clearInterval(this.#timer);
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
      if (await renewLease(this.#kv, this.instance, expiresAt)) return await this.others.meet();
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
}
