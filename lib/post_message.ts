/** Posting over HTTP, by form and by the API: the same checks and the same road as by socket. */

import { NotFoundError } from "./chat/errors.ts";
import { canPost } from "./chat/permissions.ts";
import type { Services } from "./services.ts";
import { takeFromBucket } from "./store/buckets.ts";
import type { Ack } from "./store/events.ts";

/** Stores a message of a member. Throws `NotFoundError` for a room that is not theirs. */
export async function postMessage(
  { kv, live, config }: Pick<Services, "kv" | "live" | "config">,
  userId: string,
  post: { room: string; id: string; text: string },
): Promise<Ack> {
  const room = await live.rooms.getFor(post.room, userId);
  if (!canPost(room, userId)) throw new NotFoundError("There is no such room.");
  const limit = { name: "post", burst: 60, refillMs: 1000 / config.postsPerSecond };
  await takeFromBucket(kv, limit, userId);
  return await live.appender.append({ ...post, by: userId });
}
