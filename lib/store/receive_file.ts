/**
 * A file whose size is known only when it has come, as forms send it: the largest that it can be is
 * taken from the quota first, and what it did not need is given back.
 */

import { TooLargeError } from "../chat/errors.ts";
import { retryConflicts } from "./conflicts.ts";
import { cancelUpload } from "./file_sweep.ts";
import type { Files } from "./file_stores.ts";
import type { FileRecord, StorageRecord } from "./files.ts";
import { keys } from "./keys.ts";
import { appendUpload, createUpload } from "./uploads.ts";

/** What is known of it before it comes. */
export interface Incoming {
  name: string;
  type: string;
  /** The most bytes that it can have. */
  most: number;
  body: AsyncIterable<Uint8Array>;
}

/** Stores a file; answers its id, or `null` for an empty one. */
export async function receiveFile(
  files: Files,
  by: string,
  { name, type, most, body }: Incoming,
): Promise<string | null> {
  const size = Math.min(most, files.limits.maxBytes);
  const { id } = await createUpload(files, by, { name, type, size });
  try {
    const { file, offset } = await appendUpload(files, by, { id, offset: 0, body, isAll: true });
    if (file) return id;
    if (offset === 0) return await cancelUpload(files, by, id).then(() => null);
    await shrink(files.kv, id);
    await appendUpload(files, by, { id, offset, body: nothing() });
    return id;
  } catch (error) {
    await cancelUpload(files, by, id);
    throw error instanceof TooLargeError ? new TooLargeError(`${name} is too large.`) : error;
  }
}

/** Makes what came the whole file. */
async function shrink(kv: Deno.Kv, id: string): Promise<void> {
  await retryConflicts(async () => {
    const file = await kv.get<FileRecord>(keys.file(id));
    if (!file.value?.open) return true;
    const { size, open: { offset } } = file.value;
    const storage = await kv.get<StorageRecord>(keys.storage(file.value.by));
    const bytes = (storage.value?.bytes ?? 0) - size + offset;
    const atomic = kv.atomic().check(file, storage)
      .set(file.key, { ...file.value, size: offset } satisfies FileRecord)
      .set(storage.key, { bytes } satisfies StorageRecord);
    return (await atomic.commit()).ok || null;
  });
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
