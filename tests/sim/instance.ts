/**
 * One server process: the real live side and page data over a simulated KV handle. It starts,
 * serves, stops gracefully within {@link STOP_MS}, or is killed between two tasks.
 */

import { getChatData } from "../../lib/chat_data.ts";
import type { ChatData } from "../../lib/chat/pages.ts";
import { FileSweeper } from "../../lib/live/file_sweeper.ts";
import { Live } from "../../lib/live/live.ts";
import { RatesByPerson } from "../../lib/live/rates.ts";
import { Sockets } from "../../lib/live/sockets.ts";
import type { UserRecord } from "../../lib/store/accounts.ts";
import { toPerson } from "../../lib/store/accounts.ts";
import type { Bytes } from "../../lib/store/blobs.ts";
import type { Files } from "../../lib/store/file_stores.ts";
import { type FileRules, filesIn } from "./files.ts";
import { SimKv } from "./kv.ts";
import type { KvWeather } from "./faults.ts";
import type { Link } from "./network.ts";
import type { SimStore } from "./store.ts";
import type { Owner, World } from "./world.ts";

/** How long a process has between being asked to stop and being killed. */
const STOP_MS = 5_000;
/** Faster than people type, so that limits are met at times. */
const POSTS_PER_SECOND = 20;

/** What comes of a body at a time. */
const CHUNK_BYTES = 40_000;

/** Breaks a new instance: how the tests show that broken code is found. */
export type Sabotage = (parts: { live: Live; kv: SimKv }) => void;

/** What requests use of an instance. */
export interface Parts {
  live: Live;
  files: Files;
  sweeper: FileSweeper;
  instance: SimInstance;
}

export class SimInstance {
  readonly owner: Owner;
  readonly kv: SimKv;
  readonly links = new Set<Link>();
  state: "starting" | "up" | "stopping" | "gone" = "starting";
  readonly #world: World;
  readonly #remote: boolean;
  readonly #rules: FileRules;
  #live: Live | null = null;
  #parts: Parts | null = null;
  #sockets: Sockets | null = null;

  constructor(
    { world, store, name, weather, remote, rules }: {
      world: World;
      store: SimStore;
      name: string;
      weather: KvWeather;
      rules: FileRules;
      /** The database is a KV server, not a file. */
      remote: boolean;
    },
  ) {
    this.#world = world;
    this.#remote = remote;
    this.#rules = rules;
    this.owner = { name, alive: true };
    this.kv = new SimKv({ world, store, owner: this.owner, weather, remote });
  }

  get name(): string {
    return this.owner.name;
  }

  /** Peers that the hub still knows. */
  get peers(): number {
    return this.#live?.hub.peers.size ?? 0;
  }

  /** Starts the process; it ends when it cannot. */
  start(sabotage?: Sabotage): void {
    const { kv, owner, name } = this;
    this.#world.trace(name, "starting");
    this.#world.after(owner, 0, () => {
      const openKv = this.#remote ? () => Promise.resolve(kv.sibling()) : undefined;
      const { quotaBytes } = this.#rules;
      const live = this.#live = new Live(kv, { instance: name, openKv, quotaBytes });
      const files = filesIn(kv, this.#rules);
      const sweeper = new FileSweeper(files);
      live.listen(sweeper);
      sabotage?.({ live, kv });
      live.start().then(
        () => {
          sweeper.start();
          this.#parts = { live, files, sweeper, instance: this };
          const postsPerSecond = POSTS_PER_SECOND;
          const rates = new RatesByPerson(postsPerSecond);
          this.#sockets = new Sockets(live, { postsPerSecond, rates });
          this.state = "up";
          this.#world.trace(name, "up");
        },
        (error) => this.#world.after(owner, 0, () => this.kill(`cannot start: ${error.message}`)),
      );
    });
  }

  /** Takes a connection, as the route does. */
  accept(link: Link, user: UserRecord, session: string): boolean {
    if (this.state !== "up" || !this.#sockets?.accepts(user.id)) return false;
    this.links.add(link);
    this.#sockets.open(link.socket, { person: toPerson(user), session });
    return true;
  }

  /** What the chat page is made from; called on the instance's own behalf. */
  async page(user: UserRecord, room?: string): Promise<ChatData> {
    if (this.state !== "up") throw new Error("not serving");
    const data = await getChatData(this.#live!, user, new Request("http://sim/chat"), { room });
    return JSON.parse(JSON.stringify(data));
  }

  /** Obeys a request; called on the instance's own behalf. */
  async serve<T>(act: (parts: Parts) => Promise<T>): Promise<T> {
    if (this.state !== "up") throw new TypeError("not serving");
    return await act(this.#parts!);
  }

  /** A body as it comes by a network that may break. */
  async *receive(bytes: Bytes, breaks: boolean): AsyncGenerator<Bytes> {
    const end = breaks ? this.#world.random.int(0, bytes.length) : bytes.length;
    for (let at = 0; at < end; at += CHUNK_BYTES) {
      await this.#pause();
      yield bytes.subarray(at, Math.min(at + CHUNK_BYTES, end));
    }
    if (breaks) throw new TypeError("connection reset");
  }

  /** What somebody does by a form or the API. It may fail like anything else. */
  does(act: (parts: Parts) => Promise<unknown>): void {
    this.#world.after(this.owner, 0, () => {
      this.serve(act).catch((error) => {
        this.#world.trace(this.name, "refuses", error.message);
      });
    });
  }

  /** Ends in good order, or is killed when that takes too long. */
  stop(): void {
    if (this.state !== "up") return this.kill("stopped before it was up");
    this.state = "stopping";
    this.#world.trace(this.name, "stopping");
    this.#world.after(this.owner, 0, () => {
      this.#sockets?.close();
      this.#close().then(
        () => this.#ended(),
        (error) => this.kill(`stopped badly: ${error.message}`),
      );
    });
    this.#world.after(this.owner, STOP_MS, () => {
      if (this.state === "stopping") this.kill("stopped too slowly");
    });
  }

  /** The process is gone between two tasks. */
  kill(why: string): void {
    if (this.state === "gone") return;
    this.#world.trace(this.name, "killed", why);
    this.state = "gone";
    this.owner.alive = false;
    this.kv.kill();
    const told = this.#world.random.chance(0.7) ? "client" : "none";
    for (const link of this.links) link.cut({ told });
  }

  async #close(): Promise<void> {
    await this.#parts?.sweeper.close();
    await this.#live?.close();
  }

  #pause(): Promise<void> {
    const ms = this.#world.random.between([0.1, 20]);
    return new Promise((resolve) => void this.#world.after(this.owner, ms, resolve));
  }

  #ended(): void {
    this.#world.trace(this.name, "stopped");
    this.state = "gone";
    this.kv.close();
  }
}
