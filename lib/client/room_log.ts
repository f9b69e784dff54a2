/**
 * One room's log on the client: a window of it that never has a hole.
 *
 * Events have their place by `seq` alone. What would follow a gap is left out until `history` has
 * filled it, page by page; when more than {@link MAX_CATCH_UP} events are missing, the newest page
 * takes the window's place. While the log's end has been let go (`newer`), new events are not shown.
 */

import { batch, type ReadonlySignal, signal } from "@preact/signals";
import { MAX_PAGE_EVENTS, PAGE_EVENTS } from "../chat/limits.ts";
import { applyChange, isChange } from "../chat/messages.ts";
import type { FactOf } from "../chat/facts.ts";
import type { RoomEvent } from "../chat/events.ts";
import type { EventPage } from "../chat/pages.ts";
import { append, change, type EventWindow, prepend, refresh, windowOf } from "./event_window.ts";
import type { Clock } from "./ports.ts";
import type { Ask } from "./requests.ts";

/** Most missing events that are read page by page; beyond it the window begins anew. */
export const MAX_CATCH_UP = 1_000;
/** Milliseconds before a catch-up that failed is tried again. */
export const CATCH_UP_AGAIN_MS = 5_000;

type Kind = "older" | "newer" | "newest" | "gap" | "refresh" | "around";
/** Loads that nobody waits for. */
const QUIET: ReadonlySet<Kind> = new Set(["gap", "refresh"]);

/** What a {@link RoomLog} is made of. */
export interface RoomLogOptions {
  room: string;
  head: number;
  clock: Clock;
  ask: Ask;
  /** Whether the model is started and not closed. */
  running(): boolean;
  /** Events became known by a page, whether or not they are shown. */
  learned(page: LearnedPage): void;
  /** The window changed. */
  shown(window: EventWindow): void;
  /** A page that the user waits for did not come. */
  failed(error: unknown): void;
}

/** A gapless window of one room's log. */
export class RoomLog {
  readonly window: ReadonlySignal<EventWindow | null>;
  /** Pages that the user waits for. */
  readonly loading: ReadonlySignal<boolean>;
  readonly #window = signal<EventWindow | null>(null);
  readonly #loading = signal(false);
  readonly #options: RoomLogOptions;
  readonly #loads = new Map<Kind, Promise<void>>();
  /** What came while pages were on their way, which may have been read before it happened. */
  #meanwhile: RoomEvent[] = [];
  #head: number;
  #again: number | null = null;
  #closed = false;

  constructor(options: RoomLogOptions) {
    this.#options = options;
    this.#head = options.head;
    this.window = this.#window;
    this.loading = this.#loading;
  }

  /** `seq` of the newest event of the room that is known of. */
  get head(): number {
    return this.#head;
  }

  /** `seq` of the newest event held, to resume from; `null` without the log's end. */
  get cursor(): number | null {
    const window = this.#window.peek();
    return window === null || window.newer ? null : window.newest;
  }

  /** The room has events up to here. */
  reaches(head: number): void {
    this.#head = Math.max(this.#head, head);
  }

  /** Takes a page that the server rendered. */
  hold(page: EventPage): void {
    this.reaches(page.head);
    this.#show(windowOf(page));
  }

  unload(): void {
    this.#window.value = null;
  }

  close(): void {
    this.#closed = true;
    if (this.#again !== null) this.#options.clock.clearTimeout(this.#again);
    this.#again = null;
  }

  /** New events, in the order of the log. */
  receive(events: RoomEvent[]): void {
    this.reaches(events.at(-1)?.seq ?? 0);
    if (this.#loads.size > 0) this.#meanwhile.push(...events);
    const window = this.#window.peek();
    if (window) this.#show(window.newer ? change(window, events) : append(window, events));
    this.#catchUp();
  }

  /**
   * A new connection: what changed meanwhile comes with what is resumed, but a window away from the
   * log's end is not resumed. It is read again.
   */
  reconnected(): void {
    const window = this.#window.peek();
    if (window?.newer) void this.#refresh(window.oldest - 1);
  }

  #refresh(after: number): Promise<void> {
    return this.#load("refresh", { after, limit: MAX_PAGE_EVENTS }, (page) => {
      const now = this.#window.peek();
      if (!now) return;
      this.#show(refresh(now, page));
      const last = page.events.at(-1)?.seq ?? now.newest;
      if (last < now.newest) void this.#refresh(last);
    });
  }

  /** The server's answer to our cursor. */
  resumed(fact: FactOf<"resumed">): void {
    this.reaches(fact.head);
    const afresh = !fact.contiguous && this.#missing() > MAX_CATCH_UP;
    this.receive(afresh ? [] : fact.events);
  }

  loadOlder(): Promise<void> {
    const window = this.#window.peek();
    if (!window) return this.jumpToNewest();
    if (!window.older) return Promise.resolve();
    return this.#load("older", { before: window.oldest }, (page) => {
      const now = this.#window.peek();
      if (now) this.#show(prepend(now, page));
    });
  }

  loadNewer(): Promise<void> {
    const window = this.#window.peek();
    if (!window) return this.jumpToNewest();
    if (!window.newer) return Promise.resolve();
    return this.#load("newer", { after: window.newest }, (page) => this.#extend(page));
  }

  /** Shows the part of the log around a message, unless it is held or not wanted any more. */
  show(seq: number, isWanted = () => true): Promise<void> {
    const window = this.#window.peek();
    if (window && seq >= window.oldest && seq <= window.newest) return Promise.resolve();
    return this.#load("around", { around: seq }, (page) => {
      if (!isWanted()) return;
      this.#show(windowOf(page));
      this.#catchUp();
    });
  }

  /** Shows the log's end; `least` events of it if it must be loaded. */
  jumpToNewest(least = PAGE_EVENTS): Promise<void> {
    return this.cursor === null ? this.#loadNewest(least) : Promise.resolve();
  }

  #extend(page: FactOf<"page">): void {
    const now = this.#window.peek();
    if (!now?.newer) return;
    const next = append(now, page.events);
    const newer = page.newer || next.newest < (page.events.at(-1)?.seq ?? page.head);
    this.#show({ ...next, newer });
    this.#catchUp();
  }

  #show(window: EventWindow): void {
    batch(() => {
      this.#window.value = window;
      this.#options.shown(window);
    });
  }

  /** Events between the newest held and the newest known of, if the window is at the log's end. */
  #missing(): number {
    return this.#head - (this.cursor ?? this.#head);
  }

  /** Reads on until nothing is missing. */
  #catchUp(): void {
    const cursor = this.cursor;
    if (cursor === null || this.#missing() <= 0 || this.#again !== null) return;
    if (this.#loads.has("gap")) return;
    void this.#fetchMissing(cursor).then(() => {
      if (this.cursor === cursor) this.#catchUpLater();
      else this.#catchUp();
    });
  }

  #fetchMissing(cursor: number): Promise<void> {
    if (this.#missing() > MAX_CATCH_UP) return this.#loadNewest(PAGE_EVENTS);
    const question = { after: cursor, limit: MAX_PAGE_EVENTS };
    return this.#load("gap", question, ({ events }) => {
      const now = this.#window.peek();
      if (now && !now.newer) this.#show(append(now, events));
    });
  }

  #catchUpLater(): void {
    const { clock, running } = this.#options;
    if (this.#closed || !running()) return;
    this.#again ??= clock.setTimeout(() => {
      this.#again = null;
      this.#catchUp();
    }, CATCH_UP_AGAIN_MS);
  }

  #loadNewest(least: number): Promise<void> {
    const limit = Math.min(MAX_PAGE_EVENTS, Math.max(PAGE_EVENTS, least));
    return this.#load("newest", { limit }, (page) => {
      this.#show(windowOf(page));
      this.#catchUp();
    });
  }

  /** One load of a kind at a time; a failed one leaves everything as it was. */
  #load(kind: Kind, range: Range, apply: (page: FactOf<"page">) => void): Promise<void> {
    const running = this.#loads.get(kind);
    if (running) return running;
    const load = this.#ask(kind, range, apply);
    this.#loads.set(kind, load);
    this.#tellLoading();
    return load;
  }

  async #ask(kind: Kind, range: Range, apply: (page: FactOf<"page">) => void): Promise<void> {
    const { ask, room, learned, failed } = this.#options;
    try {
      const page = await ask("history", { room, ...range });
      batch(() => {
        this.#loads.delete(kind);
        this.reaches(page.head);
        const quoted = page.quoted?.filter((event) => event.type === "posted");
        learned({ events: page.events, quoted, people: page.people });
        apply({ ...page, events: this.#asOfNow(page.events) });
        this.#tellLoading();
      });
    } catch (error) {
      this.#loads.delete(kind);
      this.#tellLoading();
      if (!QUIET.has(kind)) failed(error);
    }
  }

  /**
   * A page's events with the changes that came while it was on its way: what was delivered before
   * it was asked for is in it, what comes after it finds its messages held.
   */
  #asOfNow(events: RoomEvent[]): RoomEvent[] {
    const changes = this.#meanwhile.filter(isChange);
    if (changes.length === 0) return events;
    return events.map((event) =>
      event.type === "posted"
        ? changes.filter(({ message }) => message === event.seq).reduce(applyChange, event)
        : event
    );
  }

  #tellLoading(): void {
    if (this.#loads.size === 0) this.#meanwhile = [];
    this.#loading.value = [...this.#loads.keys()].some((kind) => !QUIET.has(kind));
  }
}

/** What comes with a page besides its place in the log. */
type LearnedPage = Pick<EventPage, "events" | "quoted" | "people">;

interface Range {
  before?: number;
  after?: number;
  around?: number;
  limit?: number;
}
