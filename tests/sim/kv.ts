/**
 * One instance's handle on the shared store, with the delays and faults of its weather. The subset
 * of `Deno.Kv` that Parley uses; a call of anything else throws.
 *
 * A commit reaches the store at one moment and its answer the instance at a later one, so an
 * instance can die in between; what was on its way when it died may or may not arrive.
 */

import { type KvWeather, SimFault } from "./faults.ts";
import { describe, type KvOptions, SimAtomic, SimList, SimLocked, UnusedKv } from "./kv_parts.ts";
import { type Watch, watchStream } from "./kv_watch.ts";
import type { Random } from "./random.ts";
import type { Commit, SimStore } from "./store.ts";
import type { Owner, World } from "./world.ts";

type Result = Deno.KvCommitResult | Deno.KvCommitError;

export class SimKv extends UnusedKv implements Deno.Kv {
  readonly world: World;
  readonly store: SimStore;
  readonly owner: Owner;
  readonly random: Random;
  /** Called right before or after the next commit with a key of this kind reaches the store. */
  trap: { when: "before" | "after"; of: string; spring: () => void } | null = null;
  /** Changes a commit on its way: how the tests break the code above. */
  tamper: ((commit: Commit) => Commit) | null = null;
  /** Keys that begin so are not listed: another way to break it. */
  blindTo: string | null = null;
  /** Shared with the handles that were opened after it. */
  readonly #air: { weather: KvWeather };
  readonly #streams = new Set<Watch>();
  readonly #siblings: SimKv[] = [];
  readonly #remote: boolean;
  #closed = false;

  constructor({ world, store, owner, weather, remote }: KvOptions, air = { weather }) {
    super();
    this.world = world;
    this.store = store;
    this.owner = owner;
    this.#air = air;
    this.#remote = remote ?? false;
    this.random = world.random.fork();
  }

  get weather(): KvWeather {
    return this.#air.weather;
  }

  set weather(weather: KvWeather) {
    this.#air.weather = weather;
  }

  /** One more handle of the same instance, for its watches. */
  sibling(): SimKv {
    const sibling = new SimKv(this, this.#air);
    this.#siblings.push(sibling);
    return sibling;
  }

  get<T = unknown>(key: Deno.KvKey): Promise<Deno.KvEntryMaybe<T>> {
    return this.read(() => this.store.get(key) as Deno.KvEntryMaybe<T>);
  }

  getMany<T extends readonly unknown[]>(
    keys: readonly [...{ [K in keyof T]: Deno.KvKey }],
  ): Promise<{ [K in keyof T]: Deno.KvEntryMaybe<T[K]> }> {
    if (keys.length > 10) throw new TypeError("Too many ranges (max 10)");
    type Entries = { [K in keyof T]: Deno.KvEntryMaybe<T[K]> };
    return this.read(() => keys.map((key: Deno.KvKey) => this.store.get(key)) as Entries);
  }

  list<T = unknown>(
    selector: Deno.KvListSelector,
    { limit, reverse }: Deno.KvListOptions = {},
  ): Deno.KvListIterator<T> {
    return new SimList<T>(() => this.read(() => this.#look(selector, { limit, reverse })));
  }

  async set(key: Deno.KvKey, value: unknown, options: { expireIn?: number } = {}) {
    return await this.atomic().set(key, value, options).commit() as Deno.KvCommitResult;
  }

  async delete(key: Deno.KvKey): Promise<void> {
    await this.atomic().delete(key).commit();
  }

  atomic(): Deno.AtomicOperation {
    return new SimAtomic((commit) => this.#commit(commit), this.#remote ? 10 : 100);
  }

  watch<T extends readonly unknown[]>(
    keys: readonly [...{ [K in keyof T]: Deno.KvKey }],
  ): ReadableStream<{ [K in keyof T]: Deno.KvEntryMaybe<T[K]> }> {
    type Entries = { [K in keyof T]: Deno.KvEntryMaybe<T[K]> };
    return watchStream(this, keys, this.#streams) as ReadableStream<Entries>;
  }

  close(): void {
    this.#closed = true;
    for (const stream of [...this.#streams]) stream.finish();
  }

  /** Its process is gone, and nobody hears its streams. */
  kill(): void {
    for (const stream of [...this.#streams]) stream.forget();
    for (const sibling of this.#siblings) sibling.kill();
  }

  get closed(): boolean {
    return this.#closed;
  }

  #look(
    selector: Deno.KvListSelector,
    { limit, reverse }: Deno.KvListOptions,
  ): Deno.KvEntry<unknown>[] {
    const entries = this.store.list(selector, limit, reverse);
    return this.blindTo ? entries.filter(({ key }) => key[0] !== this.blindTo) : entries;
  }

  /** A read: sees the store at some moment of its way. */
  read<T>(look: () => T): Promise<T> {
    const early = this.random.chance(0.5) ? { seen: look() } : null;
    const fails = this.random.chance(this.weather.readFails);
    return new Promise((resolve, reject) => {
      this.world.after(this.owner, this.delay(), () => {
        const error = this.#refusal() ?? (fails ? new SimFault("KV read failed") : null);
        if (error) reject(error);
        else resolve(early ? early.seen : look());
      });
    });
  }

  /** How long half an operation takes; a hanging database answers when it is back. */
  delay(): number {
    const { weather, world, random } = this;
    const rest = weather.hangs ? Math.max(0, weather.downUntil - world.now) : 0;
    return rest + random.between(weather.latencyMs);
  }

  /** Why nothing can be done now. */
  #refusal(): Error | null {
    if (this.#closed) return new SimFault("KV is closed");
    return this.world.now < this.weather.downUntil ? new SimFault("KV is unreachable") : null;
  }

  #commit(made: Commit): Promise<Result> {
    const commit = this.tamper?.(made) ?? made;
    return new Promise((resolve, reject) => {
      const answer = (act: () => void) => this.world.after(this.owner, this.delay(), act);
      this.world.after(this.world.root, this.delay(), () => {
        try {
          const result = this.#arrive(commit);
          answer(() => resolve(result));
        } catch (error) {
          answer(() => reject(error));
        }
      });
    });
  }

  /** The moment at which a commit reaches the store. Throws what the instance will see thrown. */
  #arrive(commit: Commit): Result {
    const { random, weather, owner } = this;
    if (!owner.alive && random.chance(0.5)) throw new SimFault("lost with its instance");
    const refusal = this.#refusal();
    if (refusal) {
      if (!this.#closed && random.chance(0.2)) this.#apply(commit);
      throw refusal;
    }
    if (random.chance(weather.locked)) throw new SimLocked("database is locked");
    if (random.chance(weather.commitFails)) throw new SimFault("KV commit failed");
    if (commit.checks.length > 0 && random.chance(weather.conflict)) return { ok: false };
    if (random.chance(weather.commitLate)) {
      const later = random.between([1, 3_000]);
      this.world.after(this.world.root, later, () => void this.#apply(commit));
      throw new SimFault("KV commit is late");
    }
    const isIt = commit.mutations.some(({ key }) => key[0] === this.trap?.of);
    if (isIt) this.#spring("before");
    const result = this.#apply(commit);
    if (isIt && result.ok) this.#spring("after");
    if (random.chance(weather.commitUnknown)) throw new SimFault("KV commit has no answer");
    return result;
  }

  #spring(when: "before" | "after"): void {
    if (this.trap?.when !== when) return;
    const { spring } = this.trap;
    this.trap = null;
    spring();
    if (when === "before") throw new SimFault("lost with its instance");
  }

  #apply(commit: Commit): Result {
    const versionstamp = this.store.commit(commit);
    this.world.trace(this.owner.name, versionstamp ? "commit" : "refused", describe(commit));
    return versionstamp ? { ok: true, versionstamp } : { ok: false };
  }
}
