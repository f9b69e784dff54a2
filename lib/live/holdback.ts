/**
 * Keeps the posts of one socket in their order when some of them are refused for now. Those behind
 * a refused one were sent before its sender could hear of that; stored, they would overtake it. So
 * they are refused as well, and taken again only in the order in which they first came. One that
 * does not come again within {@link HOLD_MS} was given up by its sender and holds nothing back.
 */

import { OverloadedError } from "../chat/errors.ts";

/** How long a refused post holds back those behind it, in milliseconds. */
export const HOLD_MS = 10_000;
/** When what was held back may come again. */
const AGAIN_MS = 1_000;
/** Refused posts of a room that are remembered; clients have few of a room in flight. */
const MAX_REFUSED = 100;

/** What names a post. */
interface Post {
  room: string;
  id: string;
}

export class Holdback {
  /** Refused posts by room, in the order they first came, and until when they hold. */
  #refused: Map<string, Map<string, number>> | null = null;

  /**
   * Throws {@link OverloadedError} for a post behind a refused one. `cameAt` is when it was received:
   * while it waited here, the refused one may have come again behind it.
   */
  check({ room, id }: Post, cameAt = Date.now()): void {
    const refused = this.#refused?.get(room);
    for (const [first, until] of refused ?? []) {
      if (first === id) return;
      if (cameAt < until) {
        throw new OverloadedError("An earlier message has to be sent again first.", AGAIN_MS);
      }
      this.taken({ room, id: first });
    }
  }

  /** A post was refused, and may be sent again. */
  refused({ room, id }: Post, now = Date.now()): void {
    const refused = this.#refused?.get(room) ?? new Map<string, number>();
    this.#refused ??= new Map();
    this.#refused.set(room, refused);
    if (refused.has(id) || refused.size < MAX_REFUSED) refused.set(id, now + HOLD_MS);
  }

  /** A post is on its way into the log. */
  taken({ room, id }: Post): void {
    const refused = this.#refused?.get(room);
    if (refused?.delete(id) && refused.size === 0) this.#refused?.delete(room);
  }
}
