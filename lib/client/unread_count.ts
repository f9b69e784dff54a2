/**
 * One room's count of unread messages, exact whatever order facts arrive in.
 *
 * Every count of the server names the head it was counted at, so later messages add to it and
 * earlier ones do not: those after both head and pointer are remembered by `seq`.
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

  constructor(me: string, truth: { read: number; unread: number; head: number }) {
    this.#me = me;
    this.reset(truth);
  }

  get read(): number {
    return this.#read;
  }

  get value(): number {
    return this.#bulk + this.#seen.size;
  }

  /** A summary from the server: it is right up to its head. */
  reset(truth: { read: number; unread: number; head: number }): void {
    this.#read = truth.read;
    this.#bulk = truth.unread;
    this.#head = truth.head;
    this.#forget(Math.max(truth.head, truth.read));
  }

  /** An event of the room, live or read later; each counts once. */
  see(event: RoomEvent): void {
    if (event.type !== "posted" || event.by === this.#me) return;
    if (event.seq <= Math.max(this.#read, this.#head) || this.#seen.has(event.seq)) return;
    this.#seen.add(event.seq);
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

  /**
   * The server's pointer moved, with its count; an older pointer than ours is old news. A count at
   * an older head than ours (it overtook a summary) does not know all that we count in bulk: only
   * its pointer is taken.
   */
  confirm({ seq, unread, head }: { seq: number; unread: number; head: number }): void {
    if (seq < this.#read) return;
    if (head >= this.#head) this.reset({ read: seq, unread, head });
    else this.readTo(seq);
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
