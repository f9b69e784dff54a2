/**
 * A room's line in the list and how far the viewer has read it: the summary with exact unread, the
 * divider above what was unread when the room was opened, and the read pointer's way out.
 *
 * What is on screen is read once the viewer is attentive and connected, not before.
 */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { groupAfter } from "../chat/groups.ts";
import { lastAfter } from "../chat/messages.ts";
import type { RoomEvent } from "../chat/events.ts";
import type { GroupInfo, LastPost, RoomSummary } from "../chat/rooms.ts";
import type { EventWindow } from "./event_window.ts";
import { MentionCount } from "./mention_count.ts";
import { ReadMarker } from "./read_marker.ts";
import type { RoomHost } from "./room_host.ts";
import { UnreadCount } from "./unread_count.ts";

/** The viewer's reading of one room. */
export class RoomReading {
  readonly summary: ReadonlySignal<RoomSummary>;
  readonly unread: ReadonlySignal<number>;
  /** The read pointer when the room was opened, if something was unread. */
  readonly dividerAfter: ReadonlySignal<number | null>;
  readonly #room: string;
  readonly #host: RoomHost;
  readonly #head: () => number;
  readonly #summary: Signal<RoomSummary>;
  readonly #divider = signal<number | null>(null);
  readonly #count: UnreadCount;
  readonly #mentions: MentionCount;
  readonly #marker: ReadMarker;
  /** The read pointer as the server last told it. */
  #confirmed: number;
  /** `seq` of the newest event that was on screen while the room is open. */
  #onScreen = 0;

  /** `head()` is the `seq` of the newest event of the room that is known of. */
  constructor(summary: RoomSummary, host: RoomHost, head: () => number) {
    const { id: room, read } = summary;
    this.#room = room;
    this.#host = host;
    this.#head = head;
    this.#confirmed = read;
    this.#count = new UnreadCount(host.me.id, summary);
    this.#mentions = new MentionCount(host.me.id, summary);
    this.#marker = new ReadMarker((seq) => host.send({ type: "read", room, seq }), host.clock);
    this.summary = this.#summary = signal(summary);
    this.unread = computed(() => this.#summary.value.unread);
    this.dividerAfter = this.#divider;
  }

  /** Messages unread as of now, also while signals are being changed. */
  get count(): number {
    return this.#count.value;
  }

  /** The viewer opened the room. */
  open(): void {
    this.#divider.value = this.#count.value > 0 ? this.#count.read : null;
  }

  /** The viewer left it; what was on screen without attention stays unread. */
  leave(): void {
    this.#divider.value = null;
    this.#onScreen = 0;
  }

  /** The log is on screen up to `seq`. */
  show(seq: number): void {
    this.#onScreen = Math.max(this.#onScreen, seq);
    this.attend();
  }

  /** Attention or the connection is back: what is on screen is read now. */
  attend(): void {
    if (this.#onScreen <= this.#count.read || !this.#host.attentive()) return;
    this.#count.readTo(this.#onScreen);
    this.#marker.mark(this.#onScreen);
    this.#tell();
  }

  /** The room as the server sees it: right up to its head. */
  update(summary: RoomSummary, window: EventWindow | null): void {
    this.#confirmed = summary.read;
    this.#count.reset(summary);
    this.#count.readTo(this.#marker.marked);
    this.#mentions.reset(summary);
    if (window) this.#count.hold(window);
    const { last: before } = this.#summary.peek();
    // Who came back to a group may not see what was said before any more.
    const isTheirs = (before?.seq ?? 0) >= (summary.group?.from ?? 1);
    const last = later(summary.last, isTheirs ? before : null);
    const known = this.#summary.peek().group;
    const isNews = (summary.group?.changed ?? 0) >= (known?.changed ?? 0);
    this.#summary.value = { ...summary, last, group: isNews ? summary.group : known };
    this.#tell();
  }

  /** A new connection: says what the last one could not. */
  reconnected(): void {
    this.#marker.resend(this.#confirmed);
    this.attend();
  }

  /** Events of the room, new or of a page. */
  learn(events: RoomEvent[]): void {
    for (const event of events) {
      this.#count.see(event);
      this.#mentions.see(event);
    }
    const old = this.#summary.peek();
    const last = events.reduce(lastAfter, old.last);
    const group = old.group && this.#groupAfter(old.group, events);
    const pins = events.reduce(pinsAfter, old.pins);
    if (last !== old.last || group !== old.group || pins !== old.pins) {
      this.#summary.value = { ...old, last, group, pins };
    }
    this.#tell();
  }

  /** The part of the log that is held now. */
  hold(window: EventWindow): void {
    this.#count.hold(window);
    this.#tell();
  }

  /** The viewer's pointer moved, here or on another device. */
  readTo(fact: { seq: number; unread: number; head: number }): void {
    const moved = fact.seq > this.#confirmed;
    this.#confirmed = Math.max(this.#confirmed, fact.seq);
    const isExact = this.#count.confirm(fact);
    if (!isExact) this.#host.send({ type: "read", room: this.#room, seq: fact.seq });
    const { muted, marked } = this.#summary.peek();
    if (marked && moved) this.flag({ muted: muted === true, marked: false }); // the server's pointer moved
    this.#tell();
  }

  /** The viewer's flags of the room as the server has them. */
  flag({ muted, marked }: { muted: boolean; marked: boolean }): void {
    const { muted: _, marked: __, ...summary } = this.#summary.peek();
    this.#summary.value = { ...summary, ...muted && { muted }, ...marked && { marked } };
  }

  /** The server refused a `read`. */
  refused(retryAfterMs: number): void {
    this.#marker.refused(retryAfterMs, this.#confirmed);
  }

  close(): void {
    this.#marker.close();
  }

  #groupAfter(group: GroupInfo, events: RoomEvent[]): GroupInfo {
    const { id } = this.#host.me;
    return events.reduce((group, event) => groupAfter(group, event, id), group);
  }

  #tell(): void {
    const { read, value: unread } = this.#count;
    this.#mentions.readTo(read);
    const mentions = this.#mentions.value;
    const head = this.#head();
    const { mentions: known = [], ...old } = this.#summary.peek();
    const isSame = old.read === read && old.unread === unread && old.head === head;
    if (isSame && known.join() === mentions.join()) return;
    this.#summary.value = { ...old, read, unread, head, ...mentions.length > 0 && { mentions } };
  }
}

/**
 * Whether anything is pinned, as far as events tell: at least one after a pin. What is taken down
 * may have been one of many, so only the next summary says that none is left.
 */
function pinsAfter(pins: number | undefined, event: RoomEvent): number | undefined {
  return event.type === "pinned" && event.on ? pins ?? 1 : pins;
}

/** The newer of two previews, by the last event that is in each. */
function later(a: LastPost | null, b: LastPost | null): LastPost | null {
  return a && b ? (asOf(b) > asOf(a) ? b : a) : a ?? b;
}

function asOf({ seq, changed = seq }: LastPost): number {
  return changed;
}
