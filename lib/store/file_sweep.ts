/**
 * Removes what nothing points at: uploads that nobody finished or posted in time, files whose last
 * message was deleted, and bytes. Each is noted under a key of its own in the commit that makes it
 * so, and the note goes after the work; so nothing is left behind when a sweep is cut off, and any
 * number of instances may sweep at once.
 */

import { removePieces } from "./blobs.ts";
import { commit } from "./conflicts.ts";
import type { Files } from "./file_stores.ts";
import { type BlobRecord, removeUnused, type TrashRecord } from "./files.ts";
import { keys } from "./keys.ts";

/** After so long no request can be under way that still writes bytes of an upload that is gone. */
const LATE_MS = 60 * 60 * 1000;
/** Notes that one sweep looks at, of each kind; the next one goes on. */
const MAX_NOTES = 1_000;

/** One round; answers how many notes were dealt with. */
export async function sweepFiles(files: Files, now = Date.now()): Promise<number> {
  const { kv } = files;
  let done = 0;
  for await (const { key } of notes(kv, keys.dueUploads(), [...keys.dueUploads(), now])) {
    await removeUnused(kv, String(key[2]));
    await commit(kv.atomic().delete(key));
    done++;
  }
  for await (const note of notes(kv, keys.looseFiles())) {
    await removeUnused(kv, String(note.key[1]));
    await commit(kv.atomic().check(note).delete(note.key)); // it may have been noted again meanwhile
    done++;
  }
  for await (const note of notes<TrashRecord>(kv, keys.trashes())) {
    if (await empty(files, note, now)) done++;
  }
  return done;
}

function notes<T>(
  kv: Deno.Kv,
  prefix: Deno.KvKey,
  end?: Deno.KvKey,
): Deno.KvListIterator<T> {
  const selector = end ? { prefix, end } : { prefix };
  return kv.list<T>(selector, { limit: MAX_NOTES });
}

/** Removes bytes at once, and once more when no late request can write any. */
async function empty(
  { kv, storeOf }: Files,
  note: Deno.KvEntry<TrashRecord>,
  now: number,
): Promise<boolean> {
  const { key, value } = note;
  const isLast = now - value.at > LATE_MS;
  if (value.emptied && !isLast) return false;
  const id = String(key[1]);
  const blob = value.keep === undefined ? null : await kv.get<BlobRecord>(keys.blob(value.keep));
  const layout = blob?.value?.layout;
  await removePieces(storeOf(value.in), id, layout?.blob === id ? layout.pieces : []);
  const atomic = kv.atomic().check(note); // what is kept may have become trash meanwhile
  if (isLast) await commit(atomic.delete(key));
  else await commit(atomic.set(key, { ...value, emptied: true } satisfies TrashRecord));
  return true;
}

/** Ends an upload that is not wanted. One that is finished goes unless a message uses it. */
export async function cancelUpload(files: Files, by: string, id: string): Promise<void> {
  const { value } = await files.kv.get<{ by: string }>(keys.file(id));
  if (value?.by === by) await removeUnused(files.kv, id);
}
