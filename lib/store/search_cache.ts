/** Blocks of the search index in memory, as they were last read; the oldest make place for new ones. */

import type { SearchBlock } from "./search_blocks.ts";

/** Bytes of blocks that an instance keeps, about. */
const MAX_BYTES = 64 * 1024 * 1024;

export class SearchCache {
  #blocks = new Map<string, { block: SearchBlock; bytes: number }>();
  #bytes = 0;
  #maxBytes: number;

  constructor({ maxBytes = MAX_BYTES }: { maxBytes?: number } = {}) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes in use, about. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The block as that commit of the index wrote it. */
  get(room: string, { first, rev }: { first: number; rev: number }): SearchBlock | null {
    const key = `${room} ${first}`;
    const known = this.#blocks.get(key);
    if (!known) return null;
    this.#blocks.delete(key);
    if (known.block.rev !== rev) {
      this.#bytes -= known.bytes;
      return null;
    }
    this.#blocks.set(key, known);
    return known.block;
  }

  set(room: string, first: number, block: SearchBlock): void {
    const key = `${room} ${first}`;
    const bytes = 2 * block.text.length + 24 * block.seqs.length;
    this.#bytes += bytes - (this.#blocks.get(key)?.bytes ?? 0);
    this.#blocks.set(key, { block, bytes });
    for (const [oldest, { bytes }] of this.#blocks) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#blocks.delete(oldest);
      this.#bytes -= bytes;
    }
  }
}
