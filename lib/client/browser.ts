/**
 * The browser as a model's world. Importing and calling this touches nothing, so it runs on the
 * server too; each part reaches for its global when it is used.
 */

import { newMessageId } from "../chat/message_ids.ts";
import type { ModelDeps } from "./model_deps.ts";
import type { Clock } from "./ports.ts";

/** Everything a model needs, for the account with this id. */
export function browserDeps(me: string): ModelDeps {
  return {
    clock: browserClock,
    random: () => Math.random(),
    newId: newMessageId,
    openDrafts: async () => (await import("./drafts/browser_drafts.ts")).browserDrafts(me),
    outside: async () => (await import("./browser_outside.ts")).browserOutside(me),
    openDesk: async (world) => {
      const { openDesk } = await import("./files/browser_desk.ts");
      return openDesk({ ...world, clock: browserClock, random: Math.random, newId: newMessageId });
    },
  };
}

/** The real clock. */
export const browserClock: Clock = {
  now: () => Date.now(),
  // A number in every browser; only the types of Node, which tests bring in, say otherwise.
  setTimeout: (run, ms) => Number(globalThis.setTimeout(run, ms)),
  clearTimeout: (id) => globalThis.clearTimeout(id),
};
