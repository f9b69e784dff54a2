/**
 * Stores messages and what happens to them: everything that waits is committed in groups, many
 * rooms in each. Drafts of one room are stored in the order they were given. Every one gets exactly
 * one answer: the ack of its first commit, or an error after which it is not stored by this call.
 *
 * What is refused because a head moved goes again at once, with fewer rooms in a commit. An id that
 * was stored before is answered with its first ack; so a commit whose outcome is unknown (KV went
 * away) is safe to repeat.
 */

import { OverloadedError } from "../chat/errors.ts";
import type { RoomEvent } from "../chat/events.ts";
import { isConflict, jitter } from "../store/conflicts.ts";
import {
  commitDrafts,
  MAX_CHECKS,
  MAX_COMMIT_BYTES,
  MAX_COMMIT_POSTS,
  type RoomBatch,
} from "../store/commits.ts";
import { getAcks, listIds, type Stretch, unprovenAfter } from "../store/dedupe.ts";
import type { Ack, Draft } from "../store/drafts.ts";
import { getHeads, type HeadVersion } from "../store/events.ts";
import type { MentionChange } from "../store/room_plan.ts";
import { type CommitLimits, type Group, PostQueue, type Waiting } from "./post_queue.ts";
import { MAX_IDS, RecentIds } from "./recent_ids.ts";

/** Messages that may wait before senders are told to slow down. */
export const MAX_QUEUED = 20_000;
/** Heads kept in memory. */
const MAX_HEADS = 20_000;
/** A message that KV would not take for so long is given back to its sender. */
const GIVE_UP_MS = 10_000;
/**
 * Commits under way at once, of different rooms. A server answers after the network did; a file has
 * one writer, which would be idle between an answer and the next commit.
 */
const LANES = { remote: 8, local: 2 };
/** A group's head counts posts by author: an id of 16 characters and a number each. */
const AUTHOR_BYTES = 26;
/** What heads may add to a commit, besides its drafts; KV allows 800 KB for both. */
const MAX_HEADS_BYTES = 300_000;
/**
 * So many at most go to a server each by itself. A request of more than a kilobyte waits there for 40
 * milliseconds: its body follows its head in a packet of its own, which Nagle's algorithm holds back.
 */
const FEW = 8;

/** What an appender tells its owner of a commit that stored events, right after it answered the senders. */
export type OnCommit = (
  room: string,
  events: RoomEvent[],
  mentions: MentionChange[],
) => void;

/** How an appender works and whom it tells. */
export interface AppenderOptions {
  onCommit: OnCommit;
  /** KV is a server that is reached by KV Connect. */
  remote?: boolean;
  now?: () => number;
}

export class Appender {
  #kv: Deno.Kv;
  #now: () => number;
  #onCommit: OnCommit;
  #place: "remote" | "local";
  #queue = new PostQueue();
  #heads = new Map<string, HeadVersion>();
  #recent = new RecentIds();
  #lanes = 0;
  /**
   * Checks of the next commit. Of many rooms at once one is always moved by an instance that is
   * quicker: so each refusal halves them, and each success doubles them.
   */
  #checks: number;

  constructor(kv: Deno.Kv, { onCommit, remote = false, now = Date.now }: AppenderOptions) {
    this.#kv = kv;
    this.#now = now;
    this.#place = remote ? "remote" : "local";
    this.#checks = MAX_CHECKS[this.#place];
    this.#onCommit = onCommit;
  }

  /**
   * Takes a message that its author may post. `done` is called once, synchronously with the
   * publication of the event. Throws {@link OverloadedError} when too many wait.
   */
  post(draft: Draft, done: (result: Ack | Error) => void): void {
    if (this.#queue.size >= MAX_QUEUED) {
      throw new OverloadedError("The server has too many messages to store; try again.", 1_000);
    }
    this.#queue.add({ draft, since: this.#now(), done });
    while (this.#lanes < LANES[this.#place]) void this.#run();
  }

  /** As {@link Appender.post}, as a promise of the ack. */
  append(draft: Draft): Promise<Ack> {
    return new Promise((resolve, reject) => {
      this.post(draft, (result) => result instanceof Error ? reject(result) : resolve(result));
    });
  }

  /**
   * Takes a room's head as the watch reports it, so that the first commit after another instance's
   * is not refused. Rooms that nobody posts to here are not remembered.
   */
  learn(room: string, head: HeadVersion): void {
    const known = this.#heads.get(room);
    // Versions grow, and so do their texts.
    if (known && (known.versionstamp ?? "") < (head.versionstamp ?? "")) {
      this.#heads.set(room, head);
    }
  }

  /** Entries of a room's log, as they came by: their ids are known without a read. */
  saw(room: string, events: readonly RoomEvent[]): void {
    this.#recent.add(room, events);
  }

  /** Messages that wait. */
  get queued(): number {
    return this.#queue.size;
  }

  /** Resolves when nothing waits any more. */
  async flushed(): Promise<void> {
    while (this.#queue.size > 0) await jitter(3);
  }

  /** Commits until nothing waits that another lane is not at. */
  async #run(): Promise<void> {
    this.#lanes++;
    await Promise.resolve(); // what arrives in this turn shares the first commit
    for (let failures = 0; this.#queue.size > 0;) {
      const limits: CommitLimits = {
        checks: this.#checks,
        posts: MAX_COMMIT_POSTS,
        bytes: MAX_COMMIT_BYTES,
      };
      // After a failure one at a time, so that a message that KV will not take fails alone.
      const one = failures > 0 || this.#place === "remote" && this.#queue.size <= FEW;
      const groups = this.#queue.take(one ? { ...limits, posts: 1 } : limits);
      if (groups.length === 0) break;
      try {
        await this.#commit(groups);
        failures = 0;
      } catch (error) {
        failures = await this.#recover(groups, error, failures);
      }
    }
    this.#lanes--; // in the same turn as the last look at the queue, so nothing is left behind
  }

  async #commit(taken: Group[]): Promise<void> {
    const all = await this.#batches(taken);
    const batches = all.slice(0, countFitting(all));
    const groups = taken.slice(0, batches.length);
    for (const group of taken.slice(batches.length)) this.#queue.release(group, group.waiting);
    // After the heads are known: see `commitDrafts`.
    const unsure: Waiting[] = [];
    for (const [i, batch] of batches.entries()) {
      unsure.push(...await this.#unsure(batch, groups[i].waiting));
    }
    if (await this.#answerStored(groups, unsure)) return;
    batches.forEach(({ from: { head } }, i) => {
      for (const waiting of groups[i].waiting) waiting.checked = head.seq;
    });
    const commits = await commitDrafts(this.#kv, batches, { at: this.#now() });
    if (!commits) return await this.#sortOut(groups);
    this.#checks = Math.min(2 * this.#checks, MAX_CHECKS[this.#place]);
    commits.forEach(({ room, to, events, outcomes, mentions }, i) => {
      if (events.length > 0) this.#remember(room, to);
      this.#queue.release(groups[i]);
      groups[i].waiting.forEach((waiting, n) => this.#queue.answer(waiting, outcomes[n]));
      if (events.length > 0) this.#onCommit(room, events, mentions);
    });
  }

  /** Messages that may be stored already: neither their head nor the ids of what came since deny it. */
  async #unsure({ room, from: { head } }: RoomBatch, waiting: Waiting[]): Promise<Waiting[]> {
    const places = waiting.map(({ draft, checked }) => unprovenAfter(head, draft.id, checked));
    const after = Math.min(...places.map((place) => place ?? head.seq));
    const recent = await this.#idsSince(room, { after, upTo: head.seq });
    return waiting.filter(({ draft: { id } }, i) => {
      const place = places[i];
      if (place === null) return true;
      return place < head.seq && (recent === null || recent.includes(id));
    });
  }

  /** The ids of a stretch of a room's log; those that were not delivered here are read. */
  async #idsSince(room: string, { after, upTo }: Stretch): Promise<string[] | null> {
    if (after >= upTo) return [];
    const missing = this.#recent.missing(room, { after, upTo });
    if (missing !== null && upTo - after <= MAX_IDS) {
      this.#recent.add(room, await listIds(this.#kv, room, { after: missing - 1, upTo }));
    }
    return this.#recent.of(room, { after, upTo });
  }

  async #batches(groups: Group[]): Promise<RoomBatch[]> {
    const unknown = groups.map(({ room }) => room).filter((room) => !this.#heads.has(room));
    const heads = await getHeads(this.#kv, unknown);
    const read = new Map(unknown.map((room, i) => [room, heads[i]]));
    for (const [room, head] of read) this.#remember(room, head);
    return groups.map(({ room, waiting }) => ({
      room,
      from: this.#heads.get(room) ?? read.get(room)!,
      drafts: waiting.map(({ draft }) => draft),
    }));
  }

  #remember(room: string, head: HeadVersion): void {
    this.#heads.delete(room);
    this.#heads.set(room, head);
    if (this.#heads.size <= MAX_HEADS) return;
    for (const oldest of this.#heads.keys()) return void this.#heads.delete(oldest);
  }

  /**
   * Answers what of these messages is stored already. If anything was, the rest of all groups goes
   * back to its queues; `false` says that nothing was and nothing was done.
   */
  async #answerStored(groups: Group[], waiting: readonly Waiting[]): Promise<boolean> {
    if (waiting.length === 0) return false;
    const acks = await getAcks(this.#kv, waiting.map(({ draft }) => draft));
    if (acks.every((ack) => ack === null)) return false;
    const stored = new Map(waiting.map((one, i) => [one, acks[i]]));
    for (const group of groups) {
      this.#queue.release(group, group.waiting.filter((one) => !stored.get(one)));
    }
    for (const [one, ack] of stored) if (ack) this.#queue.answer(one, ack);
    return true;
  }

  /** A commit was refused: learns which heads moved and lets all try again. */
  async #sortOut(groups: Group[]): Promise<void> {
    this.#checks = Math.ceil(groups.length / 2);
    const heads = await getHeads(this.#kv, groups.map(({ room }) => room));
    groups.forEach((group, i) => {
      this.#remember(group.room, heads[i]);
      this.#queue.release(group, group.waiting);
    });
  }

  /** A commit threw. Answers the number of failures in a row. */
  async #recover(groups: Group[], error: unknown, failures: number): Promise<number> {
    const [{ waiting: [first] }] = groups;
    const isPoison = isRefusal(error) && groups.length === 1 && groups[0].waiting.length === 1;
    for (const group of groups) {
      this.#heads.delete(group.room);
      this.#queue.release(group, isPoison ? [] : group.waiting);
    }
    if (isPoison) {
      this.#queue.answer(first, error);
      return 0;
    }
    if (failures === 0 && !isConflict(error)) {
      console.error("Storing messages failed; trying again.", error);
    }
    await jitter(Math.min(failures + 2, 8));
    this.#giveUp(this.#queue.takeOlder(this.#now() - GIVE_UP_MS));
    return isConflict(error) ? 0 : failures + 1;
  }

  #giveUp(old: Waiting[]): void {
    for (const waiting of old) {
      this.#queue.answer(
        waiting,
        new OverloadedError("Messages cannot be stored right now; try again.", 2_000),
      );
    }
  }
}

/** KV's own word that it will never take a value. */
function isRefusal(error: unknown): error is TypeError {
  return error instanceof TypeError && /too large|exceed/i.test(error.message);
}

/** How many rooms, one at least, one commit can take: the heads of large groups are large. */
function countFitting(batches: readonly RoomBatch[]): number {
  let bytes = 0;
  const end = batches.findIndex(({ from: { head: { members = 0 } } }, i) => {
    bytes += members * AUTHOR_BYTES;
    return bytes > MAX_HEADS_BYTES && i > 0;
  });
  return end < 0 ? batches.length : end;
}
