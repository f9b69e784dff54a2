/**
 * One room's count of unread messages, exact whatever order facts arrive in.
 *
 * A summary names the head it was counted at, so later messages add to it and earlier ones do not.
 * A `read` fact names no head: its count may include messages that are still on their way here, or
 * miss some that overtook it. Because messages after the pointer are remembered by `seq`, both are
 * told apart. Only where a summary counted in bulk past a pointer that another device then moved to
 * its middle, and the log in between is not loaded, the server's number stands as it is.
 */

import type { RoomEvent } from "../chat/values.ts";
import type { EventWindow } from "./event_window.ts";

/** Messages remembered one by one; beyond it they are counted in bulk. */
const MAX_SEEN = 2_000;

/** Counts others' messages after the viewer's read pointer. */
export class UnreadCount {
  readonly #me: string;
  #read = 0;
  /** The count in `(read, head]`, from the server. */
  #bulk = 0;
  #head = 0;
  /** Others' messages after both `head` and `read`, by `seq`. */
  readonly #seen = new Set<number>();
  /** Counted by the server already, not seen here yet. */
  #ahead = 0;

  constructor(me: string, truth: { read: number; unread: number; head: number }) {
    this.#me = me;
    this.reset(truth);
  }

  get read(): number {
    return this.#read;
  }

  get value(): number {
    return this.#bulk + this.#seen.size + this.#ahead;
  }

  /** A summary from the server: it is right up to its head. */
  reset(truth: { read: number; unread: number; head: number }): void {
    this.#read = truth.read;
    this.#bulk = truth.unread;
    this.#head = truth.head;
    this.#ahead = 0;
    this.#forget(Math.max(truth.head, truth.read));
  }

  /** An event of the room, live or read later; each counts once. */
  see(event: RoomEvent): void {
    if (event.type !== "posted" || event.by === this.#me) return;
    if (event.seq <= Math.max(this.#read, this.#head) || this.#seen.has(event.seq)) return;
    this.#seen.add(event.seq);
    if (this.#ahead > 0) this.#ahead--;
    if (this.#seen.size > MAX_SEEN) this.#fold(event.seq);
  }

  /** The log as it is held; when that is all after the pointer, it takes the bulk's place. */
  hold({ oldest, newest, entries }: EventWindow): void {
    const isAll = oldest <= this.#read + 1 && newest >= this.#head;
    if (!isAll || this.#head <= this.#read) return;
    for (const { seq, by } of entries) {
      if (seq !== null && seq > this.#read && by !== this.#me) this.#seen.add(seq);
    }
    this.#bulk = 0;
    this.#head = this.#read;
  }

  /** The viewer read up to `seq` here; the server does not know yet. */
  readTo(seq: number): void {
    if (seq <= this.#read) return;
    this.#read = seq;
    this.#forget(seq);
    if (seq < this.#head) return;
    this.#bulk = 0;
    this.#head = seq;
  }

  /** The server's pointer moved, with its count; an older pointer than ours is old news. */
  confirm(seq: number, unread: number): void {
    if (seq < this.#read) return;
    this.readTo(seq);
    if (seq < this.#head) {
      this.#bulk = Math.max(0, unread - this.#seen.size);
      this.#ahead = 0;
    } else this.#ahead = Math.max(0, unread - this.#seen.size);
  }

  #forget(upTo: number): void {
    for (const seq of this.#seen) if (seq <= upTo) this.#seen.delete(seq);
  }

  #fold(head: number): void {
    this.#bulk += this.#seen.size;
    this.#head = head;
    this.#seen.clear();
  }
}
