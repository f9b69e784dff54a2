/**
 * Keeps the posts of one socket in their order when one of them is refused for now. Those behind it
 * were sent before its sender could hear of that; stored, they would overtake it. So they are
 * refused as well, until the first one comes again or its sender has had time to give it up.
 */

import { OverloadedError } from "../chat/errors.ts";

/** How long a refused post holds back those behind it, in milliseconds. */
export const HOLD_MS = 10_000;
/** When what was held back may come again. */
const AGAIN_MS = 1_000;

interface Held {
  id: string;
  until: number;
}

export class Holdback {
  /** The first refused post of each room. */
  #held = new Map<string, Held>();

  /** Throws {@link OverloadedError} for a post behind a refused one. */
  check({ room, id }: { room: string; id: string }, now = Date.now()): void {
    const held = this.#held.get(room);
    if (!held) return;
    if (held.id !== id && now < held.until) {
      throw new OverloadedError("An earlier message has to be sent again first.", AGAIN_MS);
    }
    this.#held.delete(room);
  }

  /** A post was refused, and may be sent again. */
  refused({ room, id }: { room: string; id: string }, now = Date.now()): void {
    if (!this.#held.has(room)) this.#held.set(room, { id, until: now + HOLD_MS });
  }
}
