/**
 * What a notification says, as the service worker gets it. Names and text are in the encrypted part,
 * which only the device can read.
 */

import { previewOfMessage } from "../chat/files.ts";
import { isVisible } from "../chat/text.ts";
import type { PostedEvent } from "../chat/events.ts";
import type { Person } from "../chat/people.ts";
import type { RoomRecord } from "../store/rooms.ts";

/** Shows a room's newest unread message in place of what was shown of the room before. */
export interface Notice {
  type: "message";
  room: string;
  title: string;
  body: string;
  /** When the message was posted. */
  at: number;
  /** Makes itself heard; else it only replaces what is shown. */
  alert: boolean;
  /** Rooms that have something to show; notifications of others are closed. */
  open: string[];
}

/** Closes the notifications of a room that was read. */
export interface Clearing {
  type: "read";
  room: string;
}

/** The service worker of `static/sw.js` takes these. */
export type PushContent = Notice | Clearing;

/** What a room's message looks like to somebody who has so many unread there. */
export function noticeOf(
  { room, post, author, unread }: {
    room: RoomRecord;
    post: PostedEvent;
    author: Person | undefined;
    unread: number;
  },
): Pick<Notice, "room" | "title" | "body" | "at"> {
  const who = author ? nameOf(author) : "Somebody";
  const what = previewOfMessage(post) || "A message";
  const title = room.kind === "group" ? room.name : who;
  return {
    room: room.id,
    title: unread > 1 ? `${title} (${unread})` : title,
    body: room.kind === "group" ? `${who}: ${what}` : what,
    at: post.at,
  };
}

function nameOf({ name, username }: Person): string {
  return isVisible(name) ? name : username;
}
