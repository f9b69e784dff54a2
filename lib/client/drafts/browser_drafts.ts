/**
 * What works on drafts in a browser. Those that the server does not know yet are in the browser's own
 * storage, a key a room and account. Where there is none to use, a draft lives as long as its page.
 */

import type { RoomDraft } from "../../chat/rooms.ts";
import type { DraftDesk, DraftStore } from "../draft_model.ts";
import { DraftSync } from "./draft_sync.ts";

/** The desk of the account with this id. */
export function browserDrafts(account: string): DraftDesk {
  const store = browserStore(account);
  return { ...store, sync: (state, options) => new DraftSync(state, options, store) };
}

function browserStore(account: string): DraftStore {
  const prefix = `parley-draft-${account}-`;
  return {
    load() {
      const kept = new Map<string, RoomDraft>();
      tryTo((storage) => {
        for (const key of Object.keys(storage)) {
          const draft = key.startsWith(prefix) && toDraft(storage.getItem(key));
          if (draft) kept.set(key.slice(prefix.length), draft);
        }
      });
      return kept;
    },
    keep: (room, draft) =>
      tryTo((storage) => {
        if (draft) storage.setItem(prefix + room, JSON.stringify(draft));
        else storage.removeItem(prefix + room);
      }),
  };
}

/** Storage may be forbidden or full. */
function tryTo(act: (storage: Storage) => void): void {
  try {
    act(globalThis.localStorage);
  } catch {
    // The draft is still on the page, and soon on the server.
  }
}

/** What was kept, if it is what this version keeps. */
function toDraft(json: string | null): RoomDraft | null {
  const { text, at, reply } = JSON.parse(json ?? "null") ?? {};
  if (typeof text !== "string" || typeof at !== "number") return null;
  return { text, at, ...typeof reply === "number" && { reply } };
}
