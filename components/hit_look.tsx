/**
 * How search draws people and rooms. It is given to the search, which is loaded later: a module that
 * both imported would become a chunk of its own, and the first page's script longer for it.
 */

import type { VNode } from "preact";
import type { Person } from "../lib/chat/people.ts";
import type { RoomSummary } from "../lib/chat/rooms.ts";
import { RoomAvatar } from "./Avatar.tsx";
import { displayName, roomName } from "./names.ts";

export interface HitLook {
  me: string;
  face(room: RoomSummary): VNode;
  room(room: RoomSummary): string;
  person(person: Person): string;
}

/** Rooms and people as the viewer sees them. */
export function lookOf(me: Person): HitLook {
  return {
    me: me.id,
    face: (room) => <RoomAvatar room={room} me={me} />,
    room: (room) => roomName(room, me),
    person: displayName,
  };
}
