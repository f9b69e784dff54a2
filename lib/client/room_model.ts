/**
 * One room on the client: its summary with exact unread, its log, and what the outbox adds to it.
 *
 * The room joins three parts: `RoomLog` (stored events), the shared outbox (not stored yet, or
 * acknowledged ahead of the events before it) and `ReadMarker` (the read pointer's way out). A
 * message of the viewer's is known by author and id, so it keeps its entry whichever part holds it.
 */

import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { MAX_TEXT_CHARS } from "../chat/limits.ts";
import type { Command } from "../chat/commands.ts";
import type { FactOf } from "../chat/facts.ts";
import { countChars, normalizeText } from "../chat/text.ts";
import { lastAfter } from "../chat/messages.ts";
import type { EventPage, LastPost, Person, RoomEvent, RoomSummary } from "../chat/values.ts";
import type { Change } from "./changes.ts";
import { type Entry, entryOf, type EventWindow, keyOf } from "./event_window.ts";
import type { Outbox, OutboxEntry } from "./outbox.ts";
import type { Clock } from "./ports.ts";
import { Quotes } from "./quotes.ts";
import { ReadMarker } from "./read_marker.ts";
import type { Ask } from "./requests.ts";
import { RoomLog } from "./room_log.ts";
import { TypingModel } from "./typing_model.ts";
import { UnreadCount } from "./unread_count.ts";

export type { Entry } from "./event_window.ts";

/** Milliseconds before an open room whose log could not be loaded tries again. */
export const LOAD_AGAIN_MS = 5_000;

/** What a room needs from the model it belongs to. */
export interface RoomHost {
  me: Person;
  clock: Clock;
  outbox: Outbox;
  ask: Ask;
  /** Sends a change of a message; resolves when it is stored. */
  make(change: Change): Promise<void>;
  send(frame: Command): boolean;
  /** Started and not closed. */
  running(): boolean;
  /** Connected, visible and focused. */
  attentive(): boolean;
  /** Shows a short error to the user. */
  notify(notice: string): void;
}

/** A room of the viewer's. */
export class RoomModel {
  readonly id: string;
  /** Its members but the viewer. */
  readonly others: Person[];
  readonly summary: ReadonlySignal<RoomSummary>;
  /** Stored messages by `seq`, then the outbox's in order. */
  readonly entries: ReadonlySignal<Entry[]>;
  /** `seq` of the first event held, which may be of no message. */
  readonly oldest: ReadonlySignal<number>;
  readonly older: ReadonlySignal<boolean>;
  readonly newer: ReadonlySignal<boolean>;
  readonly loading: ReadonlySignal<boolean>;
  /** Whether any of the log is here; without it `entries` holds only the outbox's. */
  readonly loaded: ReadonlySignal<boolean>;
  /** The read pointer when the room was opened, if something was unread. */
  readonly dividerAfter: ReadonlySignal<number | null>;
  readonly unread: ReadonlySignal<number>;
  readonly #host: RoomHost;
  /** Who types here. */
  readonly typing: TypingModel;
  readonly #log: RoomLog;
  readonly #quotes: Quotes;
  readonly #summary: Signal<RoomSummary>;
  readonly #divider = signal<number | null>(null);
  /** Own messages whose ack came before their event, by `seq`. */
  readonly #acked = signal<Entry[]>([]);
  readonly #count: UnreadCount;
  readonly #marker: ReadMarker;
  /** The read pointer as the server last told it. */
  #confirmed: number;
  /** `seq` of the newest event that was on screen while the room is open. */
  #onScreen = 0;
  #opened = false;
  #startAt: number | null = null;
  #loadTimer: number | null = null;

  constructor(summary: RoomSummary, host: RoomHost) {
    const { id, head, members, read } = summary;
    const { me, clock, ask, running } = host;
    this.#host = host;
    this.id = id;
    this.others = members.filter((member) => member.id !== me.id);
    this.#confirmed = read;
    this.#count = new UnreadCount(me.id, summary);
    this.#marker = new ReadMarker((seq) => host.send({ type: "read", room: id, seq }), clock);
    this.#quotes = new Quotes(id, ask);
    this.typing = new TypingModel(clock, () => host.send({ type: "typing", room: id }));
    this.#log = new RoomLog({
      room: id,
      head,
      clock,
      ask,
      running,
      learned: (events, quoted = []) => {
        this.#learn(events);
        this.#quotes.add(quoted);
      },
      shown: (window) => this.#shown(window),
      failed: () => this.#loadFailed(),
    });
    const log = this.#log.window;
    this.summary = this.#summary = signal(summary);
    this.entries = computed(() => this.#merge());
    this.oldest = computed(() => log.value?.oldest ?? 0);
    this.older = computed(() => log.value?.older ?? false);
    this.newer = computed(() => log.value?.newer ?? false);
    this.loaded = computed(() => log.value !== null);
    this.loading = this.#log.loading;
    this.dividerAfter = this.#divider;
    this.unread = computed(() => this.#summary.value.unread);
  }

  /** The message that the viewer came to see, while the room is open. */
  get startAt(): number | null {
    return this.#startAt;
  }

  /** `seq` to resume from after a reconnect; `null` when the log's end is not held. */
  get cursor(): number | null {
    return this.#log.cursor;
  }

  /** Adds the page of events before the first one shown. */
  loadOlder(): Promise<void> {
    return this.#log.loadOlder();
  }

  /** Adds the page of events after the last one shown, when the log's end was let go. */
  loadNewer(): Promise<void> {
    return this.#log.loadNewer();
  }

  /** Shows the end of the log in place of an older part. */
  jumpToNewest(): Promise<void> {
    return this.#log.jumpToNewest(this.#count.value + 20);
  }

  /** Shows the part of the log around a message in place of what is held, if it is not in that. */
  show(seq: number): Promise<void> {
    return this.#log.show(seq);
  }

  /** The message that another one answers, as it is now; undefined while it is not known. */
  quoted(seq: number): Entry | undefined {
    const held = this.#log.window.value?.entries.find((entry) => entry.seq === seq);
    return held ?? this.#quotes.held.value.get(seq);
  }

  /** Loads a quoted message that is not here. */
  needQuoted(seq: number): void {
    if (this.quoted(seq) === undefined) this.#quotes.need(seq);
  }

  /** Shows a message at once and sends it when it can; false when it cannot be sent as it is. */
  post(text: string, reply?: number): boolean {
    const normal = normalizeText(text);
    if (normal === "") return false;
    const over = countChars(normal) - MAX_TEXT_CHARS;
    if (over > 0) {
      this.#host.notify(`That message is ${over} characters too long.`);
      return false;
    }
    this.#host.outbox.add(this.id, normal, reply);
    this.typing.sent();
    void this.jumpToNewest();
    return true;
  }

  retry(id: string): void {
    this.#host.outbox.retry(this.id, id);
  }

  cancel(id: string): void {
    this.#host.outbox.cancel(this.id, id);
  }

  /** Gives a message of the viewer's another text; false, with a notice, when that failed. */
  edit(seq: number, text: string): Promise<boolean> {
    return this.#make({ type: "edit", room: this.id, message: seq, text: normalizeText(text) });
  }

  /** Deletes a message of the viewer's for everyone. */
  delete(seq: number): Promise<boolean> {
    return this.#make({ type: "delete", room: this.id, message: seq });
  }

  /** Puts an emoji under a message, or takes the viewer's own back. */
  react(seq: number, reaction: { emoji: string; on: boolean }): Promise<boolean> {
    return this.#make({ type: "react", room: this.id, message: seq, ...reaction });
  }

  /** All texts that a message had, the first one first. */
  async versions(seq: number): Promise<{ at: number; text: string }[]> {
    const { versions } = await this.#host.ask("versions", { room: this.id, message: seq });
    return versions;
  }

  /** The newest entry is on screen; it is read once the viewer is attentive and connected. */
  markRead(): void {
    const { cursor } = this.#log;
    if (cursor === null) return;
    this.#onScreen = Math.max(this.#onScreen, cursor);
    this.attend();
  }

  /** Attention or the connection is back: what is on screen is read now. */
  attend(): void {
    if (this.#onScreen <= this.#count.read || !this.#host.attentive()) return;
    this.#count.readTo(this.#onScreen);
    this.#marker.mark(this.#onScreen);
    this.#tell();
  }

  /** The viewer opened the room. */
  open(): void {
    this.#opened = true;
    this.#divider.value = this.#count.value > 0 ? this.#count.read : null;
    void this.jumpToNewest();
  }

  /** The viewer left it; what was on screen without attention stays unread. */
  leave(): void {
    this.#opened = false;
    this.#divider.value = null;
    this.#startAt = null;
    this.#onScreen = 0;
    this.#stopLoading();
  }

  /** The viewer opened the room on this page, which the server rendered. */
  hold(page: EventPage, at: number | null = null): void {
    this.#opened = true;
    this.#startAt = at;
    this.#divider.value = this.#count.value > 0 ? this.#count.read : null;
    this.#quotes.add(page.quoted ?? []);
    this.#log.hold(page);
  }

  /** Lets the log go; the summary stays. */
  unload(): void {
    batch(() => {
      this.#log.unload();
      this.#acked.value = [];
    });
  }

  /** The room as the server sees it: right up to its head. */
  update(summary: RoomSummary): void {
    this.#confirmed = summary.read;
    this.#log.reaches(summary.head);
    this.#count.reset(summary);
    this.#count.readTo(this.#marker.marked);
    const window = this.#log.window.peek();
    if (window) this.#count.hold(window);
    const last = later(summary.last, this.#summary.peek().last);
    this.#summary.value = { ...summary, last };
    this.#tell();
  }

  /** A new connection, after its `welcome`: says what the last one could not. */
  reconnected(): void {
    this.#marker.resend(this.#confirmed);
    this.#log.reconnected();
    this.#quotes.reconnected();
    this.attend();
    if (this.#opened && !this.loaded.peek()) void this.jumpToNewest();
  }

  /** New events of the log. */
  receive(events: RoomEvent[]): void {
    batch(() => {
      this.#learn(events);
      this.#log.receive(events);
    });
  }

  /** The server's answer to our cursor. */
  resumed(fact: FactOf<"resumed">): void {
    batch(() => {
      this.#learn(fact.events);
      this.#log.resumed(fact);
    });
  }

  /** Our message has its place; `entry` is what the outbox held of it. */
  acked({ seq, at }: FactOf<"ack">, { id, text, reply }: OutboxEntry): void {
    const newest = this.#log.window.peek()?.newest ?? 0;
    this.#log.reaches(seq);
    if (seq <= newest) return;
    const stored = entryOf({ by: this.#host.me.id, id, text, at, seq, reply });
    this.#acked.value = [...this.#acked.peek(), stored]
      .sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  }

  /** The viewer's pointer moved, here or on another device. */
  readTo(fact: { seq: number; unread: number; head: number }): void {
    this.#confirmed = Math.max(this.#confirmed, fact.seq);
    this.#count.confirm(fact);
    this.#tell();
  }

  /** The server refused a `read`. */
  readRefused(retryAfterMs: number): void {
    this.#marker.refused(retryAfterMs, this.#confirmed);
  }

  close(): void {
    this.#stopLoading();
    this.typing.close();
    this.#marker.close();
    this.#log.close();
  }

  async #make(change: Change): Promise<boolean> {
    try {
      await this.#host.make(change);
      return true;
    } catch (error) {
      this.#host.notify(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  /** Says so, once; an open room without any of its log tries again. */
  #loadFailed(): void {
    if (this.#loadTimer === null) this.#host.notify("Messages could not be loaded.");
    const { clock, running } = this.#host;
    if (!running() || !this.#opened || this.loaded.peek()) return;
    clock.clearTimeout(this.#loadTimer ?? 0);
    this.#loadTimer = clock.setTimeout(() => {
      if (this.loaded.peek()) this.#stopLoading();
      else void this.jumpToNewest();
    }, LOAD_AGAIN_MS);
  }

  #stopLoading(): void {
    this.#host.clock.clearTimeout(this.#loadTimer ?? 0);
    this.#loadTimer = null;
  }

  /** What events change besides the log. */
  #learn(events: RoomEvent[]): void {
    this.#quotes.see(events);
    for (const event of events) {
      this.#count.see(event);
      if (event.type === "posted") this.typing.stop(event.by);
      if (event.type === "posted" && event.by === this.#host.me.id) {
        this.#host.outbox.settle(this.id, event.id);
      }
    }
    const old = this.#summary.peek();
    const last = events.reduce(lastAfter, old.last);
    if (last !== old.last) this.#summary.value = { ...old, last };
    this.#log.reaches(events.at(-1)?.seq ?? 0);
    this.#tell();
  }

  #tell(): void {
    const { read, value: unread } = this.#count;
    const { head } = this.#log;
    const old = this.#summary.peek();
    if (old.read === read && old.unread === unread && old.head === head) return;
    this.#summary.value = { ...old, read, unread, head };
  }

  #shown(window: EventWindow): void {
    const { newest } = window;
    this.#count.hold(window);
    this.#tell();
    this.#stopLoading();
    const acked = this.#acked.peek();
    const left = acked.filter(({ seq }) => (seq ?? 0) > newest);
    if (left.length < acked.length) this.#acked.value = left;
  }

  #merge(): Entry[] {
    const stored = this.#log.window.value?.entries ?? [];
    const acked = this.#acked.value;
    const waiting = this.#host.outbox.entries.value.filter(({ room }) => room === this.id);
    if (acked.length + waiting.length === 0) return stored;
    const tail = [...acked, ...waiting.map((entry) => this.#pending(entry))];
    const keys = new Set(stored.map(({ key }) => key));
    // Another tab's outbox may not have heard yet of what is stored.
    return [...stored, ...tail.filter(({ key }) => !keys.has(key) && keys.add(key))];
  }

  #pending({ id, text, reply, createdAt, state, error }: OutboxEntry): Entry {
    const by = this.#host.me.id;
    const entry: Entry = { key: keyOf(by, id), by, id, text, at: createdAt, state, seq: null };
    if (reply !== undefined) entry.reply = reply;
    return error === undefined ? entry : { ...entry, error };
  }
}

/** The newer of two previews, by the last event that is in each. */
function later(a: LastPost | null, b: LastPost | null): LastPost | null {
  return a && b ? (asOf(b) > asOf(a) ? b : a) : a ?? b;
}

function asOf({ seq, changed = seq }: LastPost): number {
  return changed;
}
