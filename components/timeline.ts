/**
 * Turns the entries of a room into the flat list that is drawn: messages with their place in a run
 * of one sender, days between them, and the line above the first unread. Flat and keyed by entry,
 * so that older pages, new messages and acknowledgements move no other DOM node.
 */

import { dayKey } from "./dates.ts";
import type { Entry } from "./models.ts";

/** Messages of one sender further apart than this are two runs. */
const RUN_GAP_MS = 5 * 60_000;

interface MessageItem {
  kind: "message";
  key: string;
  entry: Entry;
  /** Whether it begins and ends a run of its sender. */
  first: boolean;
  last: boolean;
}

/** A line of the message list. */
export type Item =
  | { kind: "day"; key: string; at: number }
  | { kind: "unread"; key: string }
  | MessageItem;

/**
 * The lines for these entries; `dividerAfter` is the `seq` read before the room was opened,
 * `oldest` the first one held, which may be of no message.
 */
export function timeline(
  entries: Entry[],
  options: { me: string; zone: string; dividerAfter: number | null; oldest?: number },
): Item[] {
  const items: Item[] = [];
  let run: MessageItem | undefined;
  let day = "";
  const unread = firstUnread(entries, options);
  for (const entry of entries) {
    const today = dayKey(entry.at, options.zone);
    if (today !== day) items.push({ kind: "day", key: `day ${today}`, at: entry.at });
    if (entry === unread) items.push({ kind: "unread", key: "unread" });
    const joins: boolean = today === day && entry !== unread && isRun(run?.entry, entry);
    if (run && joins) run.last = false;
    run = { kind: "message", key: entry.key, entry, first: !joins, last: true };
    items.push(run);
    day = today;
  }
  return items;
}

function isRun(before: Entry | undefined, after: Entry): boolean {
  return before?.by === after.by && after.at - before.at < RUN_GAP_MS;
}

/** Only when the entry before it is known to be read: a gap must not look like "all of this is new". */
function firstUnread(
  entries: Entry[],
  { me, dividerAfter, oldest = entries[0]?.seq ?? 0 }: {
    me: string;
    dividerAfter: number | null;
    oldest?: number;
  },
): Entry | undefined {
  if (dividerAfter === null || oldest > dividerAfter + 1) return undefined;
  return entries.find(({ seq, by, deleted }) =>
    seq !== null && seq > dividerAfter && by !== me && !deleted
  );
}
