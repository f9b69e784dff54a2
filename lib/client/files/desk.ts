/**
 * Where the files of one tab lie: those that are beside what is being written, by room, and their
 * uploads. A message takes its files with it into the outbox; their uploads go on here.
 */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { MAX_FILES, MAX_LOUDNESS, MAX_WAVEFORM } from "../../chat/limits.ts";
import type { PendingFile, Tracked } from "./pending_file.ts";
import { record, type Recorder, type Recording } from "./recorder.ts";
import type { Uploads } from "./uploads.ts";

/** What a {@link FileDesk} is made of. */
export interface DeskOptions {
  uploads: Uploads;
  /** Largest file in bytes. */
  maxBytes: number;
  newKey(): string;
}

/** The files of one tab. */
export class FileDesk {
  readonly uploads: Uploads;
  readonly #options: DeskOptions;
  /** Keys by room, in the order in which they were chosen. */
  readonly #staged = signal<ReadonlyMap<string, readonly string[]>>(new Map());
  readonly #views = new Map<string, ReadonlySignal<Tracked[]>>();

  constructor(options: DeskOptions) {
    this.#options = options;
    this.uploads = options.uploads;
  }

  /** The files beside what is being written in a room. */
  staged(room: string): ReadonlySignal<Tracked[]> {
    const known = this.#views.get(room);
    if (known) return known;
    const view = computed(() => {
      const files = this.uploads.files.value;
      return (this.#staged.value.get(room) ?? []).flatMap((key) => files.get(key) ?? []);
    });
    this.#views.set(room, view);
    return view;
  }

  /** Takes files in; answers with a sentence about those that it does not take. */
  choose(room: string, files: readonly File[]): string | null {
    const free = MAX_FILES - this.staged(room).peek().length;
    const problems = files.map((file) => this.#problemOf(file));
    const good = files.filter((_, at) => problems[at] === null);
    for (const file of good.slice(0, free)) {
      this.#stage(room, { ...this.#pending(file), raw: true });
    }
    if (good.length > free) {
      return `A message takes ${MAX_FILES} files. ${good.length - free} of yours were left out.`;
    }
    return problems.find((problem) => problem !== null) ?? null;
  }

  /** Takes a voice note with a message of its own. */
  voice({ blob, type, duration, waveform }: Recording): PendingFile {
    const name = `Voice note.${type.split("/")[1]}`;
    const file = { ...this.#pending(new File([blob], name, { type })), duration, waveform };
    this.uploads.add(file);
    return file;
  }

  /** Asks for the microphone and records. */
  record(): Promise<Recorder> {
    return record({ bars: MAX_WAVEFORM, top: MAX_LOUDNESS });
  }

  remove(room: string, key: string): void {
    this.#unstage(room, (other) => other !== key);
    this.uploads.remove(key);
  }

  /** Takes all files of a room for its message. */
  take(room: string): PendingFile[] | "failed" {
    const staged = this.staged(room).peek();
    if (staged.some(({ progress }) => progress.state === "failed")) return "failed";
    this.#unstage(room, () => false);
    return staged.map(({ file }) => file);
  }

  /** A message that had this file is stored or given up. */
  release(file: PendingFile): void {
    if (file.ref) this.uploads.forget(file.key);
    else this.uploads.remove(file.key);
  }

  #stage(room: string, file: PendingFile): void {
    this.uploads.add(file);
    const keys = [...this.#staged.peek().get(room) ?? [], file.key];
    this.#staged.value = new Map(this.#staged.peek()).set(room, keys);
  }

  #unstage(room: string, keep: (key: string) => boolean): void {
    const keys = (this.#staged.peek().get(room) ?? []).filter(keep);
    this.#staged.value = new Map(this.#staged.peek()).set(room, keys);
  }

  #pending(file: File): PendingFile {
    const { name, type, size } = file;
    return { key: this.#options.newKey(), name, type, size, blob: file };
  }

  /** Images may become small enough when they are drawn anew, and are looked at after that. */
  #problemOf({ name, type, size }: File): string | null {
    if (size === 0) return `“${name}” is empty.`;
    return type.startsWith("image/") ? null : tooBig({ name, size }, this.#options.maxBytes);
  }
}

/** Why a file cannot be sent, or null when it can. */
export function tooBig(
  { name, size }: { name: string; size: number },
  maxBytes: number,
): string | null {
  if (size <= maxBytes) return null;
  return `“${name}” is ${megabytes(size)}; a file may have up to ${megabytes(maxBytes)}.`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
