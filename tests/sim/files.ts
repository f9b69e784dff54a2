/** How a world keeps files: the real store of them, with limits and pieces that a seed draws. */

import type { FileLimits, Files } from "../../lib/store/file_stores.ts";
import { KvBlobs } from "../../lib/store/kv_blobs.ts";
import type { Random } from "./random.ts";

/** What is allowed, and how bytes are cut. */
export interface FileRules extends FileLimits {
  pieceBytes: number;
}

/** Pieces as they are, or so short that a file has many; a quota that is never met, or often. */
export function drawRules(random: Random): FileRules {
  return {
    maxBytes: random.pick([1_000_000, 1_000_000, 100_000]),
    quotaBytes: random.pick([1e9, 1e9, 200_000, 3_000]),
    pieceBytes: random.pick([737_280, 737_280, 30_000]),
  };
}

/** Files as an instance has them. */
export function filesIn(kv: Deno.Kv, { pieceBytes, ...limits }: FileRules): Files {
  const store = new SimBlobs(kv, pieceBytes);
  return { kv, target: store, storeOf: () => store, limits };
}

class SimBlobs extends KvBlobs {
  override readonly pieceBytes: number;

  constructor(kv: Deno.Kv, pieceBytes: number) {
    super(kv);
    this.pieceBytes = pieceBytes;
  }
}
