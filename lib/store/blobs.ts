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

/** A part of a piece or of a blob: from `start` to before `end`. */
export interface Range {
  start: number;
  end: number;
}

/** Bytes that a store takes and gives. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** A place for bytes. Every method may be repeated after a failure. */
export interface BlobStore {
  readonly name: StoreName;
  /** Most bytes of a piece. */
  readonly pieceBytes: number;
  /** Writes a piece. When it resolves, the bytes are stored for good. */
  put(blob: string, piece: string, bytes: Bytes): Promise<void>;
  /** Bytes of a piece, streamed. Throws if it is not there. */
  get(blob: string, piece: string, range: Range): AsyncIterable<Bytes>;
  /** Whether the piece is there. */
  exists(blob: string, piece: string): Promise<boolean>;
  /** Names of all pieces of a blob, in no order. */
  list(blob: string): Promise<string[]>;
  /** Removes pieces; no error for what is not there. */
  remove(blob: string, pieces: readonly string[]): Promise<void>;
}

/** Bytes of a blob, streamed: no more of them is in memory than the store reads at a time. */
export async function* readBlob(
  store: BlobStore,
  { blob, pieceBytes, pieces }: Layout,
  { start, end }: Range,
): AsyncGenerator<Bytes> {
  for (let n = Math.floor(start / pieceBytes); n * pieceBytes < end; n++) {
    const from = n * pieceBytes;
    const range = { start: Math.max(start - from, 0), end: Math.min(end - from, pieceBytes) };
    yield* store.get(blob, pieces[n], range);
  }
}

/** Removes everything that was ever written under a blob's id, but for some pieces. */
export async function removePieces(
  store: BlobStore,
  blob: string,
  kept: readonly string[],
): Promise<void> {
  const pieces = await store.list(blob);
  await store.remove(blob, pieces.filter((piece) => !kept.includes(piece)));
}
