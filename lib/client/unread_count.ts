/**
 * One room's count of unread messages, exact whatever order facts arrive in.
 *
 * Every count of the server names the head it was counted at, so later messages add to it and
 * earlier ones do not: those after both head and pointer are remembered by `seq`.
 */

import type { DeletedEvent, RoomEvent } from "../chat/events.ts";
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
  /** Deletions after `head`, by the message's `seq`: a count at an older head has them in it. */
  readonly #gone = new Map<number, number>();

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
    this.#forgetGone();
    for (const message of this.#gone.keys()) {
      if (message > truth.read && message <= truth.head) this.#bulk--;
    }
  }

  /** An event of the room, live or read later; each counts once. */
  see(event: RoomEvent): void {
    if (event.by === this.#me) return;
    if (event.type === "deleted") this.#delete(event);
    if (event.type !== "posted") return;
    if (event.deleted) return void this.#seen.delete(event.seq);
    if (this.#gone.has(event.seq)) return;
    if (event.seq <= Math.max(this.#read, this.#head) || this.#seen.has(event.seq)) return;
    this.#seen.add(event.seq);
    if (this.#seen.size > MAX_SEEN) this.#fold(event.seq);
  }

  /** A message of another's counts no more, in the bulk or by itself. */
  #delete({ seq, message }: DeletedEvent): void {
    if (seq <= this.#head || this.#gone.has(message)) return;
    this.#gone.set(message, seq);
    const wasSeen = this.#seen.delete(message);
    if (!wasSeen && message <= this.#head && message > this.#read) this.#bulk--;
  }

  /** The log as it is held; when that is all after the pointer, it takes the bulk's place. */
  hold({ oldest, newest, entries }: EventWindow): void {
    const isAll = oldest <= this.#read + 1 && newest >= this.#head;
    if (!isAll || this.#head <= this.#read) return;
    for (const { seq, by, deleted } of entries) {
      if (seq !== null && seq > this.#read && by !== this.#me && !deleted) this.#seen.add(seq);
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
   * its pointer is taken. False says that the bulk may be wrong now, and must be asked for anew.
   */
  confirm({ seq, unread, head }: { seq: number; unread: number; head: number }): boolean {
    if (seq < this.#read) return true;
    if (head >= this.#head) {
      this.reset({ read: seq, unread, head });
      return true;
    }
    const moved = seq > this.#read;
    this.readTo(seq);
    return !moved || this.#bulk === 0;
  }

  #forget(upTo: number): void {
    for (const seq of this.#seen) if (seq <= upTo) this.#seen.delete(seq);
  }

  #forgetGone(): void {
    for (const [message, seq] of this.#gone) if (seq <= this.#head) this.#gone.delete(message);
  }

  #fold(head: number): void {
    this.#bulk += this.#seen.size;
    this.#head = head;
    this.#seen.clear();
    this.#forgetGone();
  }
}
