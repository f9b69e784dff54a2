/**
 * A file on its way to the server, as the composer, the outbox and the uploads share it. Types
 * only: the code that works on it is loaded when somebody chooses a file.
 */

import type { FileRef } from "../../chat/file_refs.ts";

/** What is known of a file before the server has it. A plain value that IndexedDB can keep. */
export interface PendingFile extends Omit<FileRef, "id"> {
  /** Made here, never made before; the file's name among the parts of the client. */
  key: string;
  /** What is to be uploaded; gone after a reload on devices that cannot keep it. */
  blob?: Blob;
  /** `blob` is as it was chosen: an image is still to be made ready. */
  raw?: true;
  /** An image that had to stay as it is, with whatever its camera wrote into it. */
  kept?: true;
  /** The server's id of the upload, once it has begun. */
  upload?: string;
  /** What the server made of it, once it has all of it. */
  ref?: FileRef;
}

/** How far a file has come. */
export interface Progress {
  state: "preparing" | "waiting" | "sending" | "paused" | "done" | "failed";
  /** Bytes the server has, and will have. */
  sent: number;
  total: number;
  /** Why it failed, for people. */
  error?: string;
}

/** A file with how far it has come. */
export interface Tracked {
  file: PendingFile;
  progress: Progress;
}
