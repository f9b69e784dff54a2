/**
 * Virtual time. Everything that happens is a task with an owner (an instance, a tab); when an owner
 * dies its tasks never run. After each task all microtasks run before the next one, as in a real
 * event loop, so a seed decides every interleaving and nothing else does.
 *
 * It also keeps the trace, as a running hash and, when asked for, as lines, and the violations.
 */

import { setImmediate } from "node:timers";
import { EventQueue, type Task } from "./event_queue.ts";
import { Random } from "./random.ts";

/** A process or a tab: what dies at once. */
export interface Owner {
  readonly name: string;
  alive: boolean;
}

/** When the simulated world begins, epoch ms. */
const BEGINNING = 1_750_000_000_000;
/** More tasks than any run needs: something goes round in circles. */
const MAX_TASKS = 400_000;

/** What a world shows of itself. */
export interface WorldOptions {
  seed: number;
  /** Called for each line of the trace. */
  print?: (line: string) => void;
}

export class World {
  readonly seed: number;
  readonly random: Random;
  /** Neither an instance nor a tab: set-up, the network, KV itself. */
  readonly root: Owner = { name: "world", alive: true };
  /** On whose behalf code runs now. */
  current: Owner = this.root;
  readonly violations: string[] = [];
  /** Ids and what to call them in the trace. */
  readonly aliases = new Map<string, string>();
  tasks = 0;
  #queue = new EventQueue();
  #now = BEGINNING;
  #order = 0;
  #hash = 0x811c9dc5;
  #print?: (line: string) => void;

  constructor({ seed, print }: WorldOptions) {
    this.seed = seed;
    this.random = new Random(seed);
    this.#print = print;
  }

  /** Milliseconds, with parts. */
  get now(): number {
    return this.#now;
  }

  /** As `Date.now()` tells it. */
  get clock(): number {
    return Math.floor(this.#now);
  }

  /** Same for the same seed: everything that was traced. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, "0");
  }

  /** Tasks still to come of owners that live. */
  pending(isIt: (owner: Owner) => boolean): number {
    return this.#queue.all.filter(({ run, owner }) => run && owner.alive && isIt(owner)).length;
  }

  /** Who has tasks to come, except the world itself. */
  pendingOwners(): string[] {
    const left = this.#queue.all.filter(({ run, owner }) => run && owner.alive);
    return [...new Set(left.map(({ owner }) => owner.name))].filter((name) => name !== "world");
  }

  after(owner: Owner, ms: number, run: () => void): Task {
    const task = { at: this.#now + Math.max(0, ms), order: this.#order++, owner, run };
    this.#queue.push(task);
    return task;
  }

  /** Lets time pass. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await turn();
    for (let next = this.#queue.first; next && next.at <= end; next = this.#queue.first) {
      await this.#step();
    }
    this.#now = end;
    this.current = this.root;
  }

  /** Lets time pass until the promise has settled. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    promise.finally(() => isSettled = true).catch(() => {});
    await turn();
    while (!isSettled && this.#queue.first) await this.#step();
    this.current = this.root;
    if (!isSettled) throw new Error("Nothing happens any more");
    return await promise;
  }

  async #step(): Promise<void> {
    const { at, owner, run } = this.#queue.pop()!;
    this.#now = Math.max(this.#now, at);
    if (!run || !owner.alive) return;
    if (++this.tasks > MAX_TASKS) throw new Error("The simulation goes round in circles");
    this.current = owner;
    try {
      run();
    } catch (error) {
      this.fail(`uncaught in ${owner.name}: ${error instanceof Error ? error.stack : error}`);
    }
    await turn();
  }

  /** Adds a line to the trace. */
  trace(who: string, what: string, detail = ""): void {
    this.#fold(who);
    this.#fold(what);
    this.#fold(detail);
    this.#hash = Math.imul(this.#hash ^ Math.floor((this.#now - BEGINNING) * 1000), 0x01000193);
    if (!this.#print) return;
    const time = ((this.#now - BEGINNING) / 1000).toFixed(4).padStart(9);
    this.#print(`${time} ${who.padEnd(9)} ${what.padEnd(8)} ${this.readable(detail)}`.trimEnd());
  }

  /** The text with names in place of ids. */
  readable(text: string): string {
    for (const [id, name] of this.aliases) text = text.replaceAll(id, name);
    return text;
  }

  /** Notes that a promise was broken. */
  fail(violation: string): void {
    this.trace("!!!", "broken", violation);
    this.violations.push(this.readable(violation));
  }

  /** FNV-1a. */
  #fold(text: string): void {
    let hash = this.#hash;
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    }
    this.#hash = hash;
  }
}

/** A turn of the real event loop: every microtask has run when it resolves. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
