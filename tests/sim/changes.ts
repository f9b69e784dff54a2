/**
 * What became of messages, told from the log by a second, naive rule: the events are gone through
 * one by one, and nothing is believed of what the store or a model made of them.
 */

import { isChange } from "../../lib/chat/messages.ts";
import type { ChangeEvent, MessageState, RoomEvent } from "../../lib/chat/events.ts";
import type { Ledger } from "./ledger.ts";

/** A message as the events up to some point left it, in a form that compares. */
export interface Fate {
  text: string;
  deleted: boolean;
  pinned: boolean;
  /** Names of its files, see `content.ts`. */
  files: string[];
  /** `emoji person`, sorted. */
  reactions: string[];
}

/** The fates of a room's messages. */
export class Fates {
  readonly #ledger: Ledger;
  readonly #log: readonly RoomEvent[];
  readonly #changes: Map<number, ChangeEvent[]>;

  constructor(ledger: Ledger, log: readonly RoomEvent[]) {
    this.#ledger = ledger;
    this.#log = log;
    this.#changes = Map.groupBy(log.filter(isChange), ({ message }) => message);
  }

  /** What the events up to `upTo` made of the message at `seq`. */
  of(seq: number, upTo = Infinity): Fate {
    const { made } = this.#ledger;
    const { text, files } = this.#ledger.meaning(this.#log[seq - 1].id);
    const fate = { text, files, deleted: false, pinned: false };
    const reactions = new Set<string>();
    for (const event of this.#changes.get(seq) ?? []) {
      if (event.seq > upTo) break;
      if (event.type === "edited") fate.text = made.get(event.id)?.text ?? "?";
      else if (event.type === "deleted") {
        Object.assign(fate, { text: "", files: [], deleted: true, pinned: false });
        reactions.clear();
      } else if (event.type === "pinned") fate.pinned = event.on;
      else if (event.on) reactions.add(`${event.emoji} ${event.by}`);
      else reactions.delete(`${event.emoji} ${event.by}`);
    }
    return { ...fate, reactions: [...reactions].sort() };
  }
}

/** What a stored or shown message says of itself, in the same form. */
export function shownFate(message: MessageState): Fate {
  const { text, deleted = false, pinned = false, reactions = [], files = [] } = message;
  const all = reactions.flatMap(({ emoji, by }) => by.map((person) => `${emoji} ${person}`));
  const names = files.map(({ name }) => name);
  return { text, deleted, pinned, files: names, reactions: all.sort() };
}

/** Whether two are the same. */
export function sameFate(a: Fate, b: Fate): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}
