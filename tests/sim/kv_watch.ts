/**
 * A watch stream as `kv.watch` gives it: the current values first, then after changes the newest
 * ones. It lags, skips what was overwritten meanwhile, and breaks: with an error, or just so.
 */

import { SimFault } from "./faults.ts";
import type { SimKv } from "./kv.ts";

type Entries = Deno.KvEntryMaybe<unknown>[];

/** Streams the values of the keys; while it lives it is one of `streams`. */
export function watchStream(
  kv: SimKv,
  keys: readonly Deno.KvKey[],
  streams: Set<Watch>,
): ReadableStream<Entries> {
  if (keys.length > 10) throw new TypeError("Too many keys (max 10)");
  const watch = new Watch(kv, keys, streams);
  return new ReadableStream<Entries>({
    start: (controller) => watch.start(controller),
    cancel: () => void watch.forget(),
  });
}

/** One stream. */
export class Watch {
  readonly #kv: SimKv;
  readonly #keys: readonly Deno.KvKey[];
  readonly #streams: Set<Watch>;
  readonly #end = () => this.finish();
  #unwatch = () => {};
  #controller: ReadableStreamDefaultController<Entries> | null = null;
  #scheduled = false;
  /** Something changed since the delivery that is under way was put together. */
  #dirty = false;

  constructor(kv: SimKv, keys: readonly Deno.KvKey[], streams: Set<Watch>) {
    this.#kv = kv;
    this.#keys = keys;
    this.#streams = streams;
  }

  start(controller: ReadableStreamDefaultController<Entries>): void {
    this.#controller = controller;
    this.#streams.add(this);
    this.#unwatch = this.#kv.store.watch(this.#keys, () => this.#ring());
    this.#ring();
  }

  /** Reports nothing more, and says nothing of it; tells whether it was there. */
  forget(): boolean {
    this.#unwatch();
    return this.#streams.delete(this);
  }

  /** Ends the stream for its reader. */
  finish(error?: Error): void {
    if (!this.forget()) return;
    this.#kv.world.trace(this.#kv.owner.name, "unwatch", error?.message ?? "end of stream");
    if (error) this.#controller?.error(error);
    else this.#controller?.close();
  }

  #ring(): void {
    if (this.#scheduled) {
      this.#dirty = true;
      return;
    }
    this.#scheduled = true;
    this.#dirty = false;
    const { world, owner, random, weather } = this.#kv;
    const early = random.chance(0.3) ? this.#look() : null;
    const ms = this.#kv.delay() + random.between(weather.watchLagMs);
    world.after(owner, ms, () => this.#deliver(early));
  }

  #deliver(early: Entries | null): void {
    this.#scheduled = false;
    if (!this.#streams.has(this)) return;
    const { world, random, weather } = this.#kv;
    if (world.now < weather.downUntil) return this.finish(new SimFault("KV is unreachable"));
    if (random.chance(weather.watchDies)) {
      return this.finish(random.chance(0.5) ? new SimFault("The watch broke") : undefined);
    }
    this.#controller?.enqueue(early ?? this.#look());
    if (early && this.#dirty) this.#ring();
  }

  #look(): Entries {
    return this.#keys.map((key) => this.#kv.store.get(key));
  }
}
