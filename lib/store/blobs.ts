/**
 * Where the bytes of files are kept. A blob is a list of *pieces*, each written once under a name
 * that nobody else makes, and never changed: so what was hashed stays what is read, also while an
 * upload is sent twice at once. Which pieces make a blob is said in KV, by its {@link Layout}; a
 * piece that no layout names is garbage and goes with its blob.
 */

/** The places that bytes can be in. */
export type StoreName = "kv" | "s3";

/** Which pieces make a blob. All but the last have `pieceBytes`. */
export interface Layout {
  in: StoreName;
  /** The blob's id, under which its pieces are. */
  blob: string;
  pieceBytes: number;
  /** Names of the pieces, in order. */
  pieces: string[];
}

/** A place for bytes. Every method may be repeated after a failure. */
export interface BlobStore {
  /** Most bytes of a piece. */
  readonly pieceBytes: number;
  /** Writes a piece. When it resolves, the bytes are stored for good. */
  put(blob: string, piece: string, bytes: Uint8Array): Promise<void>;
  /** The bytes of a piece from `start` to before `end`, streamed. Throws if it is not there. */
  get(
    blob: string,
    piece: string,
    range: { start: number; end: number },
  ): AsyncIterable<Uint8Array>;
  /** Names of all pieces of a blob, in no order; none says that it does not exist. */
  list(blob: string): Promise<string[]>;
  /** Removes pieces; no error for what is not there. */
  remove(blob: string, pieces: readonly string[]): Promise<void>;
}
