/**
 * Files as they are stored. A file is one upload by one person; messages *use* it, and it uses a
 * *blob*, which holds the bytes of all files with the same content (`blobs.ts`).
 *
 * Two rules make removals right whatever happens at once. Whoever changes what a person has stored,
 * or lets a message of theirs use a file, checks and writes the person's storage record; whoever
 * changes the uses of a blob checks and writes the blob's record. So a count of uses that was read
 * before is still right in the commit that acts on it.
 */

import type { FileRef } from "../chat/file_refs.ts";
import type { Layout, StoreName } from "./blobs.ts";
import { retryConflicts } from "./conflicts.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";

/** An upload, then the file that it became. */
export interface FileRecord extends Omit<FileRef, "id"> {
  /** Whose upload it is. */
  by: string;
  /** When it goes unless a message uses it. */
  expiresAt: number;
  /** Until it is finished: what came so far. `size` is what was announced. */
  open?: { offset: number; layout: Layout };
  /** SHA-256 of its bytes in hex, once it is finished. */
  hash?: string;
}

/** What a person's uploads and files take together. */
export interface StorageRecord {
  bytes: number;
}
export const NO_STORAGE: StorageRecord = { bytes: 0 };

/** The bytes of all files with the same content. */
export interface BlobRecord {
  size: number;
  layout: Layout;
}

/** Bytes under a blob's id that nothing points at. */
export interface TrashRecord {
  in: StoreName;
  at: number;
  /** SHA-256 of the content that is kept there: only what its layout does not name goes. */
  keep?: string;
}

/** A finished file as its author's messages may take it. */
export interface OwnFile {
  by: string;
  ref: FileRef;
}

/** What a commit of posts with files needs. */
export interface OwnedFiles {
  files: ReadonlyMap<string, OwnFile>;
  /** The records to check and to write, see above. */
  storages: Deno.KvEntryMaybe<StorageRecord>[];
}

/** What everyone may know of a file. */
export function refOf(id: string, record: FileRecord): FileRef {
  const { name, type, size, width, height, duration, waveform } = record;
  return {
    id,
    name,
    type,
    size,
    ...width !== undefined && { width },
    ...height !== undefined && { height },
    ...duration !== undefined && { duration },
    ...waveform && { waveform },
  };
}

/** The finished ones of the named files, and their authors' storage records as they were before. */
export async function readOwnedFiles(
  kv: Deno.Kv,
  wanted: readonly { by: string; files: readonly string[] }[],
): Promise<OwnedFiles> {
  const people = [...new Set(wanted.map(({ by }) => by))];
  const storages = await getAll<StorageRecord>(kv, people.map(keys.storage));
  const ids = [...new Set(wanted.flatMap(({ files }) => files))];
  const entries = await getAll<FileRecord>(kv, ids.map(keys.file));
  const files = new Map<string, OwnFile>();
  entries.forEach(({ value }, i) => {
    if (value && !value.open) files.set(ids[i], { by: value.by, ref: refOf(ids[i], value) });
  });
  return { files, storages };
}

/**
 * Adds to a commit after which nothing points at these bytes that they are to be removed. `keep`:
 * all but those of the blob with this hash, which an upload that broke off may have left.
 */
export function throwAway(atomic: Deno.AtomicOperation, layout: Layout, keep?: string): void {
  const record: TrashRecord = { in: layout.in, at: Date.now(), ...keep !== undefined && { keep } };
  atomic.set(keys.trash(layout.blob), record);
}

/**
 * Removes a file that no message uses, with its bytes if no other file has them. Answers whether it
 * is gone; `false` says that a message uses it.
 */
export async function removeUnused(kv: Deno.Kv, id: string): Promise<boolean> {
  return await retryConflicts(async () => {
    const file = await kv.get<FileRecord>(keys.file(id));
    if (!file.value) return true;
    const storage = await kv.get<StorageRecord>(keys.storage(file.value.by));
    if (await hasEntry(kv, keys.fileUses(id))) return false;
    const bytes = (storage.value?.bytes ?? 0) - file.value.size;
    const atomic = kv.atomic().check(file, storage)
      .delete(file.key)
      .set(storage.key, { bytes } satisfies StorageRecord);
    if (file.value.open) throwAway(atomic, file.value.open.layout);
    else await leaveBlob(kv, atomic, { id, hash: file.value.hash! });
    return (await atomic.commit()).ok || null;
  });
}

/** Ends a file's use of its blob, and the blob if that was the last. */
async function leaveBlob(
  kv: Deno.Kv,
  atomic: Deno.AtomicOperation,
  { id, hash }: { id: string; hash: string },
): Promise<void> {
  const blob = await kv.get<BlobRecord>(keys.blob(hash));
  const isShared = await hasEntry(kv, keys.blobUses(hash), keys.blobUse(hash, id));
  atomic.check(blob).delete(keys.blobUse(hash, id));
  if (!blob.value) return;
  if (isShared) atomic.set(blob.key, blob.value);
  else throwAway(atomic.delete(blob.key), blob.value.layout);
}

/** Whether there is a key below the prefix, other than one. */
async function hasEntry(
  kv: Deno.Kv,
  prefix: Deno.KvKey,
  but: Deno.KvKey = [],
): Promise<boolean> {
  for await (const { key } of kv.list({ prefix }, { limit: 2 })) {
    if (key.join("/") !== but.join("/")) return true;
  }
  return false;
}
