/** Posting over HTTP, by form and by the API: the same checks and the same road as by socket. */

import { NotFoundError } from "./chat/errors.ts";
import { canPost } from "./chat/permissions.ts";
import type { Services } from "./services.ts";
import { type Ack, allowedIn, type Draft } from "./store/drafts.ts";

/** Stores a message of a member. Throws `NotFoundError` for a room that is not theirs. */
export async function postMessage(
  { live, rates }: Pick<Services, "live" | "rates">,
  userId: string,
  post: { room: string; id: string; text: string; reply?: number; files?: readonly string[] },
): Promise<Ack> {
  const room = await live.rooms.getFor(post.room, userId);
  if (!canPost(room, userId)) throw new NotFoundError("There is no such room.");
  rates.of(userId).take("post");
  const draft: Draft = { type: "posted", ...post, by: userId };
  return await live.appender.append(live.addressing.address(allowedIn(draft, room), room));
}
