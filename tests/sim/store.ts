/**
 * A KV database in memory: what all simulated instances share. Strictly serial: an atomic happens
 * whole at one moment, reads see the moment they are made at. Handles with delays and faults are in
 * `kv.ts`; this is the truth that invariants are checked against.
 *
 * Keys hold strings and whole numbers from 0. Strings are ordered by UTF-16 units, not by UTF-8.
 */

/** A stored value. */
interface Stored {
  key: Deno.KvKey;
  value: unknown;
  versionstamp: string;
  expiresAt: number;
}

/** A change of one key. */
export type Mutation =
  | { key: Deno.KvKey; type: "set"; value: unknown; expireIn?: number }
  | { key: Deno.KvKey; type: "delete" }
  | { key: Deno.KvKey; type: "sum" | "max"; value: bigint };

/** An atomic operation. */
export interface Commit {
  checks: Deno.AtomicCheck[];
  mutations: Mutation[];
}

export class SimStore {
  #now: () => number;
  #values = new Map<string, Stored>();
  /** Names of the keys, in order. */
  #sorted: string[] = [];
  #version = 0;
  #watchers = new Map<string, Set<() => void>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Watched keys, once for each watcher. */
  get watched(): number {
    return [...this.#watchers.values()].reduce((sum, { size }) => sum + size, 0);
  }

  get(key: Deno.KvKey): Deno.KvEntryMaybe<unknown> {
    const stored = this.#fresh(nameOf(key));
    return stored
      ? { key, value: stored.value, versionstamp: stored.versionstamp }
      : { key, value: null, versionstamp: null };
  }

  list(selector: Deno.KvListSelector, limit = Infinity, reverse = false): Deno.KvEntry<unknown>[] {
    const [from, to] = rangeOf(selector);
    const names = this.#sorted.slice(this.#position(from), this.#position(to));
    if (reverse) names.reverse();
    const entries: Deno.KvEntry<unknown>[] = [];
    for (const name of names) {
      if (entries.length >= limit) break;
      const stored = this.#fresh(name);
      if (stored) entries.push(stored);
    }
    return entries;
  }

  /** The new version, or `null` when a check failed. */
  commit({ checks, mutations }: Commit): string | null {
    if (checks.some(({ key, versionstamp }) => this.get(key).versionstamp !== versionstamp)) {
      return null;
    }
    const versionstamp = (++this.#version).toString(16).padStart(20, "0");
    for (const mutation of mutations) this.#apply(mutation, versionstamp);
    const rung = new Set<() => void>();
    for (const { key } of mutations) {
      for (const ring of this.#watchers.get(nameOf(key)) ?? []) rung.add(ring);
    }
    for (const ring of rung) ring();
    return versionstamp;
  }

  /** Calls `ring` after each commit that touched one of the keys; the answer ends it. */
  watch(keys: readonly Deno.KvKey[], ring: () => void): () => void {
    const names = keys.map(nameOf);
    for (const name of names) {
      const rings = this.#watchers.get(name) ?? new Set();
      this.#watchers.set(name, rings.add(ring));
    }
    return () => {
      for (const name of names) this.#watchers.get(name)?.delete(ring);
    };
  }

  #apply(mutation: Mutation, versionstamp: string): void {
    const { key } = mutation;
    const name = nameOf(key);
    if (mutation.type === "delete") return this.#remove(name);
    const old = valueOf(this.#fresh(name)?.value);
    const value = mutation.type === "set"
      ? frozen(mutation.value)
      : new Deno.KvU64(mutation.type === "sum" ? old + mutation.value : most(old, mutation.value));
    const expireIn = mutation.type === "set" ? mutation.expireIn : undefined;
    const expiresAt = expireIn === undefined ? Infinity : this.#now() + expireIn;
    if (!this.#values.has(name)) this.#sorted.splice(this.#position(name), 0, name);
    this.#values.set(name, { key, value, versionstamp, expiresAt });
  }

  #remove(name: string): void {
    if (this.#values.delete(name)) this.#sorted.splice(this.#position(name), 1);
  }

  #fresh(name: string): Stored | undefined {
    const stored = this.#values.get(name);
    return stored && stored.expiresAt > this.#now() ? stored : undefined;
  }

  /** Where a name is, or would be. */
  #position(name: string): number {
    let low = 0;
    for (let high = this.#sorted.length; low < high;) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle] < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function nameOf(key: Deno.KvKey): string {
  let name = "";
  for (const part of key) {
    if (typeof part === "string") name += `s${part.replaceAll("\0", "\0\u00ff")}\0`;
    else if (typeof part === "number" && Number.isSafeInteger(part) && part >= 0) {
      name += `t${String(part).padStart(16, "0")}\0`;
    } else throw new TypeError(`Simulated keys hold no ${typeof part}`);
  }
  return name;
}

/** The first name of a selector's range, and the first one after it. */
function rangeOf(selector: Deno.KvListSelector): [string, string] {
  if (!("prefix" in selector)) return [nameOf(selector.start), nameOf(selector.end)];
  const prefix = nameOf(selector.prefix);
  return [
    "start" in selector ? nameOf(selector.start) : `${prefix}\u0001`,
    "end" in selector ? nameOf(selector.end) : `${prefix}\uffff`,
  ];
}

function valueOf(value: unknown): bigint {
  return value instanceof Deno.KvU64 ? value.value : 0n;
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** A copy that nobody can change, as values that went to a database and back are. */
function frozen(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") {
    throw new TypeError("KV cannot store functions or symbols");
  }
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return value.slice(); // cannot be frozen
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  if (Array.isArray(value)) return Object.freeze(value.map(frozen));
  const copies = Object.entries(value).map(([name, part]) => [name, frozen(part)]);
  return Object.freeze(Object.fromEntries(copies));
}
