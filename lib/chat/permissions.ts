/**
 * Who may do what in a room: the one rule that pages, API, socket and delivery ask. A person who
 * may not read a room is told that it does not exist.
 */

import type { Role } from "./events.ts";

/** What a decision about a room needs to know. What is absent, only groups have. */
export interface RoomAccess {
  members: readonly string[];
  owner?: string;
  admins?: readonly string[];
  /** First `seq` that a member may see; absent for those who may see all. */
  since?: Readonly<Record<string, number>>;
  /** `seq` of the newest change of the room itself that is in these fields. */
  changed?: number;
}

/** Whether a person may see the room, its history and its live events. */
export function canRead(room: RoomAccess, userId: string): boolean {
  return room.members.includes(userId);
}

/**
 * Whether a person may see what a group looks like from outside: its members, everybody if it is
 * public, and whoever has the link to join.
 */
export function canSeeFace(
  room: RoomAccess & { public?: boolean; link?: string },
  { user, link }: { user: string; link?: string },
): boolean {
  return canRead(room, user) || room.public === true ||
    (room.link !== undefined && room.link === link);
}

/** Whether a person may post to the room. */
export function canPost(room: RoomAccess, userId: string): boolean {
  return canRead(room, userId);
}

/**
 * The first `seq` of a room's log that a person may see; `Infinity` for nothing. Everything that
 * reads a log for a person leaves out what is before it: pages, quotes, versions, search, files.
 */
export function visibleFrom(room: RoomAccess, userId: string): number {
  if (!canRead(room, userId)) return Infinity;
  return room.since && Object.hasOwn(room.since, userId) ? room.since[userId] : 1;
}

/** A person's role in a group; `null` for no member, and in direct rooms, which have no roles. */
export function roleIn(room: RoomAccess, userId: string): Role | null {
  if (room.owner === undefined || !canRead(room, userId)) return null;
  if (room.owner === userId) return "owner";
  return room.admins?.includes(userId) ? "admin" : "member";
}

/** Whether a person may add people, name and configure the group, and hand out its link. */
export function canManage(room: RoomAccess, userId: string): boolean {
  const role = roleIn(room, userId);
  return role === "owner" || role === "admin";
}

/** Whether a person may make another member leave: owners anybody, admins those without a role. */
export function canRemove(
  room: RoomAccess,
  { by, person }: { by: string; person: string },
): boolean {
  if (by === person) return false;
  const role = roleIn(room, by);
  return role === "owner" || role === "admin" && roleIn(room, person) === "member";
}

/** Whether a person may make others admins or members, or hand the group over. */
export function canAppoint(room: RoomAccess, userId: string): boolean {
  return roleIn(room, userId) === "owner";
}
