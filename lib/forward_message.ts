/** Forwarding over HTTP, by form and by the API: the same checks and the same road as by socket. */

import { NotFoundError } from "./chat/errors.ts";
import { canPost } from "./chat/permissions.ts";
import type { Forward } from "./live/forwarding.ts";
import type { Services } from "./services.ts";
import { type Ack, allowedIn } from "./store/drafts.ts";

/** Posts a message that the person may see in a room of theirs. */
export async function forwardMessage(
  { live, rates }: Pick<Services, "live" | "rates">,
  userId: string,
  forward: Forward,
): Promise<Ack> {
  const room = await live.rooms.getFor(forward.room, userId);
  if (!canPost(room, userId)) throw new NotFoundError("There is no such room.");
  rates.of(userId).take("post");
  const draft = await live.forwarding.draftOf(forward, userId);
  return "seq" in draft ? draft : await live.appender.append(allowedIn(draft, room));
}
