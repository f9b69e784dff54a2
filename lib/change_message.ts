/** Changing a message over HTTP: the same checks and the same road as by socket. */

import { NotFoundError } from "./chat/errors.ts";
import { canPost } from "./chat/permissions.ts";
import type { Services } from "./services.ts";
import { type Ack, allowedIn, type ChangeDraft } from "./store/drafts.ts";

/** Stores a change by a member. Throws `NotFoundError` for a room that is not theirs. */
export async function changeMessage(
  { live, rates }: Pick<Services, "live" | "rates">,
  draft: ChangeDraft,
): Promise<Ack> {
  const room = await live.rooms.getFor(draft.room, draft.by);
  if (!canPost(room, draft.by)) throw new NotFoundError("There is no such room.");
  rates.of(draft.by).take("post");
  return await live.appender.append(live.addressing.address(allowedIn(draft, room), room));
}
