/**
 * Whom a text that is to be stored mentions, among those who are members then. A text without an
 * `@` costs nothing; the names of one with it are read once each and remembered, since a username
 * never changes hands.
 */

import { type Mentions, mentionsOf, possibleNames } from "../chat/mentions.ts";
import { canManage, type RoomAccess } from "../chat/permissions.ts";
import type { MentionState } from "../chat/values.ts";
import { getIdsByName } from "../store/accounts.ts";
import type { Draft } from "../store/drafts.ts";

/** Names remembered at most; then all are forgotten. */
const MAX_NAMES = 50_000;

/** Finds who is mentioned; one an instance. */
export class Addressing {
  #kv: Deno.Kv;
  /** Ids by folded username, of those that were found. */
  #ids = new Map<string, string>();

  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /** The draft with whom its text mentions; a promise only when names must be looked up. */
  address(draft: Draft, room: RoomAccess): Draft | Promise<Draft> {
    if (draft.type !== "posted" && draft.type !== "edited") return draft;
    // What is forwarded was said to others.
    if (!draft.text.includes("@") || "forwarded" in draft && draft.forwarded) return draft;
    const names = possibleNames(draft.text);
    if (names.length === 0) return draft;
    const unknown = names.filter((name) => !this.#ids.has(name));
    if (unknown.length === 0) return this.#addressed(draft, room);
    return this.#learn(unknown).then(() => this.#addressed(draft, room));
  }

  #addressed(draft: Draft & { text: string }, room: RoomAccess): Draft {
    const members = new Set(room.members);
    const idOf = (name: string) => {
      const id = this.#ids.get(name);
      return id !== undefined && members.has(id) ? id : undefined;
    };
    const mentions = mentionsOf(draft.text, idOf);
    return { ...draft, ...stateOf(mentions, canManage(room, draft.by)) };
  }

  async #learn(names: readonly string[]): Promise<void> {
    if (this.#ids.size > MAX_NAMES) this.#ids.clear();
    for (const [name, id] of await getIdsByName(this.#kv, names)) this.#ids.set(name, id);
  }
}

/** `@all` is for those who manage the group; of others it is text. */
function stateOf({ people, all }: Mentions, mayAll: boolean): MentionState {
  return { ...people.length > 0 && { mentions: people }, ...all && mayAll && { all: true } };
}
