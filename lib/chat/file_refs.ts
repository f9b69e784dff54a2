/** Files as pages, the API and the socket show them, and uploads on their way. */

/** A file of a message: what is shown of it without fetching it. */
export interface FileRef {
  /** Unguessable; fetched at `/api/rooms/:room/files/:id`. */
  id: string;
  /** As its uploader's device called it, one line, without folders. */
  name: string;
  /** Media type by its bytes, not by what was claimed: see `lib/store/sniff.ts`. */
  type: string;
  /** In bytes. */
  size: number;
  /** Of an image or a video, in CSS pixels, as the browser measured them. */
  width?: number;
  height?: number;
  /** Of audio and video, in whole milliseconds, as the browser measured it. */
  duration?: number;
  /** Of a voice note: loudness from 0 to 100 in equal steps of time. */
  waveform?: number[];
}

/** Where an upload is. */
export interface UploadState {
  id: string;
  /** Bytes that the server holds: send on from here. */
  offset: number;
  size: number;
  /** Until when it may be finished and posted; kept longer once it was posted. */
  expiresAt: number;
  /** Once it is finished: what a message that names its `id` in `files` will show. */
  file?: FileRef;
}
