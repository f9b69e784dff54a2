/**
 * The uploads of one tab: at most {@link MAX_AT_ONCE} at a time, the others wait their turn. Images
 * are made ready first. What becomes of a file is told by a signal and by `changed`, so that the
 * outbox can write down how far it is; nothing here outlives the tab by itself.
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { FileRef } from "../../chat/values.ts";
import type { Clock } from "../ports.ts";
import type { PendingFile, Progress, Tracked } from "./pending_file.ts";
import { transfer, UploadError, type UploadTransport } from "./transfer.ts";

/** Files on their way at a time; with more, each takes longer and none is there sooner. */
export const MAX_AT_ONCE = 2;

/** What {@link Uploads} are made of. */
export interface UploadsOptions {
  transport: UploadTransport;
  /** Bytes sent at a time. */
  partBytes: number;
  clock: Clock;
  random(): number;
  /** The file as it is to be uploaded; rejects with what to tell people. */
  prepare(file: PendingFile, signal: AbortSignal): Promise<PendingFile>;
  /** A file has a new part to be remembered: it was made ready, begun or finished. */
  changed(file: PendingFile): void;
}

interface Job {
  abort: AbortController;
  running: boolean;
}

/** The uploads of one tab. */
export class Uploads {
  /** All files by key, in the order they were added. */
  readonly files: ReadonlySignal<ReadonlyMap<string, Tracked>>;
  readonly #files = signal<ReadonlyMap<string, Tracked>>(new Map());
  readonly #options: UploadsOptions;
  readonly #jobs = new Map<string, Job>();
  readonly #sleepers = new Set<() => void>();

  constructor(options: UploadsOptions) {
    this.#options = options;
    this.files = this.#files;
  }

  get(key: string): Tracked | undefined {
    return this.#files.peek().get(key);
  }

  /** Takes a file up; one that is known goes on as it does. */
  add(file: PendingFile): void {
    if (this.get(file.key)) return;
    const state = file.ref ? "done" : "waiting";
    this.#set(file.key, { file, progress: { state, sent: 0, total: file.size } });
    this.#run();
  }

  /** Tries a failed one again. */
  retry(key: string): void {
    const known = this.get(key);
    if (known?.progress.state !== "failed") return;
    this.#progress(key, { state: "waiting", sent: 0, error: undefined, again: undefined });
    this.#run();
  }

  /** Gives a file up, here and on the server; a finished one is left to whoever has its id. */
  remove(key: string): void {
    const known = this.get(key);
    this.#jobs.get(key)?.abort.abort();
    this.forget(key);
    const { upload } = known?.file ?? {};
    // What is not dropped here the server drops by itself in time.
    if (upload) void this.#options.transport.drop(upload).catch(() => {});
  }

  /** A message has taken the file with it, or nobody asks for it any more. */
  forget(key: string): void {
    const files = new Map(this.#files.peek());
    if (files.delete(key)) this.#files.value = files;
    this.#jobs.delete(key);
    this.#run();
  }

  /** The connection is back: whoever waits for it tries at once. */
  wake(): void {
    for (const wake of [...this.#sleepers]) wake();
  }

  /** Ends all that is on its way. What the server has of it stays there to be resumed. */
  close(): void {
    for (const { abort } of this.#jobs.values()) abort.abort();
    this.#jobs.clear();
    this.#files.value = new Map();
  }

  #run(): void {
    for (const [key, { progress }] of this.#files.peek()) {
      const running = [...this.#jobs.values()].filter((job) => job.running).length;
      if (running >= MAX_AT_ONCE) return;
      if (progress.state === "waiting" && !this.#jobs.has(key)) void this.#work(key);
    }
  }

  async #work(key: string): Promise<void> {
    const job = { abort: new AbortController(), running: true };
    this.#jobs.set(key, job);
    try {
      await this.#prepare(key, job.abort.signal);
      const ref = await this.#transfer(key, job.abort.signal);
      this.#change(key, { ref, blob: undefined });
      this.#progress(key, { state: "done", sent: this.get(key)?.file.size ?? 0 });
    } catch (error) {
      if (!job.abort.signal.aborted) this.#fail(key, error);
    } finally {
      if (this.#jobs.get(key) === job) this.#jobs.delete(key);
      this.#run();
    }
  }

  async #prepare(key: string, signal: AbortSignal): Promise<void> {
    const file = this.get(key)?.file;
    if (!file?.raw) return;
    this.#progress(key, { state: "preparing" });
    const ready = await this.#options.prepare(file, signal);
    signal.throwIfAborted();
    this.#change(key, { ...ready, raw: undefined });
    this.#progress(key, { state: "sending", total: ready.size });
  }

  #transfer(key: string, signal: AbortSignal): Promise<FileRef> {
    const { transport, partBytes, clock, random } = this.#options;
    const { file } = this.get(key)!;
    return transfer(file, {
      transport,
      partBytes,
      clock,
      random,
      signal,
      begun: (upload) => this.#change(key, { upload }),
      progress: (sent) => this.#progress(key, { state: "sending", sent }),
      pause: async (ms) => {
        this.#progress(key, { state: "paused" });
        await this.#pause(ms, signal);
      },
    });
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    return new Promise((resolve) => {
      const wake = () => {
        clock.clearTimeout(timer);
        this.#sleepers.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = clock.setTimeout(wake, ms);
      this.#sleepers.add(wake);
      signal.addEventListener("abort", wake);
    });
  }

  #fail(key: string, error: unknown): void {
    const refused = error instanceof UploadError;
    this.#progress(key, {
      state: "failed",
      error: error instanceof Error ? error.message : String(error),
      ...!refused && { again: true },
    });
  }

  #change(key: string, parts: Partial<PendingFile>): void {
    const known = this.get(key);
    if (!known) return;
    const file = withoutUndefined({ ...known.file, ...parts });
    this.#set(key, { ...known, file });
    this.#options.changed(file);
  }

  #progress(key: string, parts: Partial<Progress>): void {
    const known = this.get(key);
    if (known) this.#set(key, { ...known, progress: { ...known.progress, ...parts } });
  }

  #set(key: string, tracked: Tracked): void {
    this.#files.value = new Map(this.#files.peek()).set(key, tracked);
  }
}

/** A value is compared and stored without the fields that it does not have. */
function withoutUndefined(file: PendingFile): PendingFile {
  const fields = Object.entries(file).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields) as unknown as PendingFile;
}
