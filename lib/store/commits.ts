/**
 * Appending to rooms' logs: one atomic for many rooms. It checks each room's head and sets events,
 * heads and what tells their ids apart. So `seq` is gapless, and the same client id is stored once,
 * for ever, whichever instance commits it.
 *
 * Whether a message may be changed is decided by its entry, read after the head that the commit
 * checks was learnt. Every change of a message moves its room's head; so a head that did not move
 * says that the entry did not change either, and no check of its own is needed. A refusal needs no
 * commit: it is right at the moment of the read.
 */

import { getAcks } from "./dedupe.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import { type HeadVersion, type RoomHead } from "./events.ts";
import type { Ack, ChangeDraft, Draft, PostedDraft, StoredMessage } from "./drafts.ts";
import { NO_STORAGE, type OwnedFiles, readOwnedFiles } from "./files.ts";
import { writeMentions } from "./mentions.ts";
import { nameAll } from "./naming.ts";
import { isOutdated, type MentionChange, planRoom, type RoomPlan } from "./room_plan.ts";
import { getRooms, type RoomRecord } from "./rooms.ts";
import type { EditedEvent, RoomEvent } from "../chat/events.ts";

/** A room's part in one commit. */
export interface RoomBatch {
  room: string;
  from: HeadVersion;
  drafts: Draft[];
}

/** A room's part of a commit that succeeded. */
export interface RoomCommit {
  room: string;
  to: HeadVersion;
  /** For each draft, in order: where it is stored, or why it is not. */
  outcomes: (Ack | Error)[];
  /** What was appended. */
  events: RoomEvent[];
  /** What that changed of whom messages mention. */
  mentions: MentionChange[];
}

/**
 * Checks of one commit: heads and storage records. KV allows 100; a server that is reached by KV
 * Connect 10, see https://github.com/denoland/denokv, proto/kv-connect.md.
 */
export const MAX_CHECKS = { local: 100, remote: 10 };
/**
 * Messages of one commit. KV would take 300 (1,000 mutations, at most two for each and some for its
 * room), but then everybody waits for the same commit, and no more is stored.
 */
export const MAX_COMMIT_POSTS = 100;
/** Bytes of one commit's drafts, see `costOf`; KV allows 800 KB for everything in it. */
export const MAX_COMMIT_BYTES = 400_000;

/**
 * Stores all batches in one commit, or nothing: `null` says that a head moved. Ids must be distinct
 * within a room and author, and none of them stored; the caller knows that from what it read *after*
 * it learnt the heads that it passes (see `dedupe.ts`): each event moves its room's head, so an
 * unmoved head means that nothing was stored since. Throws what KV throws.
 */
export async function commitDrafts(
  kv: Deno.Kv,
  given: readonly RoomBatch[],
  { at }: { at: number },
): Promise<RoomCommit[] | null> {
  const batches = await nameAll(kv, given);
  const [entries, owned, rooms] = await Promise.all([
    readMessages(kv, batches),
    readFiles(kv, batches),
    readRooms(kv, batches),
  ]);
  const { files, storages } = owned;
  const plans = batches.map((batch) => {
    const access = rooms.get(batch.room);
    return planRoom(batch, { entries: entries.get(batch.room)!, files, access }, at);
  });
  await answerRefused(kv, batches, plans);
  const changing = plans.filter(({ events }) => events.length > 0);
  if (changing.length === 0) return plans.map((plan, i) => committed(batches[i], plan));
  const atomic = kv.atomic();
  plans.forEach((plan, i) => addPlan(atomic, batches[i], plan));
  addStorages(atomic, plans, storages);
  const result = await atomic.commit();
  if (!result.ok) return null;
  return plans.map((plan, i) => committed(batches[i], plan, result.versionstamp));
}

function committed({ room, from }: RoomBatch, plan: RoomPlan, version?: string): RoomCommit {
  const { head, events, outcomes, mentions } = plan;
  const to = version === undefined || events.length === 0 ? from : { head, versionstamp: version };
  return { room, to, outcomes, events, mentions };
}

/** Entries that drafts concern, by room and `seq`. */
type Entries = Map<string, Map<number, StoredMessage | EditedEvent>>;

/** The messages that are to be changed or answered; of those that are to be deleted their edits as well. */
async function readMessages(kv: Deno.Kv, batches: readonly RoomBatch[]): Promise<Entries> {
  const entries: Entries = new Map(batches.map(({ room }) => [room, new Map()]));
  const drafts = batches.flatMap(({ drafts }) => drafts);
  const targets = drafts.flatMap((draft): [string, number][] => {
    const seq = isChange(draft) ? draft.message : draft.reply;
    return seq === undefined ? [] : [[draft.room, seq]];
  });
  if (targets.length === 0) return entries;
  await readInto(kv, entries, targets);
  const changes = drafts.filter(isChange);
  const edits = changes.flatMap(({ type, room, message }) => {
    const stored = entries.get(room)!.get(message);
    if (type !== "deleted" || stored?.type !== "posted") return [];
    return (stored.edits ?? []).map((seq): [string, number] => [room, seq]);
  });
  await readInto(kv, entries, edits);
  return entries;
}

/**
 * Groups that people left after a draft was allowed: its author may be one of them. A departure
 * moves the head, so the commit is refused if one comes after this read.
 */
async function readRooms(
  kv: Deno.Kv,
  batches: readonly RoomBatch[],
): Promise<Map<string, RoomRecord>> {
  const unsure = batches.filter(({ from, drafts }) =>
    from.head.left !== undefined && drafts.some((draft) => isOutdated(draft, from.head))
  );
  const records = await getRooms(kv, unsure.map(({ room }) => room));
  return new Map(records.map((record) => [record.id, record]));
}

/** Files that posts name, and what their authors have stored, read before them. */
async function readFiles(kv: Deno.Kv, batches: readonly RoomBatch[]): Promise<OwnedFiles> {
  const drafts = batches.flatMap(({ drafts }) => drafts)
    .filter((draft) => draft.type === "posted" && draft.files?.length);
  return await readOwnedFiles(
    kv,
    (drafts as PostedDraft[]).map(({ by, files = [] }) => ({ by, files })),
  );
}

/**
 * A file cannot be removed while a message with it is being stored: whoever removes one of a
 * person's files writes the person's storage record too, and so one of the two commits is refused.
 */
function addStorages(
  atomic: Deno.AtomicOperation,
  plans: readonly RoomPlan[],
  storages: OwnedFiles["storages"],
): void {
  if (storages.length === 0) return;
  const authors = new Set(
    plans.flatMap(({ events }) => events.flatMap((event) => "files" in event ? [event.by] : [])),
  );
  for (const storage of storages) {
    if (!authors.has(String(storage.key[1]))) continue;
    atomic.check(storage).set(storage.key, storage.value ?? NO_STORAGE);
  }
}

function isChange(draft: Draft): draft is ChangeDraft {
  return draft.type !== "posted";
}

async function readInto(kv: Deno.Kv, entries: Entries, places: [string, number][]): Promise<void> {
  const read = await getAll<RoomEvent>(
    kv,
    places.map(([room, seq]) => keys.entry(["room", room], seq)),
  );
  read.forEach(({ value }, i) => {
    const [room, seq] = places[i];
    if (value?.type !== "posted" && value?.type !== "edited") return;
    entries.get(room)!.set(seq, { ...value, seq });
  });
}

/**
 * A draft may be refused for what it did itself, stored a moment ago by another instance: deleting
 * what is deleted. Its id was stored with that, so it is there to be read now.
 */
async function answerRefused(
  kv: Deno.Kv,
  batches: readonly RoomBatch[],
  plans: readonly RoomPlan[],
): Promise<void> {
  const refused = plans.flatMap(({ outcomes }, i) =>
    outcomes.flatMap((outcome, n) =>
      outcome instanceof Error ? [{ outcomes, n, draft: batches[i].drafts[n] }] : []
    )
  );
  if (refused.length === 0) return;
  const acks = await getAcks(kv, refused.map(({ draft }) => draft));
  refused.forEach(({ outcomes, n }, i) => outcomes[n] = acks[i] ?? outcomes[n]);
}

function addPlan(
  atomic: Deno.AtomicOperation,
  { room, from }: RoomBatch,
  plan: RoomPlan,
): void {
  if (plan.events.length === 0) return;
  const headKey = keys.head(["room", room]);
  atomic.check({ key: headKey, versionstamp: from.versionstamp });
  atomic.set(headKey, plan.head satisfies RoomHead);
  for (const { by, id, ...ack } of plan.late) atomic.set(keys.sent(room, by, id), ack);
  for (const { id, seq } of plan.landmarks) atomic.set(keys.landmark(room, id, seq), 1);
  for (const { seq, ...stored } of plan.entries.values()) {
    atomic.set(keys.entry(["room", room], seq), stored);
  }
  for (const [seq, first] of plan.originals) {
    const key = keys.original(room, seq);
    if (first) atomic.set(key, first);
    else atomic.delete(key);
  }
  for (const [seq, pin] of plan.pins) {
    const key = keys.pin(room, seq);
    if (pin) atomic.set(key, pin);
    else atomic.delete(key);
  }
  for (const change of plan.mentions) writeMentions(atomic, room, change);
  for (const [seq, gone] of plan.gone) atomic.set(keys.gone(room, seq), gone);
  for (const { file, seq } of plan.shown) atomic.set(keys.fileUse(file, room, seq), 1);
  for (const { file, seq } of plan.hidden) {
    atomic.delete(keys.fileUse(file, room, seq)).set(keys.looseFile(file), 1);
  }
  // In the same commit, so that a crash cannot leave a text in the index that is gone.
  if (plan.events.some(({ type }) => type === "edited" || type === "deleted")) {
    atomic.set(keys.searchMark(room), 1);
  }
}
