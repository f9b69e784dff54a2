/**
 * One file's way to the server, in parts. A part that fails is tried again with growing pauses for
 * as long as it takes: after each failure the server is asked what it has, and goes on from there.
 * Only what the server refuses for good ends it, and the signal.
 */

import type { FileRef, UploadState } from "../../chat/file_refs.ts";
import type { Clock } from "../ports.ts";
import type { PendingFile } from "./pending_file.ts";

/** Pauses are uniform in half…all of a cap that doubles from the first to the last. */
export const FIRST_PAUSE_MS = 1_000;
export const LAST_PAUSE_MS = 30_000;
/** How often an upload that the server no longer knows is begun anew. */
export const MAX_BEGINNINGS = 3;

/** The server's road for files. A rejection other than {@link UploadError} is a lost connection. */
export interface UploadTransport {
  /** Announces it. Not to be broken off: then nobody here would know what to drop. */
  begin(file: PendingFile): Promise<UploadState>;
  /** What the server has of it. */
  look(id: string, signal: AbortSignal): Promise<UploadState>;
  send(id: string, part: Part): Promise<UploadState>;
  /** Gives an unfinished one up. */
  drop(id: string): Promise<void>;
}

/** A piece of a file. */
export interface Part {
  at: number;
  blob: Blob;
  signal: AbortSignal;
  /** Bytes of it that have left. */
  progress(sent: number): void;
}

/** The server's no: for good, for now, or because it does not know the upload (any more). */
export class UploadError extends Error {
  override name = "UploadError";
  readonly kind: "refused" | "later" | "gone";
  readonly retryAfterMs?: number;

  constructor(
    message: string,
    { kind, retryAfterMs }: { kind: "refused" | "later" | "gone"; retryAfterMs?: number },
  ) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What a transfer needs, and whom it tells. */
export interface TransferOptions {
  transport: UploadTransport;
  /** Bytes sent at a time: what is lost at most when a connection breaks. */
  partBytes: number;
  clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
  signal: AbortSignal;
  /** The server knows the upload under this id. */
  begun(id: string): void;
  /** Bytes the server has. */
  progress(sent: number): void;
  /** Waits this long, or until it may be worth a try. */
  pause(ms: number): Promise<void>;
}

/** Brings all of the file to the server; rejects when it refuses, or when the signal says so. */
export async function transfer(file: PendingFile, options: TransferOptions): Promise<FileRef> {
  let { upload } = file;
  let failures = 0;
  let beginnings = 0;
  const heard = () => failures = 0;
  while (true) {
    try {
      return await attempt(file, { ...options, upload, heard, begun: (id) => begun(id) });
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof UploadError)) await options.pause(pauseMs(failures++, options));
      else if (error.kind === "refused") throw error;
      else if (error.kind === "later") {
        await options.pause(error.retryAfterMs ?? pauseMs(failures++, options));
      } else if (++beginnings >= MAX_BEGINNINGS) throw error;
      else upload = undefined;
      options.signal.throwIfAborted();
    }
  }

  function begun(id: string): void {
    upload = id;
    options.begun(id);
  }
}

async function attempt(
  file: PendingFile,
  { transport, partBytes, signal, upload, heard, begun, progress }: TransferOptions & {
    upload?: string;
    heard(): void;
  },
): Promise<FileRef> {
  const blob = file.blob;
  if (!blob) throw new UploadError("This file must be chosen again.", { kind: "refused" });
  let state = await (upload ? transport.look(upload, signal) : transport.begin(file));
  heard();
  if (!upload) begun(state.id);
  signal.throwIfAborted();
  progress(state.offset);
  while (!state.file) {
    const at = state.offset;
    state = await transport.send(state.id, {
      at,
      blob: blob.slice(at, at + partBytes),
      signal,
      progress: (sent) => progress(at + sent),
    });
    heard();
    progress(state.offset);
  }
  return state.file;
}

function pauseMs(failures: number, { random }: TransferOptions): number {
  const cap = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10));
  return cap / 2 + random() * cap / 2;
}
