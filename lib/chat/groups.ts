/**
 * What becomes of a group, as one of its members sees it, by the events of its log: one rule for
 * server and browser. Applying is idempotent: a {@link GroupInfo} knows the `seq` that it is as of.
 */

import type { GroupEvent, RoomEvent } from "./events.ts";
import type { GroupInfo, RoomSummary } from "./rooms.ts";

/** Whether the event happens to a group, rather than in it. */
export function isGroupEvent(event: RoomEvent): event is GroupEvent {
  return event.type === "members" || event.type === "role" || event.type === "configured";
}

/** Whether people ceased to be members. */
export function isDeparture(event: RoomEvent): boolean {
  return event.type === "members" && (event.what === "left" || event.what === "removed");
}

/** The group after the event; the same object if it is older news than the group. */
export function groupAfter(group: GroupInfo, event: RoomEvent, viewer: string): GroupInfo {
  if (!isGroupEvent(event) || event.seq <= group.changed) return group;
  const changed = event.seq;
  switch (event.type) {
    case "members": {
      const more = isDeparture(event) ? -event.people.length : event.people.length;
      return { ...group, memberCount: group.memberCount + more, changed };
    }
    case "role":
      return { ...group, role: event.person === viewer ? event.role : group.role, changed };
    case "configured":
      return { ...configured(group, event), changed };
  }
}

function configured(group: GroupInfo, event: GroupEvent & { type: "configured" }): GroupInfo {
  const { picture: _, image: __, ...rest } = group;
  const { name = group.name, history = group.history } = event;
  return {
    ...rest,
    name,
    history,
    public: event.public ?? group.public,
    ...faceAfter(group, event),
  };
}

/** What stands for a group: an emoji, an image, or for neither its initials. */
export type GroupFace = Pick<GroupInfo, "picture" | "image">;

/** The face after a change, which names at most one of the two; each takes the other away. */
export function faceAfter(
  { picture, image }: GroupFace,
  change: { picture?: string | null; image?: string },
): GroupFace {
  if (change.image !== undefined) return { image: change.image };
  if (change.picture !== undefined) return change.picture ? { picture: change.picture } : {};
  return { ...picture && { picture }, ...image && { image } };
}

/** When a room last had something to show, for lists: the newest message, or one's joining. */
export function newestAt({ last, group }: Pick<RoomSummary, "last" | "group">): number {
  return Math.max(last?.at ?? 0, group?.joinedAt ?? 0);
}
