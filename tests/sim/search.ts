/** What must be true of the search indexes once everybody is at rest, by a look at the store. */

import type { StoredMessage } from "../../lib/store/drafts.ts";
import { keys } from "../../lib/store/keys.ts";
import {
  decodeBlock,
  entriesIn,
  entryOf,
  type StoredBlock,
} from "../../lib/store/search_blocks.ts";
import { NO_INDEX, placesIn, type SearchHead } from "../../lib/store/search_plan.ts";
import { type Problem, roomsOf } from "./invariants.ts";
import type { Town } from "./town.ts";

/**
 * Every room's index holds each message up to where it says, once, as it is now, and nothing of
 * what was deleted, wherever that was; no room is marked any more.
 */
export function searchProblem(town: Town): Problem {
  for (const room of roomsOf(town)) {
    const problem = roomProblem(town, room);
    if (problem) return `the index of ${room} ${problem}`;
  }
  return null;
}

function roomProblem({ store, ledger }: Town, room: string): Problem {
  if (store.get(keys.searchMark(room)).value !== null) return "is to be renewed";
  const head = store.get(keys.searchHead(room)).value as SearchHead | null ?? NO_INDEX;
  const blocks = placesIn(head).map(({ first }) =>
    store.get(keys.searchBlock(room, first)).value as StoredBlock | null
  );
  if (blocks.includes(null)) return "names a block that is not there";
  const indexed = blocks.flatMap((block) => entriesIn(decodeBlock(block!)));
  const due = ledger.log(room).slice(0, head.upTo).flatMap((event) =>
    event.type === "posted" ? entryOf(event as StoredMessage) ?? [] : []
  );
  if (indexed.length !== due.length) return `has ${indexed.length} messages of ${due.length}`;
  const wrong = indexed.find(({ seq, text, by }, i) =>
    seq !== due[i].seq || text !== due[i].text || by !== due[i].by
  );
  return wrong ? `has ${wrong.seq} as ${wrong.text}` : null;
}
