/**
 * Where the files of one tab lie: those that are beside what is being written, by room, and their
 * uploads. A message takes its files with it into the outbox; their uploads go on here.
 */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { MAX_FILES, MAX_LOUDNESS, MAX_WAVEFORM } from "../../chat/limits.ts";
import type { DeskWorld } from "../files_model.ts";
import type { OutboxEntry } from "../outbox_shelf.ts";
import type { PendingFile, Tracked } from "./pending_file.ts";
import { record, type Recorder, type Recording } from "./recorder.ts";
import type { Uploads } from "./uploads.ts";

/** What a {@link FileDesk} is made of. */
export interface DeskOptions extends Pick<DeskWorld, "entries" | "notify"> {
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
  /** Files of messages in the outbox, by key. */
  readonly #sent = new Map<string, PendingFile>();
  readonly #unfollow: () => void;
  readonly #views = new Map<string, ReadonlySignal<Tracked[]>>();

  constructor(options: DeskOptions) {
    this.#options = options;
    this.uploads = options.uploads;
    this.#unfollow = options.entries.subscribe((entries) => this.#follow(entries));
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

  /** Takes files in, with a notice about those that it does not take. */
  choose(room: string, files: readonly File[]): void {
    const free = MAX_FILES - this.staged(room).peek().length;
    const problems = files.map((file) => this.#problemOf(file));
    const good = files.filter((_, at) => problems[at] === null);
    for (const file of good.slice(0, free)) {
      this.#stage(room, { ...this.#pending(file), raw: true });
    }
    const problem = good.length > free
      ? `A message takes ${MAX_FILES} files. ${good.length - free} of yours were left out.`
      : problems.find((problem) => problem !== null);
    if (problem) this.#options.notify(problem);
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

  /** Takes all files of a room for its message; null, with a notice, when some cannot go. */
  take(room: string): PendingFile[] | null {
    const staged = this.staged(room).peek();
    if (staged.some(({ progress }) => progress.state === "failed")) {
      this.#options.notify("Remove the file that failed, or try it again.");
      return null;
    }
    this.#unstage(room, () => false);
    return staged.map(({ file }) => file);
  }

  close(): void {
    this.#unfollow();
    this.uploads.close();
  }

  /** Uploads what messages wait for, and lets go of what is stored or given up, by any tab. */
  #follow(entries: readonly OutboxEntry[]): void {
    const sent = new Map<string, PendingFile>();
    for (const { files = [], state } of entries) {
      for (const file of files) {
        sent.set(file.key, file);
        const isWanted = !file.ref || this.uploads.get(file.key);
        if (state === "pending" && isWanted) this.uploads.add(file);
      }
    }
    for (const [key, file] of this.#sent) {
      if (sent.has(key)) continue;
      this.#sent.delete(key);
      if (file.ref) this.uploads.forget(key);
      else this.uploads.remove(key);
    }
    for (const [key, file] of sent) this.#sent.set(key, file);
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
