/**
 * Keeps the reader's place in a room. Before each render it notes which message is at the top of
 * the view, and after it puts that message back there, whatever was added or let go around it; at
 * the bottom it stays at the bottom. This does not rely on the browser's scroll anchoring.
 * In a `column-reverse` scroller `scrollTop` is 0 at the bottom and negative above.
 */

import { type Signal, signal } from "@preact/signals";
import {
  aroundRange,
  MAX_SHOWN,
  newerRange,
  newestRange,
  olderRange,
  type Range,
  shown,
} from "./message_window.ts";
import { cx } from "./cx.ts";
import type { Entry, RoomModel } from "./models.ts";

/** How near to the bottom counts as being there, in pixels. */
const NEAR_BOTTOM = 48;
/** After a failed load of older messages the next automatic try waits this long. */
const RETRY_MS = 3_000;

const FLASH = cx("message-flash");

export class ScrollKeeper {
  readonly range: Signal<Range>;
  /** The reader is above the newest messages. */
  readonly away = signal(false);
  #room: RoomModel;
  #me: string;
  #view: HTMLElement | null = null;
  #anchor: { node: Element; top: number } | null = null;
  #pinned = false;
  /** A room opens at its first unread message; a reader who scrolls meanwhile stays where they are. */
  #opening: "waiting" | "seeking" | "placing" | "done" = "waiting";
  #seen: number;
  #lastKey: string | undefined;
  /** The message to bring into view and to mark. */
  #target: number | null;
  #tried = { seq: -1, at: 0 };

  constructor(room: RoomModel, me: string, at: number | null = null) {
    this.#target = at;
    this.#room = room;
    this.#me = me;
    this.#seen = room.summary.peek().head;
    this.#lastKey = this.#entries.at(-1)?.key;
    this.range = signal(
      at === null ? newestRange(this.#entries) : aroundRange(this.#entries, at),
    );
  }

  get #entries(): Entry[] {
    return this.#room.entries.peek();
  }

  /** The entries to draw. A range that lost its entries, as by a jump, begins anew. */
  visible(entries: Entry[]): Entry[] {
    const range = this.range.value;
    const first = entries.find(({ seq }) => seq !== null)?.seq ?? 0;
    const lost = range.from === 0 || (range.to !== null && range.to < first);
    if (lost && first > 0) this.range.value = newestRange(entries);
    // Without the log's end there is no newest to follow.
    else if (range.to === null && this.#room.newer.value) {
      this.range.value = { from: range.from, to: lastSeq(entries) };
    }
    return shown(entries, this.range.value);
  }

  /** Messages by others that came in while the reader was away. */
  missed(entries: Entry[]): number {
    return entries.filter(({ seq, by, deleted }) =>
      seq !== null && seq > this.#seen && by !== this.#me && !deleted
    ).length;
  }

  /** Call while rendering, before the DOM changes. */
  beforeRender(): void {
    const view = this.#view;
    if (!view) return;
    this.#pinned ||= this.#isAtNewest(view);
    this.#anchor = this.#pinned ? null : topMessage(view);
  }

  /** Call once the DOM has changed, before it is painted. */
  afterRender(view: HTMLElement | null): void {
    this.#view = view;
    if (!view) return;
    if (this.#target !== null && this.#showTarget(view)) this.#opening = "done";
    else {
      this.#keepPlace(view);
      if (this.#opening !== "done") this.#open(view);
    }
    this.#pinned = false;
    this.#followOwn();
    this.settle();
  }

  /** Looks where the reader is now: loads what is near, and marks as read what they have reached. */
  settle = (): void => {
    const view = this.#view;
    if (view && this.#opening === "seeking" && isMoved(view)) this.#opening = "done";
    if (!view || this.#opening !== "done") return;
    const above = view.scrollHeight - view.clientHeight + view.scrollTop;
    if (above < view.clientHeight) this.showOlder({ again: false });
    if (-view.scrollTop < view.clientHeight) this.#showNewer();
    const atNewest = this.#isAtNewest(view);
    this.away.value = !atNewest;
    if (!atNewest) return;
    this.#seen = Math.max(this.#seen, lastSeq(this.#entries));
    this.#room.markRead();
    if (shown(this.#entries, this.range.peek()).length > MAX_SHOWN) {
      this.range.value = newestRange(this.#entries);
    }
  };

  /** Shows a step of older messages, from memory or from the server. */
  showOlder = (options: { again: boolean } = { again: true }): void => {
    const first = this.#entries.find(({ seq }) => seq !== null)?.seq ?? 0;
    if (first < this.range.peek().from) {
      this.range.value = olderRange(this.#entries, this.range.peek());
      return;
    }
    const room = this.#room;
    if (!room.older.peek() || room.loading.peek()) return;
    const tried = this.#tried.seq === first && Date.now() - this.#tried.at < RETRY_MS;
    if (tried && !options.again) return;
    this.#tried = { seq: first, at: Date.now() };
    void room.loadOlder().then(() => {
      this.range.value = olderRange(this.#entries, this.range.peek());
    });
  };

  /** Goes to the newest message, loading what lies between. */
  jump = async (): Promise<void> => {
    await this.#room.jumpToNewest();
    this.#pinned = true;
    this.range.value = newestRange(this.#entries);
  };

  /** Goes to a message and marks it for a moment, loading the part of the log that it is in. */
  goTo = async (seq: number): Promise<void> => {
    await this.#room.show(seq);
    this.#target = seq;
    const { from, to } = this.range.peek();
    const isShown = seq >= from && (to === null || seq <= to);
    if (!isShown || !this.#view || !this.#showTarget(this.#view)) {
      this.range.value = aroundRange(this.#entries, seq);
    }
  };

  /** Whether the message was there to be shown. */
  #showTarget(view: HTMLElement): boolean {
    const line = view.querySelector<HTMLElement>(`[data-seq="${this.#target}"]`);
    if (!line) return false;
    this.#target = null;
    this.#pinned = false;
    view.scrollTop += topOf(line, view) - view.clientHeight / 3;
    line.focus({ preventScroll: true });
    line.classList.remove(FLASH);
    void line.offsetWidth; // so that the animation begins anew
    line.classList.add(FLASH);
    return true;
  }

  #showNewer(): void {
    const range = this.range.peek();
    if (range.to !== null && (range.to < lastSeq(this.#entries) || !this.#room.newer.peek())) {
      this.range.value = newerRange(this.#entries, range);
    } else if (this.#room.newer.peek() && !this.#room.loading.peek()) void this.#room.loadNewer();
  }

  /** A message that the viewer just wrote is always brought into view. */
  #followOwn(): void {
    const last = this.#entries.at(-1);
    const isNew = last !== undefined && last.key !== this.#lastKey;
    this.#lastKey = last?.key;
    if (isNew && last.by === this.#me && last.state === "pending") this.jump();
  }

  #isAtNewest(view: HTMLElement): boolean {
    return !isMoved(view) && this.range.peek().to === null && !this.#room.newer.peek();
  }

  #keepPlace(view: HTMLElement): void {
    if (this.#pinned) view.scrollTop = 0;
    else if (this.#anchor?.node.isConnected) {
      const moved = topOf(this.#anchor.node, view) - this.#anchor.top;
      if (moved !== 0) view.scrollTop += moved;
    }
  }

  #open(view: HTMLElement): void {
    if (this.#opening === "seeking" || !this.#room.loaded.peek()) return;
    const divider = this.#room.dividerAfter.peek();
    const line = view.querySelector("[data-unread]");
    if (this.#opening === "waiting" && divider !== null && !line && !isMoved(view)) {
      void this.#seek(divider + 1);
      return;
    }
    if (line && !isMoved(view)) view.scrollTop += topOf(line, view) - 8;
    this.#opening = "done";
  }

  /** Loads the part of the log that the first unread message is in. */
  async #seek(seq: number): Promise<void> {
    this.#opening = "seeking";
    const isWanted = () =>
      this.#opening === "seeking" && this.#view !== null && !isMoved(this.#view);
    await this.#room.show(seq, isWanted);
    if (isWanted() && this.#room.oldest.peek() <= seq) {
      this.#opening = "placing";
      this.range.value = aroundRange(this.#entries, seq);
    } else {
      this.#opening = "done";
      this.settle();
    }
  }
}

/** Whether the reader has left the end, at which a room is drawn first. */
function isMoved(view: HTMLElement): boolean {
  return -view.scrollTop >= NEAR_BOTTOM;
}

function lastSeq(entries: Entry[]): number {
  return entries.findLast(({ seq }) => seq !== null)?.seq ?? 0;
}

function topOf(node: Element, view: HTMLElement): number {
  return node.getBoundingClientRect().top - view.getBoundingClientRect().top;
}

/** The first message that reaches into the view; its node lives on when others come and go. */
function topMessage(view: HTMLElement): { node: Element; top: number } | null {
  const nodes = view.querySelectorAll("[data-key]");
  const top = view.getBoundingClientRect().top;
  let low = 0;
  let high = nodes.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (nodes[middle].getBoundingClientRect().bottom > top) high = middle;
    else low = middle + 1;
  }
  return nodes[low] ? { node: nodes[low], top: topOf(nodes[low], view) } : null;
}
