/** Short ways to look at events of a room. */

import type { RoomEvent } from "../../lib/chat/events.ts";

/** The text of an event that has one. */
export function textOf(event: RoomEvent): string | undefined {
  return "text" in event ? event.text : undefined;
}
