/**
 * What a run of drafts does to one room, worked out before anything is written. Pure. Drafts act
 * one after the other, each on what those before it left: an edit behind a deletion in the same
 * commit is refused like one that comes a day later.
 */

import { NotFoundError } from "../chat/errors.ts";
import { altersText, applyChange, lastOf, mentionsIn } from "../chat/messages.ts";
import { canPost, type RoomAccess } from "../chat/permissions.ts";
import type { ChangeEvent, EditedEvent, MentionState, RoomEvent } from "../chat/events.ts";
import type { FileRef } from "../chat/file_refs.ts";
import {
  type Ack,
  type ChangeDraft,
  type Draft,
  type PostedDraft,
  problemOf,
  type StoredMessage,
} from "./drafts.ts";
import { type IdPlan, type Landmark, planId } from "./dedupe.ts";
import type { OwnFile } from "./files.ts";
import type { HeadVersion, RoomHead } from "./events.ts";

/** An entry of the log that can be written again. */
type Entry = StoredMessage | ChangeEvent;

/** A text that an edit took the place of. */
export interface FirstText {
  at: number;
  text: string;
}

/** Who pinned a message, with the event of it. */
export interface PinRecord {
  by: string;
  at: number;
  seq: number;
}

/** What to write, and what to answer. */
export interface RoomPlan {
  head: RoomHead;
  /** New events, in order. */
  events: RoomEvent[];
  /** An ack for each draft that is stored, why not for the others. */
  outcomes: (Ack | Error)[];
  /** Entries to write, new and changed ones, by `seq`. */
  entries: Map<number, Entry>;
  /** Ids that came late and need a key, with their acks. */
  late: ({ by: string; id: string } & Ack)[];
  /** Places that ids are looked for from. */
  landmarks: Landmark[];
  /** First texts of messages to keep (`null`: to remove), by the message's `seq`. */
  originals: Map<number, FirstText | null>;
  /** Messages that no longer count, by `seq`: whose, and since which event. */
  gone: Map<number, { by: string; seq: number }>;
  /** Files that messages show from now on, and those that deleted ones showed. */
  shown: FileUse[];
  hidden: FileUse[];
  /** Pins to write (`null`: to remove), by the message's `seq`. */
  pins: Map<number, PinRecord | null>;
  /** What messages that mention somebody did before, and what they do now; in order. */
  mentions: MentionChange[];
}

/** Whom a message mentioned, and whom it mentions now; its author is left out. */
export interface MentionChange {
  seq: number;
  /** When it was posted. */
  at: number;
  by: string;
  before: MentionState;
  now: MentionState;
}

/** A file in a message. */
export interface FileUse {
  /** The file's id. */
  file: string;
  /** The message's place. */
  seq: number;
}

/** What is stored already and the drafts concern. */
export interface Known {
  /** Messages and edits by `seq`. */
  entries: ReadonlyMap<number, Entry>;
  /** Files that messages may take, by id. */
  files?: ReadonlyMap<string, OwnFile>;
  /** The room, if people left it after some author was allowed to post. */
  access?: RoomAccess | null;
}

/** Works out what to write at `now`. */
export function planRoom(
  { from, drafts }: { from: HeadVersion; drafts: readonly Draft[] },
  known: Known,
  now: number,
): RoomPlan {
  const plan: RoomPlan = {
    head: { ...from.head, own: { ...from.head.own } }, // once, as there may be many authors
    events: [],
    outcomes: [],
    entries: new Map(),
    late: [],
    landmarks: [],
    originals: new Map(),
    gone: new Map(),
    shown: [],
    hidden: [],
    pins: new Map(),
    mentions: [],
  };
  for (const draft of drafts) plan.outcomes.push(add(plan, known, { draft, now }));
  return plan;
}

function add(
  plan: RoomPlan,
  known: Known,
  { draft, now }: { draft: Draft; now: number },
): Ack | Error {
  const at = Math.max(now, plan.head.at ?? plan.head.last?.at ?? 0); // clocks of instances differ
  const seq = draft.type === "posted" ? draft.reply : draft.message;
  const entry = seq === undefined ? undefined : plan.entries.get(seq) ?? known.entries.get(seq);
  const refusal = refusalOf(draft, plan.head, known.access);
  if (refusal) return refusal;
  const isHidden = seq !== undefined && seq < (draft.allowed?.from ?? 1);
  const message = entry?.type === "posted" && !isHidden ? entry : undefined;
  if (draft.type === "posted") {
    if (seq !== undefined && !message) return new NotFoundError("There is no such message.");
    const files = filesOf(draft, known);
    if (files instanceof Error) return files;
    return post(plan, { ...draft, files }, at);
  }
  const problem = problemOf(draft, message, { now, pins: plan.head.pins });
  if (problem) return problem;
  return change(plan, known, { draft, message: message!, at });
}

/** Whether a draft must be looked at again: somebody left the group after it was allowed. */
export function isOutdated({ allowed }: Draft, { left }: RoomHead): boolean {
  return left !== undefined && (allowed?.asOf ?? 0) < left;
}

/** Its author may have left, or been removed, while the draft waited. */
function refusalOf(draft: Draft, head: RoomHead, access?: RoomAccess | null): Error | null {
  if (!isOutdated(draft, head) || access && canPost(access, draft.by)) return null;
  return new NotFoundError("There is no such room.");
}

/** The files that a message takes with it; only its author's own. */
function filesOf(draft: PostedDraft, { files }: Known): FileRef[] | undefined | Error {
  if (!draft.files?.length) return undefined;
  const found = draft.files.map((id) => files?.get(id));
  const own = found.filter((file) => file?.by === draft.by);
  if (own.length === found.length) return own.map((file) => file!.ref);
  return new NotFoundError("A file of this message is gone; add it again.");
}

type Posting = Omit<PostedDraft, "files"> & { files?: FileRef[] };

function post(plan: RoomPlan, draft: Posting, at: number): Ack {
  const { by, id, text, reply, files, forwarded } = draft;
  const seq = plan.head.seq + 1;
  const posts = plan.head.posts + 1;
  const event: StoredMessage = {
    type: "posted",
    seq,
    at,
    by,
    id,
    posts,
    text,
    ...reply !== undefined && { reply },
    ...files && { files },
    ...forwarded && { forwarded },
    ...mentionsIn(draft),
  };
  for (const { id } of files ?? []) plan.shown.push({ file: id, seq });
  plan.events.push(event);
  plan.entries.set(seq, event);
  plan.head.own[by] = (plan.head.own[by] ?? 0) + 1;
  const last = lastOf(event);
  const ids = noteId(plan, event);
  const plain = last.text === text && ids.newestId === id && !reply && !files && !forwarded &&
    !event.mentions && !event.all;
  plan.head = { ...plan.head, ...ids, seq, posts, at, last, plain };
  markMentions(plan, {}, event);
  return { seq, at };
}

function change(
  plan: RoomPlan,
  known: Known,
  { draft, message, at }: { draft: ChangeDraft; message: StoredMessage; at: number },
): Ack {
  const { seq: lastSeq, posts, last } = plan.head;
  const seq = lastSeq + 1;
  const event = eventOf(draft, { seq, at, posts });
  plan.events.push(event);
  plan.entries.set(seq, event);
  const changed = applyChange(message, event);
  if (event.type === "edited") keepFirst(plan, message, changed, seq);
  if (event.type === "deleted") {
    for (const { id } of message.files ?? []) plan.hidden.push({ file: id, seq: message.seq });
    forget(plan, known, { message: changed, event });
  }
  if (changed.pinned !== message.pinned) markPin(plan, changed, event);
  if (altersText(event)) markMentions(plan, message, changed);
  plan.entries.set(changed.seq, changed);
  const isLast = last?.seq === message.seq && altersText(event);
  const ids = noteId(plan, event);
  plan.head = { ...plan.head, ...ids, seq, at, last: isLast ? lastOf(changed) : last };
  return { seq, at };
}

function eventOf(
  { room: _, allowed: __, ...draft }: ChangeDraft,
  place: { seq: number; at: number; posts: number },
): ChangeEvent {
  return { ...draft, ...place };
}

/** Sees to it that the id of a new event is found again. Answers what the head says of ids then. */
function noteId(plan: RoomPlan, { by, id, seq, at }: RoomEvent): IdPlan["head"] {
  const { head, late, landmark } = planId(plan.head, id);
  if (late) plan.late.push({ by, id, seq, at });
  if (landmark) plan.landmarks.push(landmark);
  return head;
}

/** The first edit keeps the first text; the others are in the events themselves. */
function keepFirst(plan: RoomPlan, old: StoredMessage, changed: StoredMessage, seq: number): void {
  if (!old.edits) plan.originals.set(old.seq, { at: old.at, text: old.text });
  changed.edits = [...old.edits ?? [], seq];
}

/** The pin's key and their number follow what the message says: its deletion takes it down too. */
function markPin(
  plan: RoomPlan,
  { seq, pinned }: StoredMessage,
  { by, ...event }: ChangeEvent,
): void {
  plan.pins.set(seq, pinned ? { by, seq: event.seq, at: event.at } : null);
  plan.head = { ...plan.head, pins: (plan.head.pins ?? 0) + (pinned ? 1 : -1) };
}

/** The keys of mentions follow the text; the head tells readers whether there is anything to look for. */
function markMentions(plan: RoomPlan, before: MentionState, message: StoredMessage): void {
  const { seq, at, by, mentions, all } = message;
  if (!mentions && !all && !before.mentions && !before.all) return;
  plan.mentions.push({ seq, at, by, before: mentionsIn(before), now: mentionsIn(message) });
  const { lastMention = 0, lastAll = 0 } = plan.head;
  plan.head = {
    ...plan.head,
    ...mentions && { lastMention: Math.max(lastMention, seq) },
    ...all && { lastAll: Math.max(lastAll, seq) },
  };
}

/** Nothing of its text stays, in whatever version. */
function forget(
  plan: RoomPlan,
  known: Known,
  { message, event }: { message: StoredMessage; event: ChangeEvent },
): void {
  for (const seq of message.edits ?? []) {
    const edit = plan.entries.get(seq) ?? known.entries.get(seq);
    if (edit?.type === "edited") plan.entries.set(seq, emptied(edit));
  }
  if (message.edits) plan.originals.set(message.seq, null);
  delete message.edits;
  plan.gone.set(message.seq, { by: message.by, seq: event.seq });
  plan.head = { ...plan.head, lastGone: Math.max(plan.head.lastGone ?? 0, message.seq) };
}

function emptied({ mentions: _, all: __, ...edit }: EditedEvent): EditedEvent {
  return { ...edit, text: "" };
}
