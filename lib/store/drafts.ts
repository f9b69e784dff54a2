/** What waits to be appended to a room's log, by the type of the event that it becomes. */

import { InvalidError, NotFoundError } from "../chat/errors.ts";
import { MAX_EDITS } from "../chat/limits.ts";
import { canEdit, hasRoomFor } from "../chat/messages.ts";
import type { PostedEvent } from "../chat/values.ts";

interface DraftBase {
  room: string;
  by: string;
  /** The client-made id: stored once for person and room, for ever. */
  id: string;
}

/** A message that waits to be stored. */
export interface PostedDraft extends DraftBase {
  type: "posted";
  text: string;
  /** `seq` of the message that it answers. */
  reply?: number;
}

/** A change of the message at `message`. */
export type ChangeDraft =
  & DraftBase
  & { message: number }
  & (
    | { type: "edited"; text: string }
    | { type: "deleted" }
    | { type: "reacted"; emoji: string; on: boolean }
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

/** KV takes 1,000 changes in a commit; a post is two: its entry and its id. */
const CHANGES_PER_POST = 2;
/** The room's entry of a text of `MAX_TEXT_CHARS` is at most 32 KB, with all reactions 55 KB. */
const MESSAGE_BYTES = 55_000;
const TEXT_BYTES = 32_000;

/** What a draft adds to a commit: of the places for posts, and in bytes at most. */
export function costOf(draft: Draft): { posts: number; bytes: number } {
  switch (draft.type) {
    case "posted":
      return { posts: 1, bytes: draft.text.length * 3 };
    case "edited": // its entry, the message, the first text
      return { posts: 2, bytes: MESSAGE_BYTES + 2 * TEXT_BYTES };
    case "deleted":
      return { posts: 2 + Math.ceil(MAX_EDITS / CHANGES_PER_POST), bytes: 10_000 };
    case "reacted": // its entry and the message
      return { posts: 2, bytes: MESSAGE_BYTES };
  }
}

/** Why a message cannot be changed so, or `null` when it can. */
export function problemOf(
  draft: ChangeDraft,
  message: StoredMessage | undefined,
  now: number,
): Error | null {
  if (!message) return new NotFoundError("There is no such message.");
  if (message.deleted) return new InvalidError("This message was deleted.");
  if (draft.type === "reacted") {
    if (!draft.on || hasRoomFor(draft.emoji, message)) return null;
    return new InvalidError("This message has all the reactions it can have.");
  }
  if (message.by !== draft.by) return new InvalidError("Only its author can change a message.");
  if (draft.type === "deleted") return null;
  if (!canEdit(message, { by: draft.by, now })) {
    return new InvalidError("A message can be edited for a day.");
  }
  if ((message.edits?.length ?? 0) < MAX_EDITS) return null;
  return new InvalidError(`A message can be edited ${MAX_EDITS} times.`);
}
