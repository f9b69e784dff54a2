/**
 * The load that every server under test gets. Closed loop: each author keeps some messages in
 * flight and sends the next one when an ack comes. Open loop: messages leave by the clock,
 * each of anybody's, and latency counts from when a message *should* have left, so that a slow server cannot hide behind
 * a generator that waits for it. Latency is from there to the receipt of every other member.
 */

import { percentile } from "./latencies.ts";
import type { Word } from "./dialects.ts";
import { connectAll, type LoadClient, type Place } from "./load_client.ts";
import { cpuSince, sleep, usageOf } from "./processes.ts";
import type { Timing } from "./report.ts";

const TEXT = "See you at seven, the usual place; I bring the tickets.";
/** Messages whose departure is remembered. */
const REMEMBERED = 2 ** 20;
const DRAIN_MS = 10_000;

/** What happened in one stretch of time; latencies in milliseconds, CPU in percent of one core. */
export type Window = {
  postsPerSecond: number;
  deliveriesPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  serverCpu: number;
  loadCpu: number;
  /** Server CPU time for each stored message: holds on a busy machine too. */
  cpuUsPerPost: number;
};

/** When the next message of a load leaves. */
export type Pace = { inFlight: number } | { postsPerSecond: number };

/** How to measure, and whose CPU time. */
export interface RunOptions extends Timing {
  pids: readonly number[];
  onWindow?: (window: Window) => void;
}

export class Load {
  readonly clients: LoadClient[] = [];
  failures: string[] = [];
  #authors: LoadClient[] = [];
  #inFlightEach = 0;
  #number = 0;
  #waiting = 0;
  #stored = 0;
  #deliveries = 0;
  #latencies: number[] = [];
  #leftAt = new Float64Array(REMEMBERED);
  #authorOf = new Array<LoadClient>(REMEMBERED);

  /** Connects; the first `authors` of the places, or all, write. */
  static async connect(places: readonly Place[], authors = places.length): Promise<Load> {
    const load = new Load();
    const clients = await connectAll(places, (client, word) => load.#hear(client, word));
    load.clients.push(...clients);
    load.#authors = clients.slice(0, authors);
    return load;
  }

  /** Runs at a pace: first to warm up, then once for each window. Waits for the last acks. */
  async run(
    pace: Pace,
    { warmUpMs, windowMs, runs, pids, onWindow }: RunOptions,
  ): Promise<Window[]> {
    const stop = "inFlight" in pace ? this.#keep(pace.inFlight) : this.#send(pace.postsPerSecond);
    const windows: Window[] = [];
    try {
      await sleep(warmUpMs);
      for (let run = 0; run < runs; run++) {
        const window = await this.#window(windowMs, pids);
        windows.push(window);
        onWindow?.(window);
      }
    } finally {
      stop();
    }
    for (const end = Date.now() + DRAIN_MS; this.#waiting > 0 && Date.now() < end;) await sleep(20);
    this.#waiting = 0;
    return windows;
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
  }

  async #window(ms: number, pids: readonly number[]): Promise<Window> {
    this.#stored = this.#deliveries = 0;
    this.#latencies = [];
    const [server, self, since] = [usageOf(pids), usageOf([Deno.pid]), performance.now()];
    await sleep(ms);
    const seconds = (performance.now() - since) / 1000;
    const serverCpu = cpuSince(pids, server, seconds);
    return {
      postsPerSecond: this.#stored / seconds,
      deliveriesPerSecond: this.#deliveries / seconds,
      p50Ms: percentile(this.#latencies, 0.5),
      p99Ms: percentile(this.#latencies, 0.99),
      serverCpu,
      loadCpu: cpuSince([Deno.pid], self, seconds),
      cpuUsPerPost: serverCpu / 100 * 1e6 * seconds / Math.max(1, this.#stored),
    };
  }

  #keep(inFlight: number): () => void {
    this.#inFlightEach = inFlight;
    for (const author of this.#authors) {
      for (let n = 0; n < inFlight; n++) this.#post(author, performance.now());
    }
    return () => this.#inFlightEach = 0;
  }

  #send(perSecond: number): () => void {
    const since = performance.now();
    let sent = 0;
    const timer = setInterval(() => {
      for (const due = (performance.now() - since) * perSecond / 1000; sent < due; sent++) {
        const author = this.#authors[Math.floor(Math.random() * this.#authors.length)];
        this.#post(author, since + sent * 1000 / perSecond);
      }
    }, 1);
    return () => clearInterval(timer);
  }

  #post(author: LoadClient, leftAt: number): void {
    const n = this.#number++;
    this.#leftAt[n % REMEMBERED] = leftAt;
    this.#authorOf[n % REMEMBERED] = author;
    this.#waiting++;
    author.post(n, TEXT);
  }

  #hear(client: LoadClient, word: Word): void {
    if (word.is === "posted") return this.#delivered(client, word.n);
    if (word.is === "failed") this.failures.push(word.why);
    else if (word.is === "ack") this.#stored++;
    else return;
    this.#waiting--;
    if (this.#inFlightEach > 0) this.#post(client, performance.now());
  }

  #delivered(client: LoadClient, n: number): void {
    if (this.#authorOf[n % REMEMBERED] === client) return;
    this.#deliveries++;
    this.#latencies.push(performance.now() - this.#leftAt[n % REMEMBERED]);
  }
}
