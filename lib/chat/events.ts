/**
 * What happens in a room: the messages and their changes, and what happens to a group. Events are
 * numbered by `seq` in the order of the room's log, the same for everybody.
 */

import type { FileRef } from "./file_refs.ts";

/** What all events of a room have. */
interface EventBase {
  /** Place in the room's log: gapless from 1, the same on every instance. */
  seq: number;
  at: number;
  /** Whose doing it is, a {@link Person} id. */
  by: string;
  /** The client-made id of the command; unique for person and room. */
  id: string;
  /** How many messages were posted up to here; differences of it count unread messages. */
  posts: number;
}

/** One emoji under a message, and who chose it, the first first. */
export interface Reaction {
  emoji: string;
  by: string[];
}

/** Whom a text mentions; both are absent where nobody is. */
export interface MentionState {
  /** Ids of people who were members when it was written, in the order of their first mention. */
  mentions?: string[];
  /** Everyone in the group, by `@all` of one who may. */
  all?: true;
}

/** Where a forwarded message comes from. */
export interface Forwarded {
  /** Who wrote it first. */
  by: string;
  /** When. */
  at: number;
}

/** What of a message can change. */
export interface MessageState extends MentionState {
  /** Empty once the message is deleted; may be empty before if it has files. */
  text: string;
  /** Gone once the message is deleted. */
  files?: FileRef[];
  /** Gone once the message is deleted. */
  forwarded?: Forwarded;
  /** When its author last edited it. */
  editedAt?: number;
  /** Deleted for everyone: only its place is left. */
  deleted?: true;
  reactions?: Reaction[];
  /** Pinned in its room, for everybody in it. */
  pinned?: true;
  /** `seq` of the last event that changed it: those up to here are in it already. */
  changed?: number;
}

/** A message was posted. Read from the log it is the message as it is now, see `changed`. */
export interface PostedEvent extends EventBase, MessageState {
  type: "posted";
  /** `seq` of the message that it answers. */
  reply?: number;
}

/** A message has another text. The text is empty if the message was deleted since. */
export interface EditedEvent extends EventBase, MentionState {
  type: "edited";
  /** `seq` of the message. */
  message: number;
  text: string;
}

/** A message was deleted for everyone. */
export interface DeletedEvent extends EventBase {
  type: "deleted";
  message: number;
}

/** Somebody put an emoji under a message, or took it back. */
export interface ReactedEvent extends EventBase {
  type: "reacted";
  message: number;
  emoji: string;
  on: boolean;
}

/** Somebody pinned a message in its room, or took it down. */
export interface PinnedEvent extends EventBase {
  type: "pinned";
  message: number;
  on: boolean;
}

/** What happens to a message after it was posted. */
export type ChangeEvent = EditedEvent | DeletedEvent | ReactedEvent | PinnedEvent;

/** What a member may do in a group: see `permissions.ts`. */
export type Role = "owner" | "admin" | "member";

/** What of the past those see who join a group from now on: all of it, or what comes after. */
export type HistoryRule = "all" | "joined";

/**
 * People became members of a group or ceased to be: it was `created` with these (its owner, `by`,
 * included), they were `added` or `removed` by somebody else, or `joined` or `left` by themselves.
 */
export interface MembersEvent extends EventBase {
  type: "members";
  what: "created" | "added" | "joined" | "left" | "removed";
  people: string[];
}

/** A member has another role. */
export interface RoleEvent extends EventBase {
  type: "role";
  person: string;
  role: Role;
}

/** A group is called otherwise or has other settings; only what changed is named. */
export interface ConfiguredEvent extends EventBase {
  type: "configured";
  name?: string;
  /** One emoji, or `null` for the initials; either takes an image away. */
  picture?: string | null;
  /** Id of an image, which takes the place of an emoji; never together with `picture`. */
  image?: string;
  public?: boolean;
  history?: HistoryRule;
}

/** What happens to a group rather than in it. */
export type GroupEvent = MembersEvent | RoleEvent | ConfiguredEvent;

/** What is told between the messages: what happened to the group, and that something was pinned. */
export type LineEvent = GroupEvent | PinnedEvent;

/** Everything durable that happens in a room, in its log's order. */
export type RoomEvent = PostedEvent | ChangeEvent | GroupEvent;
