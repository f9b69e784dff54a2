/**
 * The part of a room's log that a client holds: one run without gaps, at most
 * {@link MAX_WINDOW_EVENTS} long, as entries to show, and the lines that stand between them: what
 * happened to the group, what was pinned. Pure: every change is a new window.
 *
 * Events have their place by `seq` alone. Kinds of events that this version does not know move the
 * edges and show nothing. A message is changed in its place by the events about it; pages bring it
 * as it is now, so only what is newer than a message changes it.
 */

import { isGroupEvent } from "../chat/groups.ts";
import { applyChange, isChange, mentionsIn } from "../chat/messages.ts";
import type { LineEvent, MessageState, PostedEvent, RoomEvent } from "../chat/events.ts";
import type { EventPage } from "../chat/pages.ts";
import type { PendingFile } from "./files/pending_file.ts";

/** Most events of a window; the far end is let go beyond it. */
export const MAX_WINDOW_EVENTS = 1_000;

/** A message to show: stored, or still the outbox's. */
export interface Entry extends MessageState {
  /** `author:client id`: the same before and after the message is stored. */
  key: string;
  by: string;
  id: string;
  at: number;
  /** `seq` of the message that it answers. */
  reply?: number;
  state: "stored" | "pending" | "failed";
  /** Its place; null until it is stored. */
  seq: number | null;
  /** Its files while it is the outbox's; `files` has them as they will be. */
  uploads?: PendingFile[];
  /** Why it failed, for people. */
  error?: string;
}

/** A gapless run of a room's log. */
export interface EventWindow {
  entries: Entry[];
  /** What is told between them, by `seq`. */
  lines: LineEvent[];
  /** `seq` of the first event; `newest + 1` when there are none. */
  oldest: number;
  newest: number;
  /** Events exist before, after. */
  older: boolean;
  newer: boolean;
}

/** A window of one page. */
export function windowOf(
  page: Pick<EventPage, "events" | "head" | "older" | "newer">,
): EventWindow {
  const { events, head, older, newer } = page;
  const newest = events.at(-1)?.seq ?? (newer ? 0 : head);
  const oldest = events[0]?.seq ?? newest + 1;
  return {
    entries: entriesOf(events),
    lines: events.filter(isLine),
    oldest,
    newest,
    older,
    newer,
  };
}

/** The window with the events that follow it; those it holds and those after a gap are left out. */
export function append(window: EventWindow, events: RoomEvent[]): EventWindow {
  const fresh: RoomEvent[] = [];
  for (const event of events) {
    if (event.seq === window.newest + fresh.length + 1) fresh.push(event);
  }
  if (fresh.length === 0) return window;
  const entries = changed([...window.entries, ...entriesOf(fresh)], fresh);
  const lines = [...window.lines, ...fresh.filter(isLine)];
  return keepNewest({ ...window, entries, lines, newest: window.newest + fresh.length });
}

/** The window with a page that ends right before it; any other page leaves it as it is. */
export function prepend(
  window: EventWindow,
  page: Pick<EventPage, "events" | "older">,
): EventWindow {
  const { events, older } = page;
  if (events.length === 0) return { ...window, older };
  if (events[events.length - 1].seq + 1 !== window.oldest) return window;
  const entries = [...entriesOf(events), ...window.entries];
  const lines = [...events.filter(isLine), ...window.lines];
  return keepOldest({ ...window, entries, lines, oldest: events[0].seq, older });
}

/** The window with the changes among the events made to the messages that it holds. */
export function change(window: EventWindow, events: RoomEvent[]): EventWindow {
  const entries = changed(window.entries, events);
  return entries === window.entries ? window : { ...window, entries };
}

/** The window with the messages of a page in the place of its own. */
export function refresh(window: EventWindow, page: Pick<EventPage, "events">): EventWindow {
  const fresh = new Map(entriesOf(page.events).map((entry) => [entry.seq, entry]));
  return { ...window, entries: window.entries.map((entry) => fresh.get(entry.seq) ?? entry) };
}

/** Whether an event is told by a line of its own: what is taken down is not. */
function isLine(event: RoomEvent): event is LineEvent {
  return isGroupEvent(event) || event.type === "pinned" && event.on;
}

/** Entries with changes applied, each once and in their order; the same list if none applies. */
function changed(entries: Entry[], events: RoomEvent[]): Entry[] {
  let result = entries;
  for (const event of events) {
    if (!isChange(event)) continue;
    const at = indexOf(result, event.message);
    const entry = at < 0 ? undefined : applyChange(result[at], event);
    if (entry && entry !== result[at]) result = result.with(at, entry);
  }
  return result;
}

/** Where the message at a `seq` is, by halving; -1 when it is not here. */
function indexOf(entries: Entry[], seq: number): number {
  let low = 0;
  for (let high = entries.length - 1; low <= high;) {
    const middle = (low + high) >> 1;
    const at = entries[middle].seq ?? Infinity;
    if (at === seq) return middle;
    if (at < seq) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function entriesOf(events: RoomEvent[]): Entry[] {
  return events.filter((event) => event.type === "posted").map(entryOf);
}

/** A stored message as an entry. */
export function entryOf(
  event: Pick<PostedEvent, "by" | "id" | "at" | "seq" | "reply"> & MessageState,
): Entry {
  const { by, id, text, at, seq, reply, files, forwarded, changed } = event;
  const { editedAt, deleted, reactions, pinned } = event;
  const stored = { key: keyOf(by, id), by, id, text, at, state: "stored" as const, seq };
  const entry: Entry = { ...stored, ...mentionsIn(event) };
  if (forwarded) entry.forwarded = forwarded;
  if (reply !== undefined) entry.reply = reply;
  if (files) entry.files = files;
  if (changed === undefined) return entry;
  return {
    ...entry,
    ...editedAt !== undefined && { editedAt },
    ...deleted && { deleted },
    ...reactions && { reactions },
    ...pinned && { pinned },
    changed,
  };
}

/** The key of a message, stored or not. */
export function keyOf(by: string, id: string): string {
  return `${by}:${id}`;
}

function keepNewest(window: EventWindow): EventWindow {
  const oldest = window.newest - MAX_WINDOW_EVENTS + 1;
  if (window.oldest >= oldest) return window;
  const entries = window.entries.filter(({ seq }) => seq !== null && seq >= oldest);
  const lines = window.lines.filter(({ seq }) => seq >= oldest);
  return { ...window, entries, lines, oldest, older: true };
}

function keepOldest(window: EventWindow): EventWindow {
  const newest = window.oldest + MAX_WINDOW_EVENTS - 1;
  if (window.newest <= newest) return window;
  const entries = window.entries.filter(({ seq }) => seq !== null && seq <= newest);
  const lines = window.lines.filter(({ seq }) => seq <= newest);
  return { ...window, entries, lines, newest, newer: true };
}
