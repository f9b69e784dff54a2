/**
 * Uploads: announced with their size, which counts against the person's quota from then on, sent in
 * parts that go on where the last one ended, and finished by the part that reaches the size. What
 * came is stored piece by piece, each entered into the file's record before the next, so whatever
 * breaks costs at most what was under way. Of two requests that send the same upload at once, one
 * is told that the other goes on.
 */

import { ConflictError, InvalidError, NotFoundError, TooLargeError } from "../chat/errors.ts";
import { MIN_PART_BYTES, UPLOAD_MS } from "../chat/limits.ts";
import type { FileRef, UploadState } from "../chat/file_refs.ts";
import { type Bytes, readBlob } from "./blobs.ts";
import { concat } from "../chat/bytes.ts";
import { commit, retryConflicts } from "./conflicts.ts";
import type { Files } from "./file_stores.ts";
import { type FileRecord, NO_STORAGE, refOf, type StorageRecord } from "./files.ts";
import { finishUpload } from "./finish_upload.ts";
import { isId, newId } from "./ids.ts";
import { keys } from "./keys.ts";

/** What is said of a file before it is sent. */
export type Announcement = Omit<FileRef, "id">;

/** An upload's record while it is open, with its version. */
interface OpenUpload {
  id: string;
  record: FileRecord & Required<Pick<FileRecord, "open">>;
  versionstamp: string;
}

/** Begins an upload. Throws {@link TooLargeError} above the size of a file or the quota. */
export async function createUpload(
  { kv, target, limits }: Files,
  by: string,
  file: Announcement,
): Promise<UploadState> {
  if (file.size > limits.maxBytes) {
    throw new TooLargeError(`A file may have ${inMegabytes(limits.maxBytes)} at most.`);
  }
  const id = newId();
  const layout = { in: target.name, blob: id, pieceBytes: target.pieceBytes, pieces: [] };
  const expiresAt = Date.now() + UPLOAD_MS;
  const record: FileRecord = { ...file, by, expiresAt, open: { offset: 0, layout } };
  return await retryConflicts(async () => {
    const atomic = kv.atomic();
    charge(atomic, await kv.get(keys.storage(by)), { bytes: file.size, quota: limits.quotaBytes });
    atomic.set(keys.file(id), record).set(keys.dueUpload(expiresAt, id), 1);
    return (await atomic.commit()).ok ? stateOf(id, record) : null;
  });
}

/** Adds to what a person has stored. Throws {@link TooLargeError} when that is above the quota. */
export function charge(
  atomic: Deno.AtomicOperation,
  storage: Deno.KvEntryMaybe<StorageRecord>,
  { bytes, quota }: { bytes: number; quota: number },
): void {
  const { bytes: before } = storage.value ?? NO_STORAGE;
  if (before + bytes > quota) {
    const free = inMegabytes(Math.max(0, quota - before));
    throw new TooLargeError(`There is place for ${free} more of yours; delete files first.`);
  }
  const record: StorageRecord = { bytes: before + bytes };
  atomic.check(storage).set(storage.key, record);
}

function inMegabytes(bytes: number): string {
  return `${Number((bytes / 1_000_000).toFixed(1))} MB`;
}

/** How far an upload of this person's is. Throws {@link NotFoundError} for any other. */
export async function getUpload({ kv }: Files, by: string, id: string): Promise<UploadState> {
  return stateOf(id, (await readOwn(kv, by, id)).value);
}

/** A part of an upload. */
export interface Part {
  /** Where it begins. */
  offset: number;
  body: AsyncIterable<Uint8Array>;
  /** How long it is said to be. */
  length?: number;
  /** It is all that comes, however short. */
  isAll?: boolean;
}

/**
 * Stores a part, and finishes the upload with its last one. Throws {@link ConflictError} when the
 * upload is not at its offset, {@link TooLargeError} when it is longer than the file,
 * {@link InvalidError} when it breaks off; what was stored of it before stays.
 */
export async function appendUpload(
  files: Files,
  by: string,
  { id, offset, body, length = 0, isAll = false }: Part & { id: string },
): Promise<UploadState> {
  const entry = await readOwn(files.kv, by, id);
  const { size, open } = entry.value;
  const at = open?.offset ?? size;
  if (at !== offset) throw new ConflictError(`This upload is at ${at}; go on from there.`);
  if (offset + length > size) throw new TooLargeError(TOO_LONG);
  if (!open) return stateOf(id, entry.value);
  let upload = openUpload(id, entry);
  for await (const { bytes, isLast, problem } of piecesOf(files, upload, body)) {
    const end = upload.record.open.offset + bytes.length;
    if (end > size || end === size && !isLast) throw new TooLargeError(TOO_LONG);
    if (!isAll && end < size && isLast && end - offset < MIN_PART_BYTES) {
      throw problem ?? tooSmall();
    }
    if (bytes.length > 0) upload = await storePiece(files, upload, bytes);
    if (problem) throw problem;
  }
  if (upload.record.open.offset < size) return stateOf(id, upload.record);
  return stateOf(id, await finishUpload(files, id));
}

function tooSmall(): InvalidError {
  return new InvalidError(`Send the rest, or ${MIN_PART_BYTES} bytes of it at least.`);
}

const TOO_LONG = "There are more bytes than the file was said to have.";

/** What goes into the next piece, as bytes that are not stored yet. */
interface NextBytes {
  bytes: Bytes;
  isLast: boolean;
  /** The body broke off after them. */
  problem?: Error;
}

/** Cuts a body where pieces end. One is held back until it is known whether more follows. */
async function* piecesOf(
  { storeOf }: Files,
  { record: { open } }: OpenUpload,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<NextBytes> {
  const { pieceBytes } = storeOf(open.layout.in);
  let room = pieceBytes - open.offset % pieceBytes;
  let held: Uint8Array[] = [];
  let length = 0;
  try {
    for await (let chunk of body) {
      while (chunk.length > 0) {
        if (length === room) {
          yield { bytes: concat(held), isLast: false };
          [held, length, room] = [[], 0, pieceBytes];
        }
        const taken = chunk.subarray(0, room - length);
        held.push(taken);
        length += taken.length;
        chunk = chunk.subarray(taken.length);
      }
    }
  } catch {
    const problem = new InvalidError("The connection broke off; ask where the upload is.");
    return yield { bytes: concat(held), isLast: true, problem };
  }
  yield { bytes: concat(held), isLast: true };
}

/** Stores bytes and enters them. A last piece that was not full is written anew with them. */
async function storePiece(
  { kv, storeOf }: Files,
  { id, record, versionstamp }: OpenUpload,
  bytes: Bytes,
): Promise<OpenUpload> {
  const { offset, layout } = record.open;
  const store = storeOf(layout.in);
  const partial = offset % layout.pieceBytes;
  const full = layout.pieces.slice(0, partial ? -1 : undefined);
  const range = { start: offset - partial, end: offset };
  const before = partial ? await Array.fromAsync(readBlob(store, layout, range)) : [];
  const piece = newId();
  await store.put(id, piece, concat([...before, bytes]));
  const next = {
    ...record,
    open: { offset: offset + bytes.length, layout: { ...layout, pieces: [...full, piece] } },
  };
  const entering = kv.atomic().check({ key: keys.file(id), versionstamp })
    .set(keys.file(id), next);
  const result = await commit(entering);
  if (result.ok) return { id, record: next, versionstamp: result.versionstamp };
  await store.remove(id, [piece]);
  throw new ConflictError("Another request goes on with this upload; ask where it is.");
}

/** The record of a person's own upload that has not expired. */
async function readOwn(kv: Deno.Kv, by: string, id: string): Promise<Deno.KvEntry<FileRecord>> {
  const entry = isId(id) ? await kv.get<FileRecord>(keys.file(id)) : null;
  const isThere = entry?.value?.by === by &&
    (!entry.value.open || entry.value.expiresAt > Date.now());
  if (!isThere) throw new NotFoundError("There is no such upload; begin again.");
  return entry as Deno.KvEntry<FileRecord>;
}

function openUpload(id: string, { value, versionstamp }: Deno.KvEntry<FileRecord>): OpenUpload {
  return { id, record: { ...value, open: value.open! }, versionstamp };
}

function stateOf(id: string, record: FileRecord): UploadState {
  const { size, expiresAt, open } = record;
  const state = { id, offset: open?.offset ?? size, size, expiresAt };
  return open ? state : { ...state, file: refOf(id, record) };
}
