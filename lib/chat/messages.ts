/**
 * What becomes of a message after it was posted, by the events that follow: one rule for the
 * server, which keeps each message in the log as it is now, and for the browser, which applies live
 * events to what it holds. Applying is idempotent: each message knows the `seq` that it is as of.
 */

import { labelOf } from "./files.ts";
import { EDIT_MS, MAX_EMOJI, MAX_REACTIONS } from "./limits.ts";
import { previewOf } from "./preview.ts";
import type {
  ChangeEvent,
  DeletedEvent,
  EditedEvent,
  MentionState,
  MessageState,
  PostedEvent,
  Reaction,
  RoomEvent,
} from "./events.ts";
import type { LastPost } from "./rooms.ts";

/** Whether the event changes a message, rather than being one. */
export function isChange(event: RoomEvent): event is ChangeEvent {
  return event.type === "edited" || event.type === "deleted" || event.type === "reacted" ||
    event.type === "pinned";
}

/** The message after the event; the same object if it is older news than the message. */
export function applyChange<T extends MessageState>(message: T, event: ChangeEvent): T {
  if (event.seq <= (message.changed ?? 0)) return message;
  const changed = event.seq;
  switch (event.type) {
    case "edited": {
      // Read from the log after its message was deleted it has no text; the deletion follows.
      const { mentions: _, all: __, ...rest } = message;
      return { ...rest as T, text: event.text, ...mentionsIn(event), editedAt: event.at, changed };
    }
    case "deleted":
      return { ...bare(message), text: "", deleted: true, changed };
    case "reacted": {
      const { reactions, ...rest } = message;
      const next = react(reactions ?? [], event);
      return { ...rest as T, ...next.length > 0 && { reactions: next }, changed };
    }
    case "pinned": {
      const { pinned: _, ...rest } = message;
      return { ...rest as T, ...event.on && { pinned: true }, changed };
    }
  }
}

/** Whom a message or an edit mentions, and nothing else of it. */
export function mentionsIn({ mentions, all }: MentionState): MentionState {
  return { ...mentions && { mentions }, ...all && { all } };
}

/** Whether a message or an edit of somebody else's mentions a person. */
export function isMentioned(
  { by, mentions, all }: MentionState & { by: string },
  userId: string,
): boolean {
  return by !== userId && (all === true || mentions?.includes(userId) === true);
}

/** What goes with a deletion, besides the text. */
const GONE = [
  "reactions",
  "editedAt",
  "files",
  "forwarded",
  "pinned",
  "mentions",
  "all",
] as const satisfies (keyof MessageState)[];

function bare<T extends MessageState>(message: T): T {
  const rest = { ...message };
  for (const field of GONE) delete rest[field];
  return rest;
}

function react(
  reactions: Reaction[],
  { emoji, by, on }: Omit<Reaction, "by"> & { by: string; on: boolean },
) {
  const known = reactions.some((reaction) => reaction.emoji === emoji);
  if (on && !known) return [...reactions, { emoji, by: [by] }];
  return reactions.flatMap((reaction) => {
    if (reaction.emoji !== emoji || reaction.by.includes(by) === on) return [reaction];
    const people = on ? [...reaction.by, by] : reaction.by.filter((id) => id !== by);
    return people.length > 0 ? [{ emoji, by: people }] : [];
  });
}

/** Whether a person may still edit the message: their own words, for a day. */
export function canEdit(
  message: Pick<MessageState, "deleted" | "forwarded"> & { by: string; at: number },
  { by, now }: { by: string; now: number },
): boolean {
  return message.by === by && !message.deleted && !message.forwarded && now - message.at <= EDIT_MS;
}

/** Whether one more reaction has a place under the message. */
export function hasRoomFor(
  emoji: string,
  { reactions = [] }: Pick<MessageState, "reactions">,
): boolean {
  const all = reactions.reduce((sum, { by }) => sum + by.length, 0);
  const known = reactions.some((reaction) => reaction.emoji === emoji);
  return all < MAX_REACTIONS && (known || reactions.length < MAX_EMOJI);
}

/** Whether the event changes what a message says. */
export function altersText(event: RoomEvent): event is EditedEvent | DeletedEvent {
  return event.type === "edited" || event.type === "deleted";
}

/** A message as lists preview it. */
export function lastOf(message: Pick<PostedEvent, "seq" | "at" | "by"> & MessageState): LastPost {
  const { files, ...rest } = message;
  return previewed({ ...rest, ...files && { label: labelOf(files) } });
}

function previewed({ seq, at, by, text, label, deleted, changed }: LastPost): LastPost {
  return {
    seq,
    at,
    by,
    text: deleted ? "" : previewOf(text) || (label ?? ""),
    ...label !== undefined && !deleted && { label },
    ...deleted && { deleted },
    ...changed !== undefined && { changed },
  };
}

/** The preview of a room's last message after an event; the same object if that changes nothing. */
export function lastAfter(last: LastPost | null, event: RoomEvent): LastPost | null {
  if (event.type === "posted") return event.seq > (last?.seq ?? 0) ? lastOf(event) : last;
  if (!altersText(event) || last?.seq !== event.message) return last;
  return event.seq > (last.changed ?? 0) ? previewed(applyChange(last, event)) : last;
}

/** The event for a reader who may see the log from a `seq` on: nothing of what is before it. */
export function asSeenFrom(event: RoomEvent, from: number): RoomEvent {
  if (event.type !== "edited" || event.message >= from) return event;
  const { mentions: _, all: __, ...rest } = event;
  return { ...rest, text: "" };
}
