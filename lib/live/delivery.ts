/**
 * Gives a room's events to the peers that may see them, in the log's order. Who ceases to be a
 * member is taken out at the event that says so: that event and all later ones are not for them.
 */

import { isDeparture } from "../chat/groups.ts";
import { asSeenFrom } from "../chat/messages.ts";
import type { Fact } from "../chat/facts.ts";
import type { RoomEvent } from "../chat/events.ts";
import type { Hub } from "./hub.ts";
import type { Peer } from "./peer.ts";

/** Delivers new events. Answers the people who had peers in the room and are out of it. */
export function deliverEvents(hub: Hub, room: string, events: readonly RoomEvent[]): string[] {
  const departed: string[] = [];
  let start = 0;
  events.forEach((event, i) => {
    if (event.type !== "members" || !isDeparture(event)) return;
    publish(hub, room, events.slice(start, i));
    start = i;
    departed.push(...event.people.filter((person) => dismiss(hub, room, person)));
  });
  publish(hub, room, start === 0 ? events : events.slice(start));
  return departed;
}

/** Takes a person's peers out of a room and tells them; `false` if none was in it. */
export function dismiss(hub: Hub, room: string, person: string): boolean {
  const peers = [...hub.ofUser(person)].filter((peer) => peer.rooms.has(room));
  const json = JSON.stringify({ type: "left", room } satisfies Fact);
  for (const peer of peers) {
    hub.leave(peer, room);
    peer.publish(json);
  }
  return peers.length > 0;
}

/** One JSON text for all, but for those who may not see all that is in it. */
function publish(hub: Hub, room: string, events: readonly RoomEvent[]): void {
  const peers = hub.inRoom(room);
  if (peers.size === 0 || events.length === 0) return;
  const all = toJson(room, events);
  for (const peer of peers) {
    const from = peer.rooms.get(room) ?? 1;
    if (from === 1 || from <= earliestIn(events)) peer.publish(all, peers.size);
    else publishFrom(peer, room, { events, from }, peers.size);
  }
}

function publishFrom(
  peer: Peer,
  room: string,
  { events, from }: { events: readonly RoomEvent[]; from: number },
  audience: number,
): void {
  const seen = events.filter(({ seq }) => seq >= from).map((event) => asSeenFrom(event, from));
  if (seen.length > 0) peer.publish(toJson(room, seen), audience);
}

function toJson(room: string, events: readonly RoomEvent[]): string {
  return JSON.stringify({ type: "events", room, events } as Fact);
}

/** The first place in the log that the events are of, or tell the text of. */
function earliestIn(events: readonly RoomEvent[]): number {
  return Math.min(...events.map((event) => event.type === "edited" ? event.message : event.seq));
}
