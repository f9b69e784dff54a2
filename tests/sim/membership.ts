/**
 * Who was a member of a group when, told from its log by a second, naive rule: everybody whose
 * joining is not followed by their departure. Of direct rooms both are, always.
 */

import { isDeparture } from "../../lib/chat/groups.ts";
import type { RoomEvent } from "../../lib/chat/events.ts";

/** One person's way through a room. */
export interface Membership {
  /** Is a member now. */
  isMember: boolean;
  /** Was made to leave or left, ever. */
  departed: boolean;
  /** `seq` of the departure that holds now; nothing from there on is for them. */
  until: number;
  /** `seq` of the joining that holds now, 0 in a direct room. */
  since: number;
}

export function membershipIn(log: readonly RoomEvent[], person: string): Membership {
  const changes = log.filter((event) => event.type === "members" && event.people.includes(person));
  const last = changes.at(-1);
  const isGroup = log[0]?.type === "members";
  const isMember = isGroup ? last !== undefined && !isDeparture(last) : true;
  return {
    isMember,
    departed: changes.some(isDeparture),
    until: isMember ? Infinity : last?.seq ?? 0,
    since: isMember ? last?.seq ?? 0 : Infinity,
  };
}
