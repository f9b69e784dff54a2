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
import { isId } from "./ids.ts";
import { keys } from "./keys.ts";

/** After so long no request can be under way that still writes bytes of an upload that is gone. */
const LATE_MS = 60 * 60 * 1000;
/**
 * One round; answers how many notes were dealt with. One that fails, with a storage that is away for
 * example, keeps none of the others; the first failure is thrown at the end.
 */
export async function sweepFiles(files: Files, now = Date.now()): Promise<number> {
  const { kv } = files;
  const round = new Round();
  const isDue = { prefix: keys.dueUploads(), end: [...keys.dueUploads(), now] };
  for await (const { key } of kv.list(isDue)) {
    await round.run(async () => {
      await removeUnused(kv, String(key[2]));
      await commit(kv.atomic().delete(key));
      return true;
    });
  }
  for await (const note of kv.list({ prefix: keys.looseFiles() })) {
    await round.run(async () => {
      await removeUnused(kv, String(note.key[1]));
      // It may have been noted again meanwhile.
      return (await commit(kv.atomic().check(note).delete(note.key))).ok;
    });
  }
  for await (const note of kv.list<TrashRecord>({ prefix: keys.trashes() })) {
    await round.run(() => empty(files, note));
  }
  const isLate = { prefix: keys.emptied(), end: [...keys.emptied(), now] };
  for await (const { key, value } of kv.list<TrashRecord>(isLate)) {
    await round.run(async () => {
      await removeTrash(files, String(key[2]), value);
      return (await commit(kv.atomic().delete(key))).ok;
    });
  }
  return round.end();
}

/** What became of the notes so far. */
class Round {
  #done = 0;
  #failure: { error: unknown } | null = null;

  async run(deal: () => Promise<boolean>): Promise<void> {
    try {
      if (await deal()) this.#done++;
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  end(): number {
    if (this.#failure) throw this.#failure.error;
    return this.#done;
  }
}

/** Removes bytes now, and once more when no late request can write any. */
async function empty(files: Files, note: Deno.KvEntry<TrashRecord>): Promise<boolean> {
  const id = String(note.key[1]);
  await removeTrash(files, id, note.value);
  const atomic = files.kv.atomic()
    .check(note) // what is kept may have become trash meanwhile
    .delete(note.key)
    .set(keys.emptiedAt(note.value.at + LATE_MS, id), note.value);
  return (await commit(atomic)).ok;
}

async function removeTrash({ kv, storeOf }: Files, id: string, trash: TrashRecord): Promise<void> {
  const blob = trash.keep === undefined ? null : await kv.get<BlobRecord>(keys.blob(trash.keep));
  const layout = blob?.value?.layout;
  await removePieces(storeOf(trash.in), id, layout?.blob === id ? layout.pieces : []);
}

/** Ends an upload that is not wanted. One that is finished goes unless a message uses it. */
export async function cancelUpload(files: Files, by: string, id: string): Promise<void> {
  if (!isId(id)) return; // KV throws on keys over 2 KiB
  const { value } = await files.kv.get<{ by: string }>(keys.file(id));
  if (value?.by === by) await removeUnused(files.kv, id);
}
