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

/** What of a message can change. */
export interface MessageState {
  /** Empty once the message is deleted. */
  text: string;
  /** When its author last edited it. */
  editedAt?: number;
  /** Deleted for everyone: only its place is left. */
  deleted?: true;
  reactions?: Reaction[];
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
export interface EditedEvent extends EventBase {
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

/** What happens to a message after it was posted. */
export type ChangeEvent = EditedEvent | DeletedEvent | ReactedEvent;

/** Everything durable that happens in a room, in its log's order. */
export type RoomEvent = PostedEvent | ChangeEvent;

/** The last message of a room, for lists. `text` is a one-line preview without markup. */
export interface LastPost {
  seq: number;
  at: number;
  by: string;
  text: string;
  /** It was deleted for everyone; `text` is empty. */
  deleted?: true;
  /** `seq` of its last edit, or of its deletion. */
  changed?: number;
}

/** A room as one of its members sees it. */
export interface RoomSummary {
  id: string;
  kind: "direct";
  /** The people of the room; of a direct room both, the viewer included. */
  members: Person[];
  createdAt: number;
  /** `seq` of the newest event; 0 for a room without events. */
  head: number;
  last: LastPost | null;
  /** The viewer's read pointer: the `seq` up to which they have read. */
  read: number;
  /** Messages by others after the read pointer. */
  unread: number;
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
  /** The open room with a page of its events; `null` on the people list. */
  open:
    | { room: RoomSummary; page: EventPage; /** The message to show first. */ at?: number }
    | null;
}
