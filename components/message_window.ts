/**
 * Which part of a long history is in the DOM: a run of at most {@link MAX_SHOWN} entries that moves
 * as the reader scrolls, so 5,000 messages scroll like 300. Pure; `scroll_keeper.ts` keeps the
 * reader's place while it moves.
 */

import type { LineEvent } from "../lib/chat/events.ts";
import type { Entry } from "./models.ts";

/** Entries in the DOM at most, and how many the window moves by. */
export const MAX_SHOWN = 300;
export const STEP = 100;

/** By `seq`, inclusive. `to: null` follows the newest, with the outbox after it. */
export interface Range {
  from: number;
  to: number | null;
}

/** The newest entries, as a room opens. */
export function newestRange(entries: Entry[]): Range {
  const stored = seqs(entries);
  return { from: stored[Math.max(0, stored.length - STEP)] ?? 0, to: null };
}

/** The entries inside the range. */
export function shown(entries: Entry[], range: Range): Entry[] {
  return entries.filter(({ seq }) =>
    seq === null ? range.to === null : seq >= range.from && (range.to === null || seq <= range.to)
  );
}

/**
 * Of what happened to the group, that which stands between the drawn entries; before the first one
 * held and after the last one, all.
 */
export function linesAmong(
  lines: readonly LineEvent[],
  { drawn, held }: { drawn: Entry[]; held: Entry[] },
): readonly LineEvent[] {
  if (lines.length === 0) return lines;
  const from = drawn[0] === held[0] ? 0 : drawn[0]?.seq ?? 0;
  const to = drawn.at(-1) === held.at(-1) ? Infinity : drawn.at(-1)?.seq ?? Infinity;
  return lines.filter(({ seq }) => seq > from && seq < to);
}

/** A step towards older entries, letting go of the newest beyond the maximum. */
export function olderRange(entries: Entry[], range: Range): Range {
  const stored = seqs(entries);
  const first = Math.max(0, indexOf(stored, range.from) - STEP);
  const end = range.to === null ? stored.length - 1 : indexOf(stored, range.to);
  const last = Math.min(end, first + MAX_SHOWN - 1);
  return {
    from: stored[first] ?? 0,
    to: last === stored.length - 1 && range.to === null ? null : stored[last],
  };
}

/** A step towards newer entries, letting go of the oldest beyond the maximum. */
export function newerRange(entries: Entry[], range: Range): Range {
  const stored = seqs(entries);
  const end = range.to === null ? stored.length - 1 : indexOf(stored, range.to);
  const last = Math.min(stored.length - 1, end + (range.to === null ? 0 : STEP));
  const first = Math.max(indexOf(stored, range.from), last - MAX_SHOWN + 1);
  return { from: stored[first] ?? 0, to: last >= stored.length - 1 ? null : stored[last] };
}

/** The range to open at when the entry after `seq` is what the reader should see first. */
export function aroundRange(entries: Entry[], seq: number): Range {
  const stored = seqs(entries);
  const first = Math.max(0, indexOf(stored, seq) - STEP / 4);
  const last = first + MAX_SHOWN - 1;
  return { from: stored[first] ?? 0, to: last >= stored.length - 1 ? null : stored[last] };
}

function seqs(entries: Entry[]): number[] {
  return entries.flatMap(({ seq }) => seq === null ? [] : [seq]);
}

/** The place of the first `seq` that is not smaller. */
function indexOf(stored: number[], seq: number): number {
  const index = stored.findIndex((other) => other >= seq);
  return index < 0 ? stored.length : index;
}
