/**
 * What is answered a page at a time, and all that the server's chat page gives its island. A `next`
 * is opaque: it is passed back as it came.
 */

import type { PostedEvent, RoomEvent } from "./events.ts";
import type { Person, PersonLine, Presence } from "./people.ts";
import type { MemberLine, Receipt, RoomCard, RoomSummary } from "./rooms.ts";

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

/** A page of a group's members: the owner, the admins, then the others, each by folded name. */
export interface MembersPage {
  members: MemberLine[];
  /** Pass as `after` for the next page; `null` at the end. */
  next: string | null;
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
  /** Number of the newest account that `people` surely knows of. */
  joined: number;
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
