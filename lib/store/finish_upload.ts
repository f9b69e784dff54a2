/**
 * The end of an upload: its bytes are read once, for their SHA-256 and their type. Content that is
 * stored already is not kept twice: the file uses the blob that is there, and its own bytes go.
 */

import { NotFoundError } from "../chat/errors.ts";
import { kindOf } from "../chat/files.ts";
import { readBlob } from "./blobs.ts";
import { retryConflicts } from "./conflicts.ts";
import type { Files } from "./file_stores.ts";
import { type BlobRecord, type FileRecord, throwAway } from "./files.ts";
import { keys } from "./keys.ts";
import { type Digest, digest } from "./sha256.ts";
import { sniff } from "./sniff.ts";

/** Finishes an upload of which everything is stored; one that is finished already stays so. */
export async function finishUpload({ kv, storeOf }: Files, id: string): Promise<FileRecord> {
  const { value: record } = await kv.get<FileRecord>(keys.file(id));
  if (!record) throw new NotFoundError("There is no such upload; begin again.");
  if (!record.open) return record;
  const { layout } = record.open;
  const store = storeOf(layout.in);
  const known = await digest(readBlob(store, layout, { start: 0, end: record.size }));
  const file = finished(record, known);
  await retryConflicts(() => commitFinished(kv, id, { file, layout }));
  return file;
}

/** Without what was claimed and cannot be of a file of its type. */
function finished(record: FileRecord, { hash, head, isText }: Digest): FileRecord {
  const { open: _, width, height, duration, waveform, ...rest } = record;
  const type = sniff(head, { claimed: record.type, isText });
  const kind = kindOf({ type });
  const isSeen = kind === "image" || kind === "video";
  const isHeard = kind === "audio" || kind === "video";
  return {
    ...rest,
    type,
    hash,
    ...isSeen && width && height && { width, height },
    ...isHeard && duration !== undefined && { duration },
    ...kind === "audio" && waveform?.length && { waveform },
  };
}

/** `null` when another writer was first. */
async function commitFinished(
  kv: Deno.Kv,
  id: string,
  { file, layout }: { file: FileRecord; layout: BlobRecord["layout"] },
): Promise<true | null> {
  const [current, blob] = await kv.getMany<[FileRecord, BlobRecord]>([
    keys.file(id),
    keys.blob(file.hash!),
  ]);
  if (!current.value) throw new NotFoundError("There is no such upload; begin again.");
  if (!current.value.open) return true; // another request finished it
  if (current.value.open.layout.pieces.join() !== layout.pieces.join()) return null;
  const atomic = kv.atomic().check(current, blob)
    .set(keys.file(id), file)
    .set(keys.blob(file.hash!), blob.value ?? { size: file.size, layout })
    .set(keys.blobUse(file.hash!, id), 1);
  throwAway(atomic, layout, blob.value ? undefined : file.hash);
  return (await atomic.commit()).ok || null;
}
