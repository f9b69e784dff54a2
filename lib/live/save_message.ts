/** Saving a message by socket, API or form: the checks, and then the store. */

import { InvalidError, NotFoundError } from "../chat/errors.ts";
import { visibleFrom } from "../chat/permissions.ts";
import { type SavedPlace, setSaved } from "../store/saved.ts";
import { getMessage } from "../store/versions.ts";
import type { Live } from "./live.ts";

const NO_MESSAGE = "There is no such message.";

/**
 * Saves a message of a room that the person may read, or drops what they saved. Throws
 * `NotFoundError` for any other message, `InvalidError` for a deleted one and for one too many.
 */
export async function saveMessage(
  live: Live,
  userId: string,
  { on, ...place }: SavedPlace & { on: boolean },
): Promise<void> {
  if (on) {
    const room = await live.rooms.getFor(place.room, userId);
    if (place.message < visibleFrom(room, userId)) throw new NotFoundError(NO_MESSAGE);
    const { deleted } = await getMessage(live.kv, room.id, place.message);
    if (deleted) throw new InvalidError("This message was deleted.");
  }
  await setSaved(live.kv, userId, { on, ...place });
}
