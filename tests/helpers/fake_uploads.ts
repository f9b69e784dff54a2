/** A server for files in memory, with failures as a test wants them. */

import type { PendingFile } from "../../lib/client/files/pending_file.ts";
import type { UploadState } from "../../lib/chat/file_refs.ts";
import { type Part, UploadError, type UploadTransport } from "../../lib/client/files/transfer.ts";

export class FakeUploads implements UploadTransport {
  /** What is called, in order: `begin a`, `look u1`, `send u1 0`, `drop u1`. */
  readonly calls: string[] = [];
  /** What it has of each upload, by id. */
  readonly held = new Map<string, { key: string; size: number; bytes: number[] }>();
  /** Failures to come, one a call; `null` lets one pass. */
  readonly failures: (Error | null)[] = [];
  /** Set it to hold parts back until `release`. */
  holding = false;
  #held: (() => void)[] = [];
  #lastId = 0;

  get waiting(): number {
    return this.#held.length;
  }

  /** Lets one held part through. */
  release(): void {
    this.#held.shift()?.();
  }

  async begin(file: PendingFile): Promise<UploadState> {
    await this.#called(`begin ${file.key}`);
    const id = `u${++this.#lastId}`;
    this.held.set(id, { key: file.key, size: file.size, bytes: [] });
    return this.#state(id);
  }

  async look(id: string): Promise<UploadState> {
    await this.#called(`look ${id}`);
    return this.#state(id);
  }

  async send(id: string, { at, blob, signal, progress }: Part): Promise<UploadState> {
    await this.#called(`send ${id} ${at}`);
    const { bytes } = this.#upload(id);
    if (at !== bytes.length) throw new UploadError("Not the next part.", { kind: "later" });
    progress(Math.floor(blob.size / 2));
    if (this.holding) await this.#hold(signal);
    bytes.push(...new Uint8Array(await blob.arrayBuffer()));
    return this.#state(id);
  }

  async drop(id: string): Promise<void> {
    await this.#called(`drop ${id}`);
    this.held.delete(id);
  }

  #hold(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#held.push(resolve);
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  }

  async #called(call: string): Promise<void> {
    this.calls.push(call);
    await Promise.resolve();
    const failure = this.failures.shift();
    if (failure) throw failure;
  }

  #upload(id: string) {
    const upload = this.held.get(id);
    if (!upload) throw new UploadError("There is no such upload.", { kind: "gone" });
    return upload;
  }

  #state(id: string): UploadState {
    const { key, size, bytes } = this.#upload(id);
    const state = { id, offset: bytes.length, size, expiresAt: 0 };
    if (bytes.length < size) return state;
    return { ...state, file: { id, name: `${key}.bin`, type: "application/octet-stream", size } };
  }
}

/** A file of this many bytes: 0, 1, 2… */
export function pendingFile(key: string, parts: Partial<PendingFile> & { bytes?: number } = {}) {
  const { bytes = 10, ...rest } = parts;
  const blob = new Blob([Uint8Array.from({ length: bytes }, (_, n) => n)]);
  return { key, name: `${key}.bin`, type: "", size: bytes, blob, ...rest };
}
