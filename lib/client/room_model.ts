/**
 * One room on the client: its log, what it shows, how far it is read, and what the viewer does here.
 *
 * The room joins parts that each own one thing: `RoomLog` (stored events), `RoomEntries` (those with
 * what the outbox adds), `RoomReading` (summary, unread, the read pointer), `RoomActions` (changes of
 * messages), `Quotes` and `TypingModel`. It decides only what passes between them.
 */

import { batch, computed, type ReadonlySignal } from "@preact/signals";
import { MAX_LIVE_RECEIPTS, MAX_TEXT_CHARS } from "../chat/limits.ts";
import type { FactOf } from "../chat/facts.ts";
import { countChars, normalizeText } from "../chat/text.ts";
import type { LineEvent, RoomEvent } from "../chat/events.ts";
import type { EventPage } from "../chat/pages.ts";
import type { Person } from "../chat/people.ts";
import type { Receipt, RoomSummary } from "../chat/rooms.ts";
import type { Entry, EventWindow } from "./event_window.ts";
import { DraftModel } from "./draft_model.ts";
import { LoadAgain } from "./load_again.ts";
import type { PendingFile } from "./files/pending_file.ts";
import type { FilesModel } from "./files_model.ts";
import type { OutboxEntry } from "./outbox_shelf.ts";
import { MembersModel } from "./members_model.ts";
import { Quotes } from "./quotes.ts";
import { ReceiptsModel } from "./receipts_model.ts";
import { RoomActions } from "./room_actions.ts";
import { RoomEntries } from "./room_entries.ts";
import type { RoomHost } from "./room_host.ts";
import { RoomLog } from "./room_log.ts";
import { RoomReading } from "./room_reading.ts";
import { RoomSaves } from "./room_saves.ts";
import { TypingModel } from "./typing_model.ts";

export type { Entry } from "./event_window.ts";

/** What the server's page holds of the open room. */
interface Held {
  page: EventPage;
  receipts?: Receipt[];
  /** The message to show first. */
  at?: number | null;
}

const NO_LINES: LineEvent[] = [];

/** A room of the viewer's. */
export class RoomModel {
  readonly id: string;
  /** Its members but the viewer. */
  readonly others: Person[];
  readonly summary: ReadonlySignal<RoomSummary>;
  /** Stored messages by `seq`, then the outbox's in order. */
  readonly entries: ReadonlySignal<Entry[]>;
  /** What happened to the group within the part of the log that is held, by `seq`. */
  readonly lines: ReadonlySignal<LineEvent[]>;
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
  /** How many unread messages mention the viewer. */
  readonly mentions: ReadonlySignal<number>;
  /** What is unread here as totals count it: nothing in a muted room. */
  readonly counted: ReadonlySignal<number>;
  /** Who types here. */
  readonly typing: TypingModel;
  /** What the viewer is writing here. */
  readonly draft: DraftModel;
  /** How far its messages have come. */
  readonly receipts: ReceiptsModel;
  /** Who is in the group. */
  readonly members: MembersModel;
  /** What can be done to its messages. */
  readonly actions: RoomActions;
  /** Which of them the viewer saved. */
  readonly saves: RoomSaves;
  readonly #host: RoomHost;
  readonly #log: RoomLog;
  readonly #shown: RoomEntries;
  readonly #quotes: Quotes;
  readonly #reading: RoomReading;
  readonly #again: LoadAgain;
  #opened = false;
  #startAt: number | null = null;

  constructor(summary: RoomSummary, host: RoomHost) {
    const { id, head, members } = summary;
    const { me, clock, ask, running } = host;
    this.#host = host;
    this.id = id;
    this.others = members.filter((member) => member.id !== me.id);
    this.actions = new RoomActions(id, host);
    this.receipts = new ReceiptsModel(id, ask);
    this.draft = new DraftModel(summary.draft, { room: id, ask, clock }, host.openDrafts);
    this.saves = new RoomSaves(id, host);
    this.typing = new TypingModel(clock, () => host.send({ type: "typing", room: id }));
    this.#reading = new RoomReading(summary, host, () => this.#log.head);
    this.members = new MembersModel(this.#reading.summary, host);
    this.#quotes = new Quotes(id, ask);
    this.#log = new RoomLog({
      room: id,
      head,
      clock,
      ask,
      running,
      learned: (page) => {
        this.#learn(page.events);
        this.#quotes.add(page.quoted ?? []);
        host.directory.add(page.people ?? []);
      },
      shown: (window) => this.#held(window),
      failed: () => this.#again.failed(),
    });
    this.#again = new LoadAgain({
      clock,
      wanted: () => running() && this.#opened && !this.loaded.peek(),
      load: () => void this.jumpToNewest(),
      tell: () => host.notify("Messages could not be loaded."),
    });
    const log = this.#log.window;
    this.#shown = new RoomEntries(id, log, host);
    this.summary = this.#reading.summary;
    this.unread = this.#reading.unread;
    this.mentions = computed(() => this.summary.value.mentions?.length ?? 0);
    this.counted = computed(() => this.summary.value.muted ? 0 : this.unread.value);
    this.dividerAfter = this.#reading.dividerAfter;
    this.entries = this.#shown.all;
    this.lines = computed(() => log.value?.lines ?? NO_LINES);
    this.oldest = computed(() => log.value?.oldest ?? 0);
    this.older = computed(() => log.value?.older ?? false);
    this.newer = computed(() => log.value?.newer ?? false);
    this.loaded = computed(() => log.value !== null);
    this.loading = this.#log.loading;
  }

  /** The message that the viewer came to see, while the room is open. */
  get startAt(): number | null {
    return this.#startAt;
  }

  /** Files on their way, of all rooms. */
  get files(): FilesModel {
    return this.#host.files;
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
    return this.#log.jumpToNewest(this.#reading.count + 20);
  }

  /**
   * Shows the part of the log around a message in place of what is held, if it is not in that, and
   * if it is still wanted when it comes.
   */
  show(seq: number, isWanted?: () => boolean): Promise<void> {
    return this.#log.show(seq, isWanted);
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
    const desk = this.files.desk.peek();
    if (normal === "" && !desk?.staged(this.id).peek().length) return false;
    const over = countChars(normal) - MAX_TEXT_CHARS;
    if (over > 0) {
      this.#host.notify(`That message is ${over} characters too long.`);
      return false;
    }
    const files = desk ? desk.take(this.id) : [];
    if (files) this.#add(normal, { reply, files });
    return files !== null;
  }

  /** Sends a file as a message of its own. */
  postFile(file: PendingFile, reply?: number): void {
    this.#add("", { reply, files: [file] });
  }

  retry(id: string): void {
    this.#host.outbox.retry(this.id, id);
  }

  cancel(id: string): void {
    this.#host.outbox.cancel(this.id, id);
  }

  /** The newest entry is on screen; it is read once the viewer is attentive and connected. */
  markRead(): void {
    const { cursor } = this.#log;
    if (cursor !== null) this.#reading.show(cursor);
  }

  /** Attention or the connection is back: what is on screen is read now. */
  attend(): void {
    this.#reading.attend();
  }

  /** The viewer opened the room. */
  open(): void {
    this.#opened = true;
    this.#reading.open();
    void this.members.load();
    void this.jumpToNewest();
    this.#openedLive();
  }

  /** The viewer left it; what was on screen without attention stays unread. */
  leave(): void {
    this.#opened = false;
    this.#startAt = null;
    this.#reading.leave();
    this.#again.stop();
  }

  /** The viewer opened the room on this page, which the server rendered. */
  hold({ page, receipts = [], at = null }: Held): void {
    this.#opened = true;
    this.#startAt = at;
    this.receipts.hold(receipts);
    this.#reading.open();
    this.#quotes.add(page.quoted ?? []);
    this.#host.directory.add(page.people ?? []);
    this.#log.hold(page);
  }

  /** Lets the log go; the summary stays. */
  unload(): void {
    batch(() => {
      this.#log.unload();
      this.#shown.unload();
    });
  }

  /** The room as the server sees it: right up to its head. */
  update(summary: RoomSummary): void {
    // The viewer was out of the group meanwhile, and may not see what is held any more.
    if ((summary.group?.from ?? 1) > this.oldest.peek()) this.#log.unload();
    this.#log.reaches(summary.head);
    this.#reading.update(summary, this.#log.window.peek());
    this.draft.summarized(summary.draft);
  }

  /** A new connection, after its `welcome`: says what the last one could not. */
  reconnected(): void {
    this.#log.reconnected();
    this.#quotes.reconnected();
    this.saves.reconnected();
    this.#reading.reconnected();
    this.draft.reconnected();
    if (!this.#opened) return;
    if (!this.loaded.peek()) void this.jumpToNewest();
    void this.members.load();
    this.#openedLive();
  }

  /** The viewer switched receipts on or off. */
  showReceipts(on: boolean): void {
    if (!on) this.receipts.clear();
    else if (this.#opened) this.loadReceipts();
  }

  /** The viewer's flags of the room changed, here or on another device. */
  flagged(flags: { muted: boolean; marked: boolean }): void {
    this.#reading.flag(flags);
  }

  /** New events of the log. */
  receive(events: RoomEvent[]): void {
    batch(() => {
      this.#learn(events);
      this.members.see(events);
      this.#log.receive(events);
    });
    if (this.#opened && events.some(({ type }) => type === "members")) this.loadReceipts();
  }

  /** The server's answer to our cursor. */
  resumed(fact: FactOf<"resumed">): void {
    batch(() => {
      this.#learn(fact.events);
      this.#log.resumed(fact);
    });
  }

  /** Our message has its place; `entry` is what the outbox held of it. */
  acked(fact: FactOf<"ack">, entry: OutboxEntry): void {
    const newest = this.#log.window.peek()?.newest ?? 0;
    this.#log.reaches(fact.seq);
    if (fact.seq > newest) this.#shown.acked(fact, entry);
  }

  /** The viewer's pointer moved, here or on another device. */
  readTo(fact: { seq: number; unread: number; head: number }): void {
    this.#reading.readTo(fact);
  }

  /** The server refused a `read`. */
  readRefused(retryAfterMs: number): void {
    this.#reading.refused(retryAfterMs);
  }

  close(): void {
    this.#opened = false;
    this.#again.stop();
    this.typing.close();
    this.draft.close();
    this.#reading.close();
    this.#log.close();
  }

  /** Asks for everybody's receipts; not in a large room, where somebody must want to see them. */
  loadReceipts(): void {
    const { group } = this.summary.peek();
    if ((group?.memberCount ?? 0) > MAX_LIVE_RECEIPTS) return;
    this.receipts.load().catch(() => {}); // until the next time, messages look less far than they are
  }

  /** The room is open, on a connection: it is not "unread" any more. */
  #openedLive(): void {
    this.loadReceipts();
    if (this.summary.peek().marked) void this.actions.flag({ marked: false });
  }

  #add(text: string, { reply, files }: { reply?: number; files: PendingFile[] }): void {
    this.#host.outbox.add(this.id, text, { reply, ...files.length > 0 && { files } });
    this.typing.sent();
    void this.jumpToNewest();
  }

  /** What events change besides the log. */
  #learn(events: RoomEvent[]): void {
    const { me, outbox } = this.#host;
    this.#quotes.see(events);
    for (const { type, by, id } of events) {
      if (type !== "posted") continue;
      this.typing.stop(by);
      if (by === me.id) outbox.settle(this.id, id);
    }
    this.#log.reaches(events.at(-1)?.seq ?? 0);
    this.#reading.learn(events);
  }

  #held(window: EventWindow): void {
    this.#reading.hold(window);
    this.#again.stop();
    this.#shown.heldTo(window.newest);
  }
}
