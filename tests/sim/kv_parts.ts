/** What a KV handle hands out: atomic operations, list iterators, and an error of its own. */

import { type KvWeather, SimFault } from "./faults.ts";
import type { Commit, Mutation, SimStore } from "./store.ts";
import type { Owner, World } from "./world.ts";

/** KV's limit of one commit. */
const MAX_MUTATIONS = 1_000;

type Result = Deno.KvCommitResult | Deno.KvCommitError;

export class SimAtomic implements Deno.AtomicOperation {
  readonly #commit: Commit = { checks: [], mutations: [] };
  readonly #run: (commit: Commit) => Promise<Result>;

  readonly #maxChecks: number;

  constructor(run: (commit: Commit) => Promise<Result>, maxChecks: number) {
    this.#run = run;
    this.#maxChecks = maxChecks;
  }

  check(...checks: Deno.AtomicCheck[]): this {
    this.#commit.checks.push(...checks);
    return this;
  }

  set(key: Deno.KvKey, value: unknown, { expireIn }: { expireIn?: number } = {}): this {
    return this.#add({ type: "set", key, value, expireIn });
  }

  delete(key: Deno.KvKey): this {
    return this.#add({ type: "delete", key });
  }

  sum(key: Deno.KvKey, value: bigint): this {
    return this.#add({ type: "sum", key, value });
  }

  max(key: Deno.KvKey, value: bigint): this {
    return this.#add({ type: "max", key, value });
  }

  commit(): Promise<Result> {
    const { checks, mutations } = this.#commit;
    if (checks.length > this.#maxChecks) throw new TypeError("Too many checks");
    if (mutations.length > MAX_MUTATIONS) throw new TypeError("Too many mutations (max 1000)");
    return this.#run(this.#commit);
  }

  mutate(): never {
    throw new Error("Parley does not use mutate");
  }

  min(): never {
    throw new Error("Parley does not use min");
  }

  enqueue(): never {
    throw new Error("Parley uses no queues");
  }

  #add(mutation: Mutation): this {
    this.#commit.mutations.push(mutation);
    return this;
  }
}

export class SimList<T> implements Deno.KvListIterator<T> {
  readonly #load: () => Promise<Deno.KvEntry<unknown>[]>;
  #entries: Deno.KvEntry<unknown>[] | null = null;

  constructor(load: () => Promise<Deno.KvEntry<unknown>[]>) {
    this.#load = load;
  }

  get cursor(): string {
    throw new Error("Parley does not use list cursors");
  }

  async next(): Promise<IteratorResult<Deno.KvEntry<T>, undefined>> {
    this.#entries ??= await this.#load();
    const value = this.#entries.shift();
    return value
      ? { done: false, value: value as Deno.KvEntry<T> }
      : { done: true, value: undefined };
  }

  // deno-lint-ignore require-await -- the interface is that of an async generator
  async return(): Promise<IteratorResult<Deno.KvEntry<T>, undefined>> {
    this.#entries = [];
    return { done: true, value: undefined };
  }

  // deno-lint-ignore require-await -- the interface is that of an async generator
  async throw(error: unknown): Promise<never> {
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

/** As SQLite under Deno KV says it. */
export class SimLocked extends SimFault {
  override name = "TypeError";
}

/** What a handle is made of. */
export interface KvOptions {
  world: World;
  store: SimStore;
  owner: Owner;
  weather: KvWeather;
  /** It is a server's, which takes fewer checks in a commit. */
  remote?: boolean;
}

/** What Parley uses nothing of. */
export abstract class UnusedKv {
  abstract close(): void;

  [Symbol.dispose](): void {
    this.close();
  }

  enqueue(): never {
    throw new Error("Parley uses no queues");
  }

  listenQueue(): never {
    throw new Error("Parley uses no queues");
  }

  commitVersionstamp(): never {
    throw new Error("Parley uses no versionstamps in keys");
  }
}

/** The keys of a commit, for the trace. */
export function describe({ mutations }: Commit): string {
  return mutations.map(({ key, type }) => `${type === "set" ? "" : `${type} `}${key.join("/")}`)
    .join(", ");
}
