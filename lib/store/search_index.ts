/**
 * The search index of a room: derived from its log, block by block, by whichever instance comes
 * first. `SearchHead` says up to which event the index is complete and which blocks there are;
 * each commit checks it, so two that index at once do nothing twice. Messages are read from the
 * log as they are now, after the room's head was read; so indexing an event twice does nothing,
 * and a text that was deleted up to there is in no block.
 *
 * A commit that edits or deletes leaves a mark (`commits.ts`), which is taken away with the commit
 * that brings the index beyond it: after a crash the marks tell where old texts may be left.
 */

import { retryConflicts } from "./conflicts.ts";
import { getHeads } from "./events.ts";
import { keys } from "./keys.ts";
import { readLog } from "./logs.ts";
import { encodeBlock } from "./search_blocks.ts";
import { NO_INDEX, planFitting, type SearchHead, type SearchPlan } from "./search_plan.ts";

/** Brings a room's index up to the newest event, or as near as `deadline` (epoch ms) allows. */
export async function catchUp(
  kv: Deno.Kv,
  room: string,
  { deadline = Infinity }: { deadline?: number } = {},
): Promise<void> {
  while (await retryConflicts(() => step(kv, room)) === "behind") {
    if (Date.now() > deadline) return;
  }
}

/** Rooms with a mark. */
export async function listMarked(kv: Deno.Kv): Promise<string[]> {
  const entries = kv.list({ prefix: keys.searchMarks() }, { batchSize: 500 });
  return await Array.fromAsync(entries, ({ key }) => String(key[1]));
}

/** One commit. `null`: another instance was first. */
async function step(kv: Deno.Kv, room: string): Promise<"done" | "behind" | null> {
  // The mark and the index before the room's head: what they tell of is then below it.
  const [mark, stored] = await kv.getMany<[1, SearchHead]>([
    keys.searchMark(room),
    keys.searchHead(room),
  ]);
  const [{ head }] = await getHeads(kv, [room]);
  const old = stored.value ?? NO_INDEX;
  const events = await readLog(kv, ["room", room], { after: old.upTo, upTo: head.seq });
  const plan = await planFitting(kv, room, { old, events });
  const behind = plan.head.upTo < head.seq;
  if (events.length === 0 && mark.value === null) return "done";
  const atomic = kv.atomic().check(stored);
  if (events.length > 0) write(atomic, room, plan);
  if (mark.value !== null && !behind) atomic.check(mark).delete(mark.key);
  if (!(await atomic.commit()).ok) return null;
  return behind ? "behind" : "done";
}

function write(atomic: Deno.AtomicOperation, room: string, { head, blocks }: SearchPlan): void {
  atomic.set(keys.searchHead(room), head);
  for (const [first, entries] of blocks) {
    const key = keys.searchBlock(room, first);
    if (entries.length > 0) atomic.set(key, encodeBlock(entries, head.rev));
    else atomic.delete(key);
  }
}
