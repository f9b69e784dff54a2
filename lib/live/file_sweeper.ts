/**
 * Sweeps files from time to time, and at once when a message was deleted here. One sweep runs at a
 * time; a failed one is logged and the next one does its work.
 */

import type { RoomEvent } from "../chat/events.ts";
import type { Files } from "../store/file_stores.ts";
import { sweepFiles } from "../store/file_sweep.ts";

/** Between two sweeps; instances that began together drift apart. */
const EVERY_MS = 5 * 60 * 1000;
/** What follows each other closely is swept together. */
const SOON_MS = 50;

export class FileSweeper {
  #files: Files;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sweep: Promise<void> | null = null;
  #again = false;
  #closed = false;

  constructor(files: Files) {
    this.#files = files;
  }

  start(): void {
    this.#wait(EVERY_MS * Math.random());
  }

  /** Sweeps soon if an event may have left a file that nothing uses. */
  committed(_room: string, events: readonly RoomEvent[]): void {
    if (events.some(({ type }) => type === "deleted")) this.kick();
  }

  /** Sweeps soon. */
  kick(): void {
    if (this.#sweep) this.#again = true;
    else this.#wait(SOON_MS);
  }

  /** Resolves when no sweep is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#sweep;
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => this.#run(), ms);
  }

  #run(): void {
    this.#again = false;
    this.#sweep = this.#once().finally(() => {
      this.#sweep = null;
      this.#wait(this.#again ? SOON_MS : EVERY_MS * (0.5 + Math.random()));
    });
  }

  async #once(): Promise<void> {
    try {
      await sweepFiles(this.#files);
    } catch (error) {
      if (!this.#closed) console.error("Sweeping files failed; it is tried again.", error);
    }
  }
}
