/**
 * Bytes in KV: a piece is twelve chunks of 60 KiB, as much as one commit takes, written at once
 * with a small key that lists it. Reading takes four chunks at a time.
 */

import { UPLOAD_PART_BYTES } from "../chat/limits.ts";
import type { BlobStore, Bytes, Range } from "./blobs.ts";
import { commit } from "./conflicts.ts";
import { keys } from "./keys.ts";

/** KV takes values up to 64 KiB. */
export const CHUNK_BYTES = 60 * 1024;
/** KV takes 800 KB in a commit. */
const CHUNKS = UPLOAD_PART_BYTES / CHUNK_BYTES;
/** Chunks that a reader has in memory at a time. */
const READ_CHUNKS = 4;
/** KV takes 1,000 mutations in a commit. */
const PIECES_PER_REMOVAL = Math.floor(900 / (CHUNKS + 1));

export class KvBlobs implements BlobStore {
  readonly name = "kv";
  readonly pieceBytes = UPLOAD_PART_BYTES;
  #kv: Deno.Kv;

  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  async put(blob: string, piece: string, bytes: Bytes): Promise<void> {
    const atomic = this.#kv.atomic().set(keys.piece(blob, piece), bytes.length);
    for (let n = 0; n * CHUNK_BYTES < bytes.length; n++) {
      const chunk = bytes.subarray(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES);
      atomic.set(keys.chunk(blob, piece, n), chunk);
    }
    await commit(atomic);
  }

  async *get(blob: string, piece: string, { start, end }: Range): AsyncGenerator<Bytes> {
    const last = Math.ceil(end / CHUNK_BYTES);
    for (let n = Math.floor(start / CHUNK_BYTES); n < last; n += READ_CHUNKS) {
      const count = Math.min(READ_CHUNKS, last - n);
      const wanted = Array.from({ length: count }, (_, i) => keys.chunk(blob, piece, n + i));
      for (const [i, { value }] of (await this.#kv.getMany<Bytes[]>(wanted)).entries()) {
        if (!value) throw new Error(`Chunk ${n + i} of piece ${piece} of blob ${blob} is gone.`);
        const from = (n + i) * CHUNK_BYTES;
        yield value.subarray(Math.max(start - from, 0), end - from);
      }
    }
  }

  async exists(blob: string, piece: string): Promise<boolean> {
    return (await this.#kv.get(keys.piece(blob, piece))).value !== null;
  }

  async list(blob: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { key } of this.#kv.list({ prefix: keys.pieces(blob) }, { batchSize: 500 })) {
      names.push(String(key[2]));
    }
    return names;
  }

  async remove(blob: string, pieces: readonly string[]): Promise<void> {
    for (let i = 0; i < pieces.length; i += PIECES_PER_REMOVAL) {
      const atomic = this.#kv.atomic();
      for (const piece of pieces.slice(i, i + PIECES_PER_REMOVAL)) {
        atomic.delete(keys.piece(blob, piece));
        for (let n = 0; n < CHUNKS; n++) atomic.delete(keys.chunk(blob, piece, n));
      }
      await commit(atomic);
    }
  }
}
