/**
 * Messages that wait to be stored, by room, first in first out. It decides which go into the next
 * commit: a room is in one commit at a time, so its order holds, and rooms take turns.
 */

import { type Ack, costOf, type Draft } from "../store/drafts.ts";

/** A message with the one who wants to hear what became of it. */
export interface Waiting {
  draft: Draft;
  /** When it was given, epoch ms. */
  since: number;
  /** Up to this `seq` of its room's log it is known not to be stored. */
  checked?: number;
  done: (result: Ack | Error) => void;
}

/** The messages of one room in one commit. */
export interface Group {
  room: string;
  waiting: Waiting[];
}

/** What one commit may hold. Each room costs a check. */
export interface CommitLimits {
  checks: number;
  posts: number;
  bytes: number;
}

export class PostQueue {
  #rooms = new Map<string, Waiting[]>();
  /** Rooms in a commit that is under way. */
  #busy = new Set<string>();
  #size = 0;

  /** Messages that wait or are in a commit. */
  get size(): number {
    return this.#size;
  }

  add(waiting: Waiting): void {
    const queue = this.#rooms.get(waiting.draft.room);
    if (queue) queue.push(waiting);
    else this.#rooms.set(waiting.draft.room, [waiting]);
    this.#size++;
  }

  /** The next groups, within the limits; their rooms are busy until {@link release}. None: all are. */
  take(limits: CommitLimits): Group[] {
    const groups: Group[] = [];
    const left = { ...limits };
    for (const [room, queue] of this.#rooms) {
      if (left.checks < 1 || left.posts < 1) break;
      if (this.#busy.has(room)) continue;
      left.checks--;
      const waiting = takeFitting(queue, left, groups.length === 0);
      if (waiting.length > 0) groups.push({ room, waiting });
    }
    for (const { room, waiting } of groups) this.#dequeue(room, waiting.length);
    return groups;
  }

  /** A commit ended: `again` of its messages go back to the front of their room's queue. */
  release({ room }: Group, again: readonly Waiting[] = []): void {
    this.#busy.delete(room);
    if (again.length > 0) this.#rooms.set(room, [...again, ...this.#rooms.get(room) ?? []]);
  }

  /** Gives a message its one answer. */
  answer({ done }: Waiting, result: Ack | Error): void {
    this.#size--;
    done(result);
  }

  /**
   * Removes the messages that were given before a time and are in no commit, and with each those of
   * its author behind it in the room, which must not overtake it.
   */
  takeOlder(than: number): Waiting[] {
    const taken: Waiting[] = [];
    for (const [room, queue] of [...this.#rooms]) {
      const late = new Set(queue.filter(({ since }) => since < than).map(({ draft }) => draft.by));
      if (late.size === 0) continue;
      const { true: old = [], false: others = [] } = Object.groupBy(
        queue,
        ({ draft }) => String(late.has(draft.by)) as "true" | "false",
      );
      taken.push(...old);
      if (others.length > 0) this.#rooms.set(room, others);
      else this.#rooms.delete(room);
    }
    return taken;
  }

  /** What is left goes behind the other rooms. */
  #dequeue(room: string, count: number): void {
    const queue = this.#rooms.get(room)!;
    this.#busy.add(room);
    this.#rooms.delete(room);
    if (queue.length > count) this.#rooms.set(room, queue.slice(count));
  }
}

/** The first messages of a queue that still fit. An id twice in one commit could not be told apart. */
function takeFitting(queue: readonly Waiting[], left: CommitLimits, isFirst: boolean): Waiting[] {
  const taken: Waiting[] = [];
  const ids = new Set<string>();
  for (const waiting of queue) {
    const { id } = waiting.draft;
    const { posts, bytes, checks } = costOf(waiting.draft);
    const fits = left.checks >= checks && left.posts >= posts && left.bytes >= bytes;
    const mustGo = isFirst && taken.length === 0;
    if (!fits && !mustGo || ids.has(id)) break;
    ids.add(id);
    taken.push(waiting);
    left.checks -= checks;
    left.posts -= posts;
    left.bytes -= bytes;
  }
  return taken;
}
