/**
 * Reading files of rooms, for people. A file is there for those who may see a message that uses it
 * and that was not deleted: its use says so, and it goes in the commit of the deletion.
 */

import { NotFoundError } from "../chat/errors.ts";
import { UPLOAD_MS } from "../chat/limits.ts";
import { type RoomAccess, visibleFrom } from "../chat/permissions.ts";
import { type BlobStore, type Bytes, type Layout, type Range, readBlob } from "./blobs.ts";
import { retryConflicts } from "./conflicts.ts";
import type { Files } from "./file_stores.ts";
import type { BlobRecord, FileRecord } from "./files.ts";
import { isId, newId } from "./ids.ts";
import { keys } from "./keys.ts";
import { charge } from "./uploads.ts";

type Room = RoomAccess & { id: string };

/** A file that somebody may read. */
export interface ReadableFile {
  name: string;
  type: string;
  size: number;
  /** Names its content. */
  hash: string;
  /** A part of its bytes, streamed. */
  read(range: Range): AsyncIterable<Bytes>;
}

/** A file for a person in a room. Throws the same {@link NotFoundError} whatever it is. */
export async function openFile(
  files: Files,
  room: Room,
  { user, id }: { user: string; id: string },
): Promise<ReadableFile> {
  const { record, layout } = await findFile(files.kv, room, { user, id });
  const { name, type, size, hash } = record;
  const store: BlobStore = files.storeOf(layout.in);
  return { name, type, size, hash, read: (range) => readBlob(store, layout, range) };
}

/**
 * Makes a file of a room one of this person's too, without its bytes: what they forward. Answers an
 * id for `files` of a post. It counts against their quota as an upload would.
 */
export async function copyFile(
  { kv, limits }: { kv: Deno.Kv; limits: Pick<Files["limits"], "quotaBytes"> },
  room: Room,
  { user, id }: { user: string; id: string },
): Promise<string> {
  const copy = newId();
  return await retryConflicts(async () => {
    const storage = await kv.get<{ bytes: number }>(keys.storage(user));
    const { record, use, blob } = await findFile(kv, room, { user, id });
    const expiresAt = Date.now() + UPLOAD_MS;
    const atomic = kv.atomic().check(use, blob)
      .set(blob.key, blob.value)
      .set(keys.blobUse(record.hash, copy), 1)
      .set(keys.file(copy), { ...record, by: user, expiresAt } satisfies FileRecord)
      .set(keys.dueUpload(expiresAt, copy), 1);
    charge(atomic, storage, { bytes: record.size, quota: limits.quotaBytes });
    return (await atomic.commit()).ok ? copy : null;
  });
}

interface Found {
  record: FileRecord & { hash: string };
  /** The message that shows it. */
  use: Deno.KvEntry<unknown>;
  blob: Deno.KvEntry<BlobRecord>;
  layout: Layout;
}

async function findFile(
  kv: Deno.Kv,
  room: Room,
  { user, id }: { user: string; id: string },
): Promise<Found> {
  const [use, { value: record }] = isId(id)
    ? await Promise.all([findUse(kv, room, { user, id }), kv.get<FileRecord>(keys.file(id))])
    : [null, { value: null }];
  const blob = record?.hash ? await kv.get<BlobRecord>(keys.blob(record.hash)) : null;
  if (!use || !record?.hash || !blob?.value) throw new NotFoundError("There is no such file.");
  return { record: { ...record, hash: record.hash }, use, blob, layout: blob.value.layout };
}

/** The newest message of the room that shows the file, if the person may see it. */
async function findUse(
  kv: Deno.Kv,
  room: Room,
  { user, id }: { user: string; id: string },
): Promise<Deno.KvEntry<unknown> | null> {
  const from = visibleFrom(room, user);
  if (!Number.isFinite(from)) return null;
  const selector = {
    start: keys.fileUse(id, room.id, from),
    end: keys.fileUse(id, room.id, Number.MAX_SAFE_INTEGER),
  };
  for await (const entry of kv.list(selector, { limit: 1, reverse: true })) return entry;
  return null;
}
