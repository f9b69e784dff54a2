/**
 * The files of this tab on their way to the server. This is only the door: the desk that works on
 * them, with all its code, is loaded when the first file is chosen or found in the outbox.
 */

import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { FileDesk } from "./files/desk.ts";
import type { PendingFile } from "./files/pending_file.ts";
import type { OutboxEntry } from "./outbox_shelf.ts";

/** What a desk needs from the model. */
export interface DeskWorld {
  /** Largest file that the server takes. */
  maxBytes: number;
  /** The messages that wait, with their files. */
  entries: ReadonlySignal<OutboxEntry[]>;
  /** A file has come further, or has failed for good. */
  changed(file: PendingFile, error?: string): void;
  /** Reads what other tabs wrote down, after what this one did. */
  look(): Promise<void> | void;
  /** Shows a short error to the user. */
  notify(notice: string): void;
}

/** Loads the desk. */
export type OpenDesk = (world: DeskWorld) => Promise<FileDesk>;

/** The door to the desk. */
export class FilesModel {
  /** The desk, once it is here. */
  readonly desk: ReadonlySignal<FileDesk | null>;
  readonly #desk = signal<FileDesk | null>(null);
  readonly #world: DeskWorld;
  readonly #open: OpenDesk;
  #opening: Promise<FileDesk | null> | null = null;
  #stop: (() => void) | null = null;

  constructor(open: OpenDesk, world: DeskWorld) {
    this.#open = open;
    this.#world = world;
    this.desk = this.#desk;
  }

  /** Opens the desk when messages wait for their files. */
  start(): void {
    this.#stop = effect(() => {
      if (this.#world.entries.value.some(({ files }) => files)) void this.open();
    });
  }

  /** Loads the desk; null, with a notice, when that failed. Asked again it tries again. */
  open(): Promise<FileDesk | null> {
    return this.#opening ??= this.#open(this.#world).then(
      (desk) => this.#desk.value = desk,
      () => {
        this.#opening = null;
        this.#world.notify("Files cannot be sent now. Check the connection and try again.");
        return null;
      },
    );
  }

  close(): void {
    this.#stop?.();
    this.#desk.peek()?.close();
  }
}
