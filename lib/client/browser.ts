/**
 * The browser as a model's world. Importing and calling this touches nothing, so it runs on the
 * server too; each part reaches for its global when it is used.
 */

import type { ModelDeps } from "./model_deps.ts";
import type { Clock } from "./ports.ts";

/** Everything a model needs, for the account with this id. */
export function browserDeps(me: string): ModelDeps {
  return {
    clock: browserClock,
    random: () => Math.random(),
    newId,
    openDrafts: async () => (await import("./drafts/browser_drafts.ts")).browserDrafts(me),
    outside: async () => (await import("./browser_outside.ts")).browserOutside(me),
    openDesk: async (world) => {
      const { openDesk } = await import("./files/browser_desk.ts");
      return openDesk({ ...world, clock: browserClock, random: Math.random, newId });
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

/**
 * The time and 64 random bits; `crypto.randomUUID` would need a secure context. The time first, so
 * that dedupe keys lie together in the database: half as many messages again a second.
 */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  const random = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${Date.now().toString(36)}-${random}`;
}
