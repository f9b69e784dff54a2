/**
 * Which unread messages of one room mention the viewer, exact whatever order facts arrive in.
 *
 * A summary is right up to its head; what is newer is remembered by message, each with the `seq`
 * of the event that said so, so that of two the later one counts.
 */

import { isMentioned } from "../chat/messages.ts";
import type { RoomEvent } from "../chat/events.ts";

/** What a summary says of it. */
interface Truth {
  read: number;
  head: number;
  mentions?: readonly number[];
}

/** The unread mentions of one room. */
export class MentionCount {
  readonly #me: string;
  #read = 0;
  #head = 0;
  /** Unread messages that mention the viewer as of `head`. */
  #listed: ReadonlySet<number> = new Set();
  /** What events after `head` said, by message. */
  readonly #news = new Map<number, { asOf: number; mentioned: boolean }>();

  constructor(me: string, truth: Truth) {
    this.#me = me;
    this.reset(truth);
  }

  /** By `seq`, in order. */
  get value(): number[] {
    const listed = [...this.#listed].filter((seq) => !this.#news.has(seq));
    const news = [...this.#news].flatMap(([seq, { mentioned }]) => mentioned ? [seq] : []);
    return [...listed, ...news].filter((seq) => seq > this.#read).sort((a, b) => a - b);
  }

  /** A summary from the server; the pointer never goes back. */
  reset({ read, head, mentions = [] }: Truth): void {
    if (head < this.#head) return this.readTo(read);
    this.#head = head;
    this.#listed = new Set(mentions);
    for (const [seq, { asOf }] of this.#news) if (asOf <= head) this.#news.delete(seq);
    this.readTo(read);
  }

  /** An event of the room, live or read later. */
  see(event: RoomEvent): void {
    switch (event.type) {
      case "posted":
        return this.#learn(event.seq, event.changed ?? event.seq, isMentioned(event, this.#me));
      case "edited":
        return this.#learn(event.message, event.seq, isMentioned(event, this.#me));
      case "deleted":
        return this.#learn(event.message, event.seq, false);
    }
  }

  /** The viewer read up to `seq`. */
  readTo(seq: number): void {
    this.#read = Math.max(this.#read, seq);
    for (const message of this.#news.keys()) {
      if (message <= this.#read) this.#news.delete(message);
    }
  }

  #learn(message: number, asOf: number, mentioned: boolean): void {
    if (message <= this.#read || asOf <= this.#head) return;
    if (asOf >= (this.#news.get(message)?.asOf ?? 0)) this.#news.set(message, { asOf, mentioned });
  }
}
