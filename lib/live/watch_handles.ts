/**
 * The database handles that watch streams run on. KV Connect carries everything of a handle on one
 * HTTP/2 connection, and a server allows so many streams on it (denokv 200); a watch is a stream
 * that does not end. So watching gets handles of its own, {@link STREAMS_PER_HANDLE} streams on each
 * at most: on the handle that reads and commits, the 200th watch would leave no stream for anything
 * else, and all of them would wait for ever.
 *
 * The first streams get a connection each, up to {@link SPREAD}: of two changes on one connection, the
 * second waits up to 40 milliseconds until the first was acknowledged (Nagle's algorithm against
 * delayed acknowledgement).
 *
 * A database in the same process knows no such limit; there one handle serves all.
 */

/** Half of what denokv allows is free for streams that end while their successors begin. */
export const STREAMS_PER_HANDLE = 100;

/** Handles that are opened before any carries a second stream. */
export const SPREAD = 8;

/** One more handle on the same database. */
export type OpenKv = () => Promise<Deno.Kv>;

interface Handle {
  kv: Deno.Kv;
  streams: number;
  /** Not given out again: something was missed on it. */
  retired: boolean;
}

/** A place for one stream. */
export interface Place {
  readonly kv: Deno.Kv;
  /** Gives the place back. Without effect the second time. */
  release(): void;
  /** Something was missed here: the connection gets no more streams. */
  retire(): void;
}

export class WatchHandles {
  #shared: Deno.Kv;
  #open: OpenKv | null;
  #handles = new Set<Handle>();
  #opening: Promise<void> | null = null;
  #closed = false;

  /** With `open` the shared handle carries no streams. */
  constructor(shared: Deno.Kv, open: OpenKv | null = null) {
    this.#shared = shared;
    this.#open = open;
  }

  /** Handles that are open for watching alone, for the figures. */
  get size(): number {
    return this.#handles.size;
  }

  /** A place for a stream. Throws what opening a handle throws. */
  async take(): Promise<Place> {
    if (!this.#open) return { kv: this.#shared, release: () => {}, retire: () => {} };
    let handle = this.#free();
    while (!handle) {
      await (this.#opening ??= this.#add(this.#open));
      handle = this.#free();
    }
    return this.#place(handle);
  }

  close(): void {
    this.#closed = true;
    for (const { kv } of this.#handles) kv.close();
    this.#handles.clear();
  }

  #free(): Handle | undefined {
    if (this.#closed) throw new Error("Watching has ended.");
    const [first, ...others] = [...this.#handles].filter(({ retired }) => !retired);
    if (!first) return undefined;
    const least = others.reduce((a, b) => b.streams < a.streams ? b : a, first);
    const limit = others.length + 1 < SPREAD ? 1 : STREAMS_PER_HANDLE;
    return least.streams < limit ? least : undefined;
  }

  async #add(open: OpenKv): Promise<void> {
    try {
      const handle = { kv: await open(), streams: 0, retired: this.#closed };
      this.#handles.add(handle);
      this.#sweep(handle);
      // A handle whose first watch ends before it has reached the server stays unusable.
      if (!handle.retired) await handle.kv.get(["parley"]);
    } finally {
      this.#opening = null;
    }
  }

  #place(handle: Handle): Place {
    handle.streams++;
    let held = true;
    return {
      kv: handle.kv,
      release: () => {
        if (!held) return;
        held = false;
        handle.streams--;
        this.#sweep(handle);
      },
      retire: () => {
        handle.retired = true;
        this.#sweep(handle);
      },
    };
  }

  #sweep(handle: Handle): void {
    if (!handle.retired || handle.streams > 0 || !this.#handles.delete(handle)) return;
    handle.kv.close();
  }
}
