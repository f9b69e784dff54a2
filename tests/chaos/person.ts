/**
 * One person in chaos, with the manners of a real client: an outbox that is sent again under the
 * same ids after each reconnect, cursors to resume from, and another server when one is gone.
 */

import type { Fact } from "../../lib/chat/facts.ts";
import type { RoomEvent } from "../../lib/chat/values.ts";
import { type Client, TestSocket } from "../helpers/client.ts";
import type { Placed } from "./history.ts";

const HEARTBEAT_MS = 5_000;
const SILENCE_MS = 15_000;

export class ChaosPerson {
  readonly name: string;
  readonly acked: (Placed & { room: string })[] = [];
  /** What it saw of each room, in the order in which it took it. */
  readonly views = new Map<string, Placed[]>();
  connects = 0;
  resent = 0;
  refused = 0;
  #client: Client;
  #origins: string[];
  #random: () => number;
  #outbox = new Map<string, string>();
  #socket: TestSocket | null = null;
  #greeted = false;
  #posting = true;
  #closed = false;
  #made = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(client: Client, options: { origins: string[]; random: () => number }) {
    this.#client = client;
    this.#origins = options.origins;
    this.#random = options.random;
    this.name = client.me.username;
  }

  /** Lives in these rooms, posting to one of them about every so many milliseconds. */
  start(rooms: string[], everyMs: number): void {
    for (const room of rooms) this.views.set(room, []);
    this.#running = Promise.all([this.#stayConnected(), this.#post(rooms, everyMs)]).then(() => {});
  }

  get posted(): number {
    return this.#made;
  }

  /** Whether all it ever posted is acknowledged and it is connected. */
  get isSettled(): boolean {
    return this.#greeted && this.#outbox.size === 0;
  }

  quiet(): void {
    this.#posting = false;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.quiet();
    this.#socket?.socket.close();
    await this.#running;
  }

  async #post(rooms: string[], everyMs: number): Promise<void> {
    while (this.#posting) {
      await delay(everyMs * (0.5 + this.#random()));
      if (this.#outbox.size > 500) continue;
      const id = `${this.name}-${++this.#made}`;
      this.#outbox.set(id, rooms[Math.floor(this.#random() * rooms.length)]);
      if (this.#greeted) this.#send(id);
    }
  }

  #send(id: string): void {
    const room = this.#outbox.get(id);
    if (room) this.#socket?.send({ type: "post", room, id, text: `text of ${id}` });
  }

  async #stayConnected(): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#connect(this.#origins[Math.floor(this.#random() * this.#origins.length)]);
      } catch {
        // The server is down; perhaps the other one is not.
      }
      this.#greeted = false;
      this.#socket = null;
      if (!this.#closed) await delay(50 + 400 * this.#random());
    }
  }

  async #connect(origin: string): Promise<void> {
    const socket = new TestSocket(origin, { cookie: this.#client.cookie, origin });
    this.#socket = socket;
    let heardAt = Date.now();
    const beat = setInterval(() => {
      if (Date.now() - heardAt > SILENCE_MS || this.#closed) socket.socket.close();
      else if (this.#greeted) socket.send({ type: "ping" });
    }, HEARTBEAT_MS);
    try {
      await socket.opened;
      this.connects++;
      const cursors = Object.fromEntries([...this.views].map(([room]) => [room, this.#last(room)]));
      socket.socket.addEventListener("message", ({ data }) => {
        heardAt = Date.now();
        const message: Fact | Fact[] = JSON.parse(String(data));
        for (const fact of Array.isArray(message) ? message : [message]) this.#take(fact);
      });
      socket.send({ type: "hello", version: 1, cursors });
      await socket.closed;
    } finally {
      clearInterval(beat);
    }
  }

  #take(fact: Fact): void {
    if (fact.type === "welcome") this.#welcomed();
    else if (fact.type === "events" || fact.type === "resumed" || fact.type === "page") {
      this.#see(fact.room, fact.events);
      const more = fact.type === "resumed" ? !fact.contiguous : fact.type === "page" && fact.newer;
      if (more) this.#readOn(fact.room);
    } else if (fact.type === "ack") this.#acknowledged(fact);
    else if (fact.type === "error") this.#failed(fact.id, fact.message);
  }

  /** What was sent before and has no ack goes out again, under the same ids. */
  #welcomed(): void {
    this.#greeted = true;
    if (this.connects > 1) this.resent += this.#outbox.size;
    for (const id of this.#outbox.keys()) this.#send(id);
  }

  #acknowledged({ room, id, seq }: { room: string; id: string; seq: number }): void {
    this.acked.push({ room, seq, id, by: this.#client.me.id });
    this.#outbox.delete(id);
  }

  /** A message that was refused for now is sent again a little later. */
  #failed(id: string | undefined, message: string): void {
    if (!id) throw new Error(`${this.name}: ${message}`);
    this.refused++;
    setTimeout(() => this.#greeted && this.#send(id), 500);
  }

  #see(room: string, events: RoomEvent[]): void {
    const view = this.views.get(room);
    for (const { seq, by, id } of events) {
      if (seq > this.#last(room)) view?.push({ seq, by, id });
    }
  }

  #readOn(room: string): void {
    this.#socket?.send({ type: "history", ref: 1, room, after: this.#last(room) });
  }

  #last(room: string): number {
    return this.views.get(room)?.at(-1)?.seq ?? 0;
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
