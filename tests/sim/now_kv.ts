/** The shared store as a `Deno.Kv` that answers at once: for judging, after everything has ended. */

import { SimAtomic, SimList, UnusedKv } from "./kv_parts.ts";
import type { Commit, SimStore } from "./store.ts";

export class NowKv extends UnusedKv implements Deno.Kv {
  readonly #store: SimStore;

  constructor(store: SimStore) {
    super();
    this.#store = store;
  }

  get<T = unknown>(key: Deno.KvKey): Promise<Deno.KvEntryMaybe<T>> {
    return Promise.resolve(this.#store.get(key) as Deno.KvEntryMaybe<T>);
  }

  getMany<T extends readonly unknown[]>(
    keys: readonly [...{ [K in keyof T]: Deno.KvKey }],
  ): Promise<{ [K in keyof T]: Deno.KvEntryMaybe<T[K]> }> {
    type Entries = { [K in keyof T]: Deno.KvEntryMaybe<T[K]> };
    return Promise.resolve(keys.map((key: Deno.KvKey) => this.#store.get(key)) as Entries);
  }

  list<T = unknown>(
    selector: Deno.KvListSelector,
    { limit, reverse }: Deno.KvListOptions = {},
  ): Deno.KvListIterator<T> {
    return new SimList<T>(() => Promise.resolve(this.#store.list(selector, limit, reverse)));
  }

  set(): never {
    throw new Error("Nothing is set here but by commits");
  }

  delete(): never {
    throw new Error("Nothing is deleted here but by commits");
  }

  watch(): never {
    throw new Error("Nobody waits here");
  }

  atomic(): Deno.AtomicOperation {
    return new SimAtomic((commit) => Promise.resolve(this.#commit(commit)), 100);
  }

  close(): void {}

  #commit(commit: Commit): Deno.KvCommitResult | Deno.KvCommitError {
    const versionstamp = this.#store.commit(commit);
    return versionstamp ? { ok: true, versionstamp } : { ok: false };
  }
}
