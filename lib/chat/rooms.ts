/**
 * Rooms as one of their members sees them, with what is this person's own: how far they have read,
 * what they have begun to write. And as those see a group who may join it.
 */

import type { HistoryRule, Role } from "./events.ts";
import type { Person, PersonLine } from "./people.ts";

/** The last message of a room, for lists. `text` is a one-line preview without markup. */
export interface LastPost {
  seq: number;
  at: number;
  by: string;
  text: string;
  /** What its files are called in a preview: shown when the text goes. */
  label?: string;
  /** It was deleted for everyone; `text` is empty. */
  deleted?: true;
  /** `seq` of its last edit, or of its deletion. */
  changed?: number;
}

/** What a group has and a direct room has not, as one of its members sees it. */
export interface GroupInfo {
  name: string;
  /** One emoji. */
  picture?: string;
  /** Id of an image; there is an emoji or an image, or neither: then the initials stand. */
  image?: string;
  memberCount: number;
  /** The viewer's. */
  role: Role;
  /** Everybody finds it and may join. */
  public: boolean;
  history: HistoryRule;
  /** `seq` of the first event that the viewer may see. */
  from: number;
  /** When the viewer became a member. */
  joinedAt: number;
  /** `seq` of the newest {@link GroupEvent} that is in these fields. */
  changed: number;
}

/** A room as one of its members sees it. */
export interface RoomSummary {
  id: string;
  /** The room of two people, or one with a name, for up to `MAX_MEMBERS`. */
  kind: "direct" | "group";
  /** Of a direct room both people, the viewer included; of a group a few, and who wrote last. */
  members: Person[];
  /** There for a group, and only for one. */
  group?: GroupInfo;
  createdAt: number;
  /** `seq` of the newest event; 0 for a room without events. */
  head: number;
  last: LastPost | null;
  /** The viewer's read pointer: the `seq` up to which they have read. */
  read: number;
  /** Messages by others after the read pointer. */
  unread: number;
  /** The viewer muted it: what is unread here counts in no total. */
  muted?: true;
  /** The viewer marked it as unread; opening it or reading on takes that away. */
  marked?: true;
  draft?: RoomDraft;
  /** How many messages are pinned; absent when none is. */
  pins?: number;
  /** `seq` of unread messages that mention the viewer, in order; the newest hundred, absent for none. */
  mentions?: number[];
}

/** What the viewer has begun to write in a room and not sent. */
export interface RoomDraft {
  text: string;
  /** `seq` of the message that it is to answer. */
  reply?: number;
  /** When it was saved; of two the later one counts. */
  at: number;
}

/**
 * How far a room's messages have come with one member: everything up to `delivered` was handed to a
 * device of theirs, everything up to `read` they have read. It says nothing of what is before `from`.
 */
export interface Receipt {
  by: string;
  delivered: number;
  read: number;
  /** First `seq` that they may see, where that is not all. */
  from?: number;
  /** They switched receipts off a moment ago: nothing is known of them any more. */
  hidden?: true;
}

/** One line of a group's list of members. */
export interface MemberLine extends PersonLine {
  role: Role;
}

/** A group as those see it who may join it. */
export interface RoomCard {
  id: string;
  name: string;
  picture?: string;
  image?: string;
  memberCount: number;
  /** The viewer is in it already. */
  member: boolean;
}
