/**
 * The files of this tab on their way to the server. This is only the door: the desk that works on
 * them, with all its code, is loaded when the first file is chosen or found in the outbox.
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { FileDesk } from "./files/desk.ts";
import type { PendingFile } from "./files/pending_file.ts";

/** Loads the desk. */
export type OpenDesk = (
  options: { changed(file: PendingFile, error?: string): void; maxBytes?: number },
) => Promise<FileDesk>;

/** What {@link FilesModel} is made of. */
export interface FilesOptions {
  open(): Promise<FileDesk>;
  /** Shows a short error to the user. */
  notify(notice: string): void;
}

/** The door to the desk. */
export class FilesModel {
  /** The desk, once it is here. */
  readonly desk: ReadonlySignal<FileDesk | null>;
  readonly #desk = signal<FileDesk | null>(null);
  readonly #options: FilesOptions;
  #opening: Promise<FileDesk | null> | null = null;
  /** Files that are being taken in for a room. */
  #choosing = 0;

  constructor(options: FilesOptions) {
    this.#options = options;
    this.desk = this.#desk;
  }

  /** Loads the desk; null, with a notice, when that failed. Asked again it tries again. */
  open(): Promise<FileDesk | null> {
    return this.#opening ??= this.#options.open().then(
      (desk) => this.#desk.value = desk,
      () => {
        this.#opening = null;
        this.#options.notify("Files cannot be sent now. Check the connection and try again.");
        return null;
      },
    );
  }

  /** Puts files beside what is being written in a room. */
  async choose(room: string, files: Iterable<File>): Promise<void> {
    const chosen = [...files]; // the browser empties its own list
    if (chosen.length === 0) return;
    this.#choosing++;
    const desk = await this.open();
    this.#choosing--;
    const problem = desk?.choose(room, chosen);
    if (problem) this.#options.notify(problem);
  }

  /** What goes with a message now; null, with a notice, when some of it cannot go. */
  take(room: string): PendingFile[] | null {
    if (this.#choosing > 0) return null;
    const taken = this.#desk.peek()?.take(room) ?? [];
    if (taken === "failed") this.#options.notify("Remove the file that failed, or try it again.");
    return taken === "failed" ? null : taken;
  }

  /** Whether something waits beside what is being written. */
  has(room: string): boolean {
    return this.#choosing > 0 || (this.#desk.value?.staged(room).value.length ?? 0) > 0;
  }

  upload(files: readonly PendingFile[]): void {
    void this.open().then((desk) => {
      for (const file of files) desk?.uploads.add(file);
    });
  }

  release(file: PendingFile): void {
    this.#desk.peek()?.release(file);
  }

  /** The connection is back. */
  wake(): void {
    this.#desk.peek()?.uploads.wake();
  }

  close(): void {
    this.#desk.peek()?.uploads.close();
  }
}
