/**
 * Every limit that both sides must agree on. The browser uses these to explain a limit before it
 * is reached; the server enforces them whatever the browser did.
 */

/** Longest message, in Unicode code points after {@link normalizeText}. */
export const MAX_TEXT_CHARS = 8_000;
/** The counter under the composer appears when this many code points or fewer remain. */
export const TEXT_COUNTER_FROM = 500;
/** Longest preview of a message in a list, in code points. */
export const MAX_PREVIEW_CHARS = 120;

/** Least time between two `typing` of a room from one client, in milliseconds. */
export const TYPING_EVERY_MS = 3_000;
/** How long somebody is shown as typing after the last sign of it, in milliseconds. */
export const TYPING_MS = 5_000;
/** Most drafts that a person has on the server; beyond it the oldest is dropped. */
export const MAX_DRAFTS = 50;
/** How long after the last key a draft is saved, in milliseconds. */
export const DRAFT_MS = 1_000;
/** Most members of a room whose receipts come by themselves; in larger ones they are asked for. */
export const MAX_LIVE_RECEIPTS = 20;
/** How long after posting a message its author may edit it, in milliseconds. */
export const EDIT_MS = 24 * 60 * 60 * 1000;
/** Most edits of one message: its deletion empties them all in one commit. */
export const MAX_EDITS = 50;
/** Most different emoji under one message, and most of all: a message is one KV value of 64 KiB. */
export const MAX_EMOJI = 20;
export const MAX_REACTIONS = 1_000;
/** Most people that one message mentions; further names are plain text. */
export const MAX_MENTIONS = 20;
/**
 * Most unread mentions of a room that are told one by one, the newest. Nobody is shown their number:
 * a room is marked while there is one, and older ones are read before these.
 */
export const MAX_UNREAD_MENTIONS = 100;
/** Messages in one page of those that mention a person. */
export const PAGE_MENTIONS = 50;
/** Most messages that are pinned in one room. */
export const MAX_PINS = 100;

/** Most messages that one person keeps as saved. */
export const MAX_SAVED = 5_000;
/** Saved messages in one page of them. */
export const PAGE_SAVED = 50;

/** Most members of a group: its record, with all of them, is one KV value of 64 KiB. */
export const MAX_MEMBERS = 1_000;
/** Most people whom one command adds to a group or creates it with. */
export const MAX_ADDED = 200;
/** Most admins of a group, besides its owner. */
export const MAX_ADMINS = 50;
/** Longest name of a group, in code points. */
export const MAX_ROOM_NAME_CHARS = 64;
/** Largest image of a group, in bytes: it is one KV value of 64 KiB. */
export const MAX_GROUP_IMAGE_BYTES = 60 * 1024;
/** Side of the square that browsers make of it, and the longest side that is taken, in pixels. */
export const GROUP_IMAGE_PX = 256;
export const MAX_GROUP_IMAGE_PX = 1_024;
/** Most people of one `who`. */
export const MAX_WHO = 100;
/** Most public rooms in one page, and how many if nothing is said. */
export const MAX_BROWSED_ROOMS = 50;
export const BROWSED_ROOMS = 30;
/** Members of a group who are told that somebody types, of those who are online. */
export const MAX_TYPING_TOLD = 20;

/** Most files of one message. */
export const MAX_FILES = 10;
/** Longest file name, in code points: ten fit into a message's KV value, with text and reactions. */
export const MAX_FILE_NAME_CHARS = 100;
/** Largest file in bytes, unless the operator sets `MAX_UPLOAD_BYTES`. */
export const DEFAULT_UPLOAD_BYTES = 25_000_000;
/**
 * Bytes of a part that is stored as it comes: an upload in such parts writes nothing twice. Twelve
 * chunks of 60 KiB, which is what one commit of KV takes.
 */
export const UPLOAD_PART_BYTES = 12 * 60 * 1024;
/** Least bytes of a part that does not end the file: a smaller one would write much more than it brings. */
export const MIN_PART_BYTES = 60 * 1024;
/** How long an upload may be finished and posted, in milliseconds. */
export const UPLOAD_MS = 24 * 60 * 60 * 1000;
/** Most values of a waveform, and the loudest. */
export const MAX_WAVEFORM = 64;
export const MAX_LOUDNESS = 100;
/** Longest side of an image or a video, in pixels. */
export const MAX_SIDE = 65_535;
/** Longest voice note, in milliseconds: it ends by itself. */
export const MAX_VOICE_MS = 10 * 60 * 1000;
/** Longest audio or video, in milliseconds. */
export const MAX_DURATION_MS = 24 * 60 * 60 * 1000;

/** Most conversations that one message is forwarded to at a time. */
export const MAX_FORWARDS = 20;

/** Shortest and longest username, in code points. */
export const MIN_USERNAME_CHARS = 2;
export const MAX_USERNAME_CHARS = 32;
/** Longest display name, in code points. */
export const MAX_NAME_CHARS = 64;
/** Shortest and longest password, in code points. NIST SP 800-63B asks for at least 8. */
export const MIN_PASSWORD_CHARS = 8;
export const MAX_PASSWORD_CHARS = 256;

/** Longest client-made message id, in characters of `[A-Za-z0-9_-]`. */
export const MAX_ID_CHARS = 64;

/** Most events in one page of history or one `events` frame of a resume. */
export const MAX_PAGE_EVENTS = 200;
/** Events in the first page of a room, rendered by the server. */
export const PAGE_EVENTS = 50;
/** Most people in one page of the people list. */
export const MAX_PAGE_PEOPLE = 100;
/** People in the first page of the people list. */
export const PAGE_PEOPLE = 50;
/** Most rooms in a `welcome` or list; older ones are found by their person. */
export const MAX_PAGE_ROOMS = 500;
/** Most people whose presence one socket may watch at a time. */
export const MAX_WATCHED_PEOPLE = 300;
/** Most rooms whose cursor one `hello` may carry. */
export const MAX_CURSORS = 500;
/** Longest people filter, in code points. */
export const MAX_QUERY_CHARS = 64;
/** Longest search, in UTF-16 code units. */
export const MAX_SEARCH_CHARS = 200;
/** Messages in one page of search results, and most of them. */
export const PAGE_HITS = 20;
export const MAX_PAGE_HITS = 50;

/** Largest WebSocket message a client may send, in bytes of UTF-8; above it the socket is closed. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
/** Most frames in one WebSocket message from a client. */
export const MAX_FRAMES = 64;

/** Most devices of a person that notifications go to; one more makes the longest unused go. */
export const MAX_PUSH_DEVICES = 20;
