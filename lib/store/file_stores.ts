/** Where files are and how much of them is allowed: what the operator chose. */

import type { BlobStore, StoreName } from "./blobs.ts";
import { KvBlobs } from "./kv_blobs.ts";

/** Everything that files need of the program. */
export interface Files {
  kv: Deno.Kv;
  /** Where new ones go. */
  target: BlobStore;
  /** Throws for one that is not configured any more. */
  storeOf(name: StoreName): BlobStore;
  limits: FileLimits;
}

/** Limits of the operator's choice, in bytes. */
export interface FileLimits {
  /** Of one file. */
  maxBytes: number;
  /** Of all files of one person. */
  quotaBytes: number;
}

/** Keeps new files in `s3` if there is one, else in KV; old ones are read where they are. */
export function createFiles(
  kv: Deno.Kv,
  { limits, s3 }: { limits: FileLimits; s3?: BlobStore },
): Files {
  const stores: Record<StoreName, BlobStore | undefined> = { kv: new KvBlobs(kv), s3 };
  return {
    kv,
    target: s3 ?? stores.kv!,
    limits,
    storeOf(name) {
      const store = stores[name];
      if (!store) throw new Error(`There are files in ${name}, which is not configured.`);
      return store;
    },
  };
}
