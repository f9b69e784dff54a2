/** A room's log as one of its members may see it, with the people whom it names. */

import { NotFoundError } from "../chat/errors.ts";
import { isDeparture } from "../chat/groups.ts";
import { type RoomAccess, visibleFrom } from "../chat/permissions.ts";
import type { RoomEvent } from "../chat/events.ts";
import type { EventPage } from "../chat/pages.ts";
import type { Person } from "../chat/people.ts";
import { getUsers, toPerson } from "./accounts.ts";
import { type EventQuery, listEvents } from "./events.ts";
import { getRoomFor, type RoomRecord } from "./rooms.ts";

/** People that a page brings; any other is asked for. */
const MAX_NAMED = 100;

/**
 * A page of a room's events for a person: what is not for them is not in it. Who ceased to be a
 * member while it was read, as the page itself tells, is treated by the record as it is then.
 */
export async function viewEvents(
  kv: Deno.Kv,
  room: RoomRecord,
  viewer: string,
  query: Omit<EventQuery, "from">,
): Promise<EventPage> {
  const page = await listEvents(kv, room.id, { ...query, from: visibleFrom(room, viewer) });
  // Of two people all names are known, but for those whose words were forwarded.
  const isForeign = (event: RoomEvent) => event.type === "posted" && event.forwarded !== undefined;
  if (room.kind === "direct") {
    if (!page.events.some(isForeign)) return page;
  } else if (departureIn(page.events, viewer) > room.changed) {
    return await viewEvents(kv, await getRoomFor(kv, room.id, viewer), viewer, query);
  }
  return { ...page, people: await peopleIn(kv, [...page.events, ...page.quoted ?? []]) };
}

/** `seq` of the last event by which the person ceased to be a member; 0 if there is none. */
export function departureIn(events: readonly RoomEvent[], person: string): number {
  const departure = events.findLast((event) =>
    event.type === "members" && isDeparture(event) && event.people.includes(person)
  );
  return departure?.seq ?? 0;
}

/** Throws {@link NotFoundError} unless the person may see what is at this place of the room. */
export function checkVisible(room: RoomAccess, viewer: string, seq: number): void {
  if (seq < visibleFrom(room, viewer)) throw new NotFoundError("There is no such message.");
}

/** Authors first, then those whom events are about, then who reacted. */
async function peopleIn(kv: Deno.Kv, events: readonly RoomEvent[]): Promise<Person[]> {
  const ids = new Set([
    ...events.map(({ by }) => by),
    ...events.flatMap((event) =>
      event.type === "posted"
        ? [...event.mentions ?? [], ...event.forwarded ? [event.forwarded.by] : []]
        : []
    ),
    ...events.flatMap((event) =>
      event.type === "members" ? event.people : event.type === "role" ? [event.person] : []
    ),
    ...events.flatMap((event) =>
      event.type === "posted" ? (event.reactions ?? []).flatMap(({ by }) => by) : []
    ),
  ]);
  return (await getUsers(kv, [...ids].slice(0, MAX_NAMED))).map(toPerson);
}
