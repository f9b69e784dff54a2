/**
 * The public shapes that pages, the API and the socket share. Nothing here is a stored record:
 * `lib/store` converts explicitly, so a secret field can never leave by accident.
 *
 * Ids are opaque strings. Times are epoch milliseconds, called `…At`.
 */

/** What everyone may know of a person. `username` is unique, `name` is free text. */
export interface Person {
  id: string;
  username: string;
  name: string;
}

/** Whether a person has a live connection, and when they last had one (`null`: never, or unknown). */
export interface Presence {
  id: string;
  online: boolean;
  seenAt: number | null;
}

/** One line of the people list. */
export interface PersonLine extends Person {
  online: boolean;
  seenAt: number | null;
}

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

/** A file of a message: what is shown of it without fetching it. */
export interface FileRef {
  /** Unguessable; fetched at `/api/rooms/:room/files/:id`. */
  id: string;
  /** As its uploader's device called it, one line, without folders. */
  name: string;
  /** Media type by its bytes, not by what was claimed: see `lib/store/sniff.ts`. */
  type: string;
  /** In bytes. */
  size: number;
  /** Of an image or a video, in CSS pixels, as the browser measured them. */
  width?: number;
  height?: number;
  /** Of audio and video, in whole milliseconds, as the browser measured it. */
  duration?: number;
  /** Of a voice note: loudness from 0 to 100 in equal steps of time. */
  waveform?: number[];
}

/** Where an upload is. */
export interface UploadState {
  id: string;
  /** Bytes that the server holds: send on from here. */
  offset: number;
  size: number;
  /** Until when it may be finished and posted; kept longer once it was posted. */
  expiresAt: number;
  /** Once it is finished: what a message that names its `id` in `files` will show. */
  file?: FileRef;
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
  /** One emoji; `null`: none any more. */
  picture?: string | null;
  public?: boolean;
  history?: HistoryRule;
}

/** What happens to a group rather than in it. */
export type GroupEvent = MembersEvent | RoleEvent | ConfiguredEvent;

/** What is told between the messages: what happened to the group, and that something was pinned. */
export type LineEvent = GroupEvent | PinnedEvent;

/** Everything durable that happens in a room, in its log's order. */
export type RoomEvent = PostedEvent | ChangeEvent | GroupEvent;

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

/** A run of a room's log, oldest first and without gaps. */
export interface EventPage {
  room: string;
  events: RoomEvent[];
  /** `seq` of the room's newest event when the page was read. */
  head: number;
  /** Older events exist before the first (or, for an empty page, before the cursor asked for). */
  older: boolean;
  /** Newer events exist after the last. */
  newer: boolean;
  /** Messages that are answered in this page and stand outside of it. */
  quoted?: PostedEvent[];
  /** Of a group: the people that the events name. */
  people?: Person[];
}

/** One line of a group's list of members. */
export interface MemberLine extends PersonLine {
  role: Role;
}

/** A page of a group's members: the owner, the admins, then the others, each by folded name. */
export interface MembersPage {
  members: MemberLine[];
  /** Pass as `after` for the next page; `null` at the end. */
  next: string | null;
}

/** A group as those see it who may join it. */
export interface RoomCard {
  id: string;
  name: string;
  picture?: string;
  memberCount: number;
  /** The viewer is in it already. */
  member: boolean;
}

/** A page of public rooms in the order of their folded names. */
export interface RoomsPage {
  rooms: RoomCard[];
  /** Pass as `after` for the next page; `null` at the end. */
  next: string | null;
}

/** A message that is pinned in its room, as it is now, and who pinned it when. */
export interface Pin {
  by: string;
  at: number;
  message: PostedEvent;
}

/** A message that mentions the viewer. */
export interface Mentioned {
  room: string;
  message: PostedEvent;
}

/** A message that the viewer saved; `null` where it is gone or no longer theirs to read. */
export interface SavedMessage {
  room: string;
  /** `seq` of the message. */
  seq: number;
  savedAt: number;
  message: PostedEvent | null;
}

/** A page of people in the order of their folded names. */
export interface PeoplePage {
  people: PersonLine[];
  /** Pass as `after` for the next page; `null` at the end. */
  next: string | null;
}

/** What the server gives the chat page and its island; everything after it comes by the socket. */
export interface ChatData {
  me: Person;
  /** The server's clock when it rendered. */
  now: number;
  /** The viewer's IANA time zone and BCP 47 locale as far as the server knows: `UTC`, `en`. */
  zone: string;
  locale: string;
  /** The viewer's rooms, newest on top. */
  rooms: RoomSummary[];
  moreRooms: boolean;
  /** Presence of the people in `rooms`. */
  presence: Presence[];
  /** The first page of everyone else, for the filter `q`. */
  people: PeoplePage;
  q: string;
  /** Largest file in bytes, where it is not `DEFAULT_UPLOAD_BYTES`. */
  maxFileBytes?: number;
  /** The open room with a page of its events; `null` on the people list. */
  open:
    | {
      room: RoomSummary;
      page: EventPage;
      /** Of members, where they come by themselves. */
      receipts?: Receipt[];
      /** The message to show first. */
      at?: number;
    }
    | null;
}

/** A message that a search found. */
export interface SearchHit {
  room: string;
  seq: number;
  at: number;
  by: string;
  /** Where the words are in it, in pieces; the message in one line, cut. */
  text: SnippetPart[];
}

/** A piece of a found message's text; `hit`: it was looked for. */
export interface SnippetPart {
  text: string;
  hit?: true;
}

/** A page of what a search found, newest first. */
export interface SearchPage {
  hits: SearchHit[];
  /** The rooms and the authors of the hits. */
  rooms: RoomSummary[];
  people: Person[];
  /** What was asked for after `from:` or `in:` and is nobody and nothing. */
  unknown: string[];
  /** Pass as `before` for older ones; `null` at the end. */
  next: string | null;
}
