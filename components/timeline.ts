/**
 * Turns the entries of a room into the flat list that is drawn: messages with their place in a run
 * of one sender, what happened to the group, days between them, and the line above the first unread.
 * Flat and keyed by entry, so that older pages, new messages and acknowledgements move no other DOM
 * node. People who come or go one after the other share a line.
 */

import type { LineEvent } from "../lib/chat/events.ts";
import { dayKey } from "./dates.ts";
import type { Happening } from "./group_words.ts";
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

interface LineItem {
  kind: "line";
  key: string;
  event: Happening;
}

/** A line of the message list. */
export type Item =
  | { kind: "day"; key: string; at: number }
  | { kind: "unread"; key: string }
  | LineItem
  | MessageItem;

/**
 * The lines for these entries and what happened to the group between them; `dividerAfter` is the
 * `seq` read before the room was opened, `oldest` the first one held, which may be of no message.
 */
export function timeline(
  entries: Entry[],
  options: {
    me: string;
    zone: string;
    dividerAfter: number | null;
    oldest?: number;
    lines?: readonly LineEvent[];
  },
): Item[] {
  const items: Item[] = [];
  let day = "";
  const unread = firstUnread(entries, options);
  for (const one of inOrder(entries, options.lines ?? [])) {
    const today = dayKey(one.at, options.zone);
    if (today !== day) items.push({ kind: "day", key: `day ${today}`, at: one.at });
    if (one === unread) items.push({ kind: "unread", key: "unread" });
    if ("type" in one) addLine(items, one);
    else addMessage(items, one);
    day = today;
  }
  return items;
}

/** Both by `seq`; what is not stored yet comes last. */
function* inOrder(
  entries: Entry[],
  lines: readonly LineEvent[],
): Generator<Entry | LineEvent> {
  let next = 0;
  for (const entry of entries) {
    while (next < lines.length && lines[next].seq < (entry.seq ?? Infinity)) yield lines[next++];
    yield entry;
  }
  yield* lines.slice(next);
}

/** A message joins the run of the message right before it. */
function addMessage(items: Item[], entry: Entry): void {
  const before = items.at(-1);
  const joins = before?.kind === "message" && isRun(before.entry, entry);
  if (joins) before.last = false;
  items.push({ kind: "message", key: entry.key, entry, first: !joins, last: true });
}

function addLine(items: Item[], event: LineEvent): void {
  const before = items.at(-1);
  const joint = before?.kind === "line" ? together(before.event, event) : null;
  if (before?.kind === "line" && joint) before.event = joint;
  else items.push({ kind: "line", key: `line ${event.seq}`, event });
}

/** Two lines as one, if one sentence can say both. */
function together(a: Happening, b: Happening): Happening | null {
  if (a.type === "pinned" && b.type === "pinned" && a.by === b.by) {
    return { ...b, count: (a.count ?? 1) + 1 };
  }
  if (a.type !== "members" || b.type !== "members" || a.what !== b.what) return null;
  if (a.what === "created" || a.by !== b.by && (a.what === "added" || a.what === "removed")) {
    return null;
  }
  return { ...b, people: [...new Set([...a.people, ...b.people])] };
}

function isRun(before: Entry, after: Entry): boolean {
  return before.by === after.by && after.at - before.at < RUN_GAP_MS;
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
