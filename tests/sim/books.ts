/** What must be true of the records of files at any moment: each commit leaves them in order. */

import type { BlobRecord, FileRecord, StorageRecord } from "../../lib/store/files.ts";
import { keys } from "../../lib/store/keys.ts";
import type { Problem } from "./invariants.ts";
import type { SimStore } from "./store.ts";
import type { Town } from "./town.ts";

/** What counts is what is there, and what is used is there. */
export function booksProblem({ store, people, rules }: Town): Problem {
  const files = store.list({ prefix: ["file"] })
    .map(({ key, value }) => ({ id: String(key[1]), ...value as FileRecord }));
  for (const { id, username } of people) {
    const own = files.filter(({ by }) => by === id).reduce((sum, { size }) => sum + size, 0);
    const counted = (store.get(keys.storage(id)).value as StorageRecord | null)?.bytes ?? 0;
    if (counted !== own) return `${username} has ${own} bytes, counted are ${counted}`;
    if (own > rules.quotaBytes) return `${username} has ${own} bytes, more than is allowed`;
  }
  const finished = new Set(files.flatMap(({ id, hash }) => hash === undefined ? [] : id));
  const used = store.list({ prefix: ["file_use"] }).map(({ key }) => String(key[1]));
  const gone = used.find((id) => !finished.has(id));
  if (gone) return `a message shows file ${gone}, which is not there`;
  for (const { id, hash } of files) {
    const problem = hash === undefined ? null : blobProblem(store, id, hash);
    if (problem) return `file ${id} ${problem}`;
  }
  return null;
}

function blobProblem(store: SimStore, id: string, hash: string): Problem {
  const blob = store.get(keys.blob(hash)).value as BlobRecord | null;
  if (!blob) return "has no blob";
  if (store.get(keys.blobUse(hash, id)).value === null) return "does not use its blob";
  const { pieces, blob: where } = blob.layout;
  const isThere = pieces.every((piece) => store.get(keys.piece(where, piece)).value !== null);
  return isThere ? null : "lacks a piece";
}
