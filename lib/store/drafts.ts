/** What waits to be appended to a room's log, by the type of the event that it becomes. */

import { InvalidError, NotFoundError } from "../chat/errors.ts";
import { MAX_EDITS, MAX_FILES, MAX_MENTIONS, MAX_PINS } from "../chat/limits.ts";
import { canEdit, hasRoomFor } from "../chat/messages.ts";
import { type RoomAccess, visibleFrom } from "../chat/permissions.ts";
import type { Forwarded, MentionState, PostedEvent } from "../chat/events.ts";

interface DraftBase {
  room: string;
  by: string;
  /** The client-made id: stored once for person and room, for ever. */
  id: string;
  /** Whom its text can mention, until that was looked up. */
  naming?: Naming;
  /** Of a group: what its author was allowed when the draft was taken. */
  allowed?: Allowed;
}

/** Whom a text can mention. */
export interface Naming {
  /** Ids. */
  members: readonly string[];
  /** Its author may call everyone. */
  mayAll: boolean;
  /** Ids by folded username, as far as they were looked up; a username never changes hands. */
  known: Map<string, string>;
}

/** What a member of a group was allowed, and as of when. */
export interface Allowed {
  /** `seq` of the newest change of the group that this knows. */
  asOf: number;
  /** First `seq` that the member may see. */
  from: number;
}

/** A draft of somebody who may post to the room: the commit sees to it that they still may. */
export function allowedIn<D extends Draft>(draft: D, room: RoomAccess): D {
  if (room.changed === undefined) return draft;
  return { ...draft, allowed: { asOf: room.changed, from: visibleFrom(room, draft.by) } };
}

/** A message that waits to be stored. */
export interface PostedDraft extends DraftBase, MentionState {
  type: "posted";
  text: string;
  /** `seq` of the message that it answers. */
  reply?: number;
  /** Ids of its author's files. */
  files?: readonly string[];
  /** Where it comes from, if it was forwarded. */
  forwarded?: Forwarded;
}

/** A change of the message at `message`. */
export type ChangeDraft =
  & DraftBase
  & { message: number }
  & (
    | { type: "edited"; text: string } & MentionState
    | { type: "deleted" }
    | { type: "reacted"; emoji: string; on: boolean }
    | { type: "pinned"; on: boolean }
  );

/** Anything that can be appended. */
export type Draft = PostedDraft | ChangeDraft;

/** Where a draft was stored: what its sender is told, the first time and each time again. */
export interface Ack {
  seq: number;
  at: number;
}

/** A message as its entry holds it: with the places of its edits, which its deletion empties. */
export type StoredMessage = PostedEvent & { edits?: number[] };

/** KV takes 1,000 changes in a commit; a post is two at most: its entry and its id. */
const CHANGES_PER_POST = 2;
/** The room's entry of a text of `MAX_TEXT_CHARS` is at most 32 KB, with all reactions 55 KB. */
const MESSAGE_BYTES = 55_000;
const TEXT_BYTES = 32_000;

/** Those whom a message mentioned, two keys each, and everyone. */
const MENTION_POSTS = MAX_MENTIONS + 1;
const MENTION_BYTES = 300;

/** One file of a message in its entry and in the keys of the commit. */
const FILE_BYTES = 1_000;

/** What a draft adds to a commit. */
export interface Cost {
  /** Of the places for posts. */
  posts: number;
  /** At most. */
  bytes: number;
  /** Besides those that every draft has. */
  checks: number;
}

/** What a draft adds to a commit. */
export function costOf(draft: Draft): Cost {
  switch (draft.type) {
    case "posted":
      return withMentions(
        draft.files ? costOfFiles(draft.text, draft.files.length) : plain(draft.text),
        draft,
      );
    case "edited": // its entry, the message, the first text; whom it mentioned goes
      return withMentions(
        { posts: 2 + MENTION_POSTS, bytes: MESSAGE_BYTES + 2 * TEXT_BYTES, checks: 0 },
        draft,
      );
    case "deleted": // of each file its use goes and a mark comes
      return {
        posts: 2 + MAX_FILES + Math.ceil(MAX_EDITS / CHANGES_PER_POST) + MENTION_POSTS,
        bytes: 18_000,
        checks: 0,
      };
    case "reacted": // its entry and the message
    case "pinned": // and its key
      return { posts: 2, bytes: MESSAGE_BYTES, checks: 0 };
  }
}

/** Two keys for each person, and one for everyone. */
function withMentions(
  { posts, bytes, checks }: Cost,
  { mentions, all, naming }: MentionState & { naming?: Naming },
): Cost {
  const keys = naming ? MENTION_POSTS : (mentions?.length ?? 0) + (all ? 1 : 0);
  return { posts: posts + keys, bytes: bytes + keys * MENTION_BYTES, checks };
}

function plain(text: string): Cost {
  return { posts: 1, bytes: text.length * 3, checks: 0 };
}

/** With a use for each file, and the check of what its author has stored. */
function costOfFiles(text: string, files: number): Cost {
  const posts = 2 + Math.ceil(files / CHANGES_PER_POST);
  return { posts, bytes: text.length * 3 + files * FILE_BYTES, checks: 1 };
}

/** Why a message cannot be changed so, or `null` when it can. `pins`: how many the room has. */
export function problemOf(
  draft: ChangeDraft,
  message: StoredMessage | undefined,
  { now, pins = 0 }: { now: number; pins?: number },
): Error | null {
  if (!message) return new NotFoundError("There is no such message.");
  if (message.deleted) return new InvalidError("This message was deleted.");
  if (draft.type === "reacted") {
    if (!draft.on || hasRoomFor(draft.emoji, message)) return null;
    return new InvalidError("This message has all the reactions it can have.");
  }
  if (draft.type === "pinned") {
    if (!draft.on || message.pinned || pins < MAX_PINS) return null;
    return new InvalidError(`A room has ${MAX_PINS} pins at most; take one down first.`);
  }
  if (message.by !== draft.by) return new InvalidError("Only its author can change a message.");
  if (draft.type === "deleted") return null;
  if (message.forwarded) return new InvalidError("These are the words of somebody else.");
  if (!canEdit(message, { by: draft.by, now })) {
    return new InvalidError("A message can be edited for a day.");
  }
  if (draft.text === "" && !message.files) return new InvalidError("text is empty");
  if ((message.edits?.length ?? 0) < MAX_EDITS) return null;
  return new InvalidError(`A message can be edited ${MAX_EDITS} times.`);
}
