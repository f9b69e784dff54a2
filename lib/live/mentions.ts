/**
 * Whom a text that is to be stored mentions, among those who are members then. A text without an
 * `@` costs nothing, and so do names that were looked up once; others are looked up by the commit.
 */

import { possibleNames } from "../chat/mentions.ts";
import { canManage, type RoomAccess } from "../chat/permissions.ts";
import type { Draft, Naming } from "../store/drafts.ts";
import { named } from "../store/naming.ts";

/** Names remembered at most; then all are forgotten. */
const MAX_NAMES = 50_000;

/** Finds who is mentioned; one an instance. */
export class Addressing {
  /** Ids by folded username, of those that were found. */
  #known = new Map<string, string>();

  /** The draft with whom its text mentions, or with what the commit needs to find that out. */
  address(draft: Draft, room: RoomAccess): Draft {
    if (draft.type !== "posted" && draft.type !== "edited") return draft;
    // What is forwarded was said to others.
    if (!draft.text.includes("@") || "forwarded" in draft && draft.forwarded) return draft;
    const names = possibleNames(draft.text);
    if (names.length === 0) return draft;
    if (this.#known.size > MAX_NAMES) this.#known = new Map();
    const mayAll = canManage(room, draft.by);
    const naming: Naming = { members: room.members, mayAll, known: this.#known };
    return names.every((name) => this.#known.has(name))
      ? named(draft, naming)
      : { ...draft, naming };
  }
}
