/**
 * The uploads of one tab: at most {@link MAX_AT_ONCE} at a time, the others wait. Several tabs may
 * know of a file, since the outbox is theirs together; the one that has the file's turn uploads it,
 * from where the one before it wrote down that it is.
 * Images are made ready first. What becomes of a file is told by a signal and by `changed`, so that the
 * outbox can write down how far it is; nothing here outlives the tab by itself.
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { FileRef } from "../../chat/file_refs.ts";
import type { Clock, Lock } from "../ports.ts";
import type { PendingFile, Progress, Tracked } from "./pending_file.ts";
import { transfer, type UploadTransport } from "./transfer.ts";

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
  /** A turn between the tabs, by the file's key. */
  turn(key: string): Lock;
  /** Writes down what was changed, and adds what other tabs wrote down. */
  look(): Promise<void> | void;
  /** There is something to be remembered: it was made ready, begun or finished, or it failed. */
  changed(file: PendingFile, error?: string): void;
}

/** A file that is to be uploaded. */
interface Job {
  abort: AbortController;
  /** It is this tab's to upload. */
  mine: boolean;
  running: boolean;
  giveBack(): void;
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

  /**
   * Takes a file up, or up again if it failed or what the server had of it is gone; one that is on
   * its way goes on as it does.
   */
  add(file: PendingFile): void {
    const known = this.get(file.key);
    const isGone = known?.file.ref && !file.ref;
    if (known && known.progress.state !== "failed" && !isGone) return this.#learn(file);
    const state = file.ref ? "done" : "waiting";
    this.#set(file.key, { file, progress: { state, sent: 0, total: file.size } });
    if (!file.ref) this.#queueUp(file.key);
  }

  /** Tries a failed one again. */
  retry(key: string): void {
    const known = this.get(key);
    if (known) this.add(known.file);
  }

  /** Gives a file up, here and on the server. */
  remove(key: string): void {
    const upload = this.get(key)?.file.upload;
    const elsewhere = this.#jobs.get(key)?.mine === false;
    this.forget(key);
    if (upload && !elsewhere) this.#drop(upload);
  }

  /** Nobody asks here for the file any more; what the server has of it stays. */
  forget(key: string): void {
    const files = new Map(this.#files.peek());
    if (files.delete(key)) this.#files.value = files;
    this.#end(key);
  }

  /** The connection is back: whoever waits for it tries at once. */
  wake(): void {
    for (const wake of [...this.#sleepers]) wake();
  }

  /** Ends all that is on its way. What the server has of it stays there to be resumed. */
  close(): void {
    for (const key of [...this.#files.peek().keys()]) this.forget(key);
  }

  /** What another tab knows of a file that waits for its turn here. */
  #learn(file: PendingFile): void {
    const job = this.#jobs.get(file.key);
    if (!job || job.running) return;
    const { size } = file;
    if (!file.ref) return this.#set(file.key, { ...this.get(file.key)!, file });
    this.#set(file.key, { file, progress: { state: "done", sent: size, total: size } });
    this.#end(file.key);
  }

  #queueUp(key: string): void {
    const job: Job = {
      abort: new AbortController(),
      mine: false,
      running: false,
      giveBack: this.#options.turn(key).request(() => void this.#begin(key, job)),
    };
    this.#jobs.set(key, job);
  }

  /** Another tab may have had the turn before, and brought the file further or to its end. */
  async #begin(key: string, job: Job): Promise<void> {
    await this.#options.look();
    if (this.#jobs.get(key) !== job) return;
    job.mine = true;
    this.#run();
  }

  #run(): void {
    const jobs = [...this.#jobs];
    let free = MAX_AT_ONCE - jobs.filter(([, { running }]) => running).length;
    for (const [key, job] of jobs) {
      if (free > 0 && job.mine && !job.running) {
        free--;
        void this.#work(key, job);
      }
    }
  }

  async #work(key: string, job: Job): Promise<void> {
    const { signal } = job.abort;
    job.running = true;
    try {
      await this.#prepare(key, signal);
      const ref = await this.#transfer(key, signal);
      this.#progress(key, { state: "done", sent: ref.size, total: ref.size });
      this.#change(key, { ref });
    } catch (error) {
      if (!signal.aborted) this.#fail(key, error);
    }
    if (this.#jobs.get(key) === job) this.#end(key);
  }

  #end(key: string): void {
    const job = this.#jobs.get(key);
    this.#jobs.delete(key);
    job?.abort.abort();
    if (job) void this.#giveBack(job);
    this.#run();
  }

  /** Once the next tab can read what this one did with the turn. */
  async #giveBack(job: Job): Promise<void> {
    await this.#options.look();
    job.giveBack();
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
      begun: (upload) => signal.aborted ? this.#drop(upload) : this.#change(key, { upload }),
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

  /** What is not dropped here the server drops by itself in time. */
  #drop(upload: string): void {
    void this.#options.transport.drop(upload).catch(() => {});
  }

  #fail(key: string, error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#progress(key, { state: "failed", error: text });
    const file = this.get(key)?.file;
    if (file) this.#options.changed(file, text);
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
