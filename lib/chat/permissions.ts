/**
 * Who may do what in a room: the one rule that pages, API, socket and delivery ask. A person who
 * may not read a room is told that it does not exist.
 */

/** What a decision about a room needs to know. */
export interface RoomAccess {
  members: readonly string[];
}

/** Whether a person may see the room, its history and its live events. */
export function canRead(room: RoomAccess, userId: string): boolean {
  return room.members.includes(userId);
}

/** Whether a person may post to the room. */
export function canPost(room: RoomAccess, userId: string): boolean {
  return canRead(room, userId);
}
