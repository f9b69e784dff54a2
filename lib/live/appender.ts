/**
 * Stores messages: everything that waits is committed in groups, one atomic at a time, many rooms
 * in each. Messages of one room are stored in the order they were given. Every message gets exactly
 * one answer: the ack of its first commit, or an error after which it is not stored by this call.
 *
 * A group that is refused is sorted out: ids that were stored before are answered with their first
 * ack, rooms whose head moved wait a random time, the others go again at once. A commit whose
 * outcome is unknown (KV went away) is safe to repeat, because each id is stored once.
 */

import { OverloadedError } from "../chat/errors.ts";
import type { RoomEvent } from "../chat/values.ts";
import { isConflict, jitter } from "../store/conflicts.ts";
import {
  type Ack,
  commitPosts,
  type Draft,
  getAcks,
  getHeads,
  type HeadVersion,
  MAX_CHECKS,
  MAX_COMMIT_BYTES,
  type RoomBatch,
} from "../store/events.ts";

/** Messages that may wait before senders are told to slow down. */
export const MAX_QUEUED = 20_000;
/** Heads kept in memory. */
const MAX_HEADS = 20_000;
/** A message that KV would not take for so long is given back to its sender. */
const GIVE_UP_MS = 10_000;

interface Waiting {
  draft: Draft;
  since: number;
  done: (result: Ack | Error) => void;
}

interface Group {
  room: string;
  waiting: Waiting[];
}

/** What an appender tells its owner after a commit, before it answers the senders. */
export type OnCommit = (room: string, seq: number, events: RoomEvent[]) => void;

export class Appender {
  #kv: Deno.Kv;
  #now: () => number;
  #onCommit: OnCommit;
  #maxChecks: number;
  #queues = new Map<string, Waiting[]>();
  #queued = 0;
  #heads = new Map<string, HeadVersion>();
  /** Rooms whose head moved under a commit, until they may try again. */
  #paused = new Map<string, number>();
  #running: Promise<void> | null = null;

  constructor(
    kv: Deno.Kv,
    { onCommit, maxChecks = MAX_CHECKS, now = Date.now }: {
      onCommit: OnCommit;
      maxChecks?: number;
      now?: () => number;
    },
  ) {
    this.#kv = kv;
    this.#now = now;
    this.#maxChecks = maxChecks;
    this.#onCommit = onCommit;
  }

  /**
   * Takes a message that its author may post. `done` is called once, synchronously with the
   * publication of the event. Throws {@link OverloadedError} when too many wait.
   */
  post(draft: Draft, done: (result: Ack | Error) => void): void {
    if (this.#queued >= MAX_QUEUED) {
      throw new OverloadedError("The server has too many messages to store; try again.", 1_000);
    }
    const waiting = { draft, since: this.#now(), done };
    const queue = this.#queues.get(draft.room);
    if (queue) queue.push(waiting);
    else this.#queues.set(draft.room, [waiting]);
    this.#queued++;
    this.#running ??= this.#run();
  }

  /** As {@link Appender.post}, as a promise of the ack. */
  append(draft: Draft): Promise<Ack> {
    return new Promise((resolve, reject) => {
      this.post(draft, (result) => result instanceof Error ? reject(result) : resolve(result));
    });
  }

  /** Messages that wait. */
  get queued(): number {
    return this.#queued;
  }

  /** Resolves when nothing waits any more. */
  async flushed(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // what arrives in this turn shares the first commit
    for (let failures = 0; this.#queued > 0;) {
      const groups = this.#take(failures > 0 ? 1 : Infinity);
      if (groups.length === 0) {
        await jitter(3);
        continue;
      }
      try {
        await this.#commit(groups);
        failures = 0;
      } catch (error) {
        failures = await this.#recover(groups, error, failures);
      }
    }
    this.#running = null;
  }

  /** The next groups, within the limits of a commit; rooms that still wait go to the back. */
  #take(maxPosts: number): Group[] {
    const groups: Group[] = [];
    let checks = 0;
    let bytes = 0;
    let posts = 0;
    for (const [room, queue] of this.#queues) {
      if (checks + 2 > this.#maxChecks || posts >= maxPosts) break;
      if (this.#isPaused(room)) continue;
      const group: Group = { room, waiting: [] };
      const ids = new Set<string>();
      checks++;
      for (const waiting of queue) {
        const { by, id, text } = waiting.draft;
        const name = `${by}/${id}`;
        bytes += text.length * 3;
        if (checks === this.#maxChecks || posts >= maxPosts || ids.has(name)) break;
        if (bytes > MAX_COMMIT_BYTES && posts > 0) break;
        ids.add(name);
        group.waiting.push(waiting);
        checks++;
        posts++;
      }
      if (group.waiting.length > 0) groups.push(group);
      if (bytes > MAX_COMMIT_BYTES) break;
    }
    for (const { room, waiting } of groups) this.#dequeue(room, waiting.length);
    return groups;
  }

  #dequeue(room: string, count: number): void {
    const queue = this.#queues.get(room)!;
    this.#queues.delete(room);
    if (queue.length > count) this.#queues.set(room, queue.slice(count));
  }

  /** Puts a group back in front of its room's queue. */
  #requeue({ room, waiting }: Group): void {
    if (waiting.length === 0) return;
    this.#queues.set(room, [...waiting, ...this.#queues.get(room) ?? []]);
  }

  #isPaused(room: string): boolean {
    const until = this.#paused.get(room);
    if (until === undefined) return false;
    if (until > this.#now()) return true;
    this.#paused.delete(room);
    return false;
  }

  async #commit(groups: Group[]): Promise<void> {
    const batches = await this.#batches(groups);
    const commits = await commitPosts(this.#kv, batches, this.#now());
    if (!commits) return await this.#sortOut(groups);
    commits.forEach(({ room, to, events }, i) => {
      this.#remember(room, to);
      this.#queued -= events.length;
      groups[i].waiting.forEach(({ done }, n) => done({ seq: events[n].seq, at: events[n].at }));
      this.#onCommit(room, to.head.seq, events);
    });
  }

  async #batches(groups: Group[]): Promise<RoomBatch[]> {
    const unknown = groups.map(({ room }) => room).filter((room) => !this.#heads.has(room));
    const heads = await getHeads(this.#kv, unknown);
    unknown.forEach((room, i) => this.#remember(room, heads[i]));
    return groups.map(({ room, waiting }) => ({
      room,
      from: this.#heads.get(room)!,
      drafts: waiting.map(({ draft }) => draft),
    }));
  }

  #remember(room: string, head: HeadVersion): void {
    this.#heads.delete(room);
    this.#heads.set(room, head);
    if (this.#heads.size <= MAX_HEADS) return;
    for (const oldest of this.#heads.keys()) {
      this.#heads.delete(oldest);
      return;
    }
  }

  /** A commit was refused: answers what is stored already, and lets the rest try again. */
  async #sortOut(groups: Group[]): Promise<void> {
    const waiting = groups.flatMap((group) => group.waiting);
    const acks = await getAcks(this.#kv, waiting.map(({ draft }) => draft));
    const stored = new Map(waiting.map((one, i) => [one, acks[i]]));
    const heads = await getHeads(this.#kv, groups.map(({ room }) => room));
    groups.forEach((group, i) => {
      const known = this.#heads.get(group.room);
      if (known?.versionstamp !== heads[i].versionstamp) {
        this.#remember(group.room, heads[i]);
        this.#paused.set(group.room, this.#now() + Math.random() * 10);
      }
      this.#requeue({ ...group, waiting: group.waiting.filter((one) => !stored.get(one)) });
    });
    for (const [one, ack] of stored) if (ack) this.#answer(one, ack);
  }

  /** A commit threw. Answers the number of failures in a row. */
  async #recover(groups: Group[], error: unknown, failures: number): Promise<number> {
    const [{ waiting: [first], room }] = groups;
    const alone = groups.length === 1 && groups[0].waiting.length === 1;
    if (alone && !isConflict(error) && this.#isHopeless(first, error)) {
      this.#heads.delete(room);
      if (error instanceof TypeError) this.#answer(first, error);
      else this.#giveBack(first);
      return 0;
    }
    for (const group of groups) {
      this.#heads.delete(group.room);
      this.#requeue(group);
    }
    if (isConflict(error)) {
      await jitter(Math.min(failures + 2, 6));
      return 0;
    }
    if (failures === 0) console.error("Storing messages failed; trying again.", error);
    await jitter(Math.min(failures + 2, 8));
    return failures + 1;
  }

  /** KV will never take it (its own `TypeError`), or has not for too long. */
  #isHopeless({ since }: Waiting, error: unknown): boolean {
    return error instanceof TypeError && /too large|exceed/i.test(error.message) ||
      this.#now() - since > GIVE_UP_MS;
  }

  /** Gives a message back with those of its author behind it, which must not overtake it. */
  #giveBack(first: Waiting): void {
    const { room, by } = first.draft;
    const queue = this.#queues.get(room) ?? [];
    const others = queue.filter(({ draft }) => draft.by !== by);
    if (others.length > 0) this.#queues.set(room, others);
    else this.#queues.delete(room);
    const behind = queue.filter(({ draft }) => draft.by === by);
    for (const one of [first, ...behind]) this.#answer(one, unavailable());
  }

  #answer({ done }: Waiting, result: Ack | Error): void {
    this.#queued--;
    done(result);
  }
}

function unavailable(): OverloadedError {
  return new OverloadedError("Messages cannot be stored right now; try again.", 2_000);
}
