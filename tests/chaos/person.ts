/**
 * One person in chaos, with the manners of a real client: an outbox that is sent again under the
 * same ids after each reconnect, cursors to resume from, and another server when one is gone.
 */

import type { Fact, FactOf } from "../../lib/chat/facts.ts";
import type { Command } from "../../lib/chat/commands.ts";
import { applyChange, isChange } from "../../lib/chat/messages.ts";
import type { PostedEvent, RoomEvent } from "../../lib/chat/events.ts";
import { type Client, TestSocket } from "../helpers/client.ts";
import type { Placed } from "./history.ts";

const HEARTBEAT_MS = 5_000;
const SILENCE_MS = 15_000;
/** What part of what people do changes a message. */
const CHANGES = 0.35;
/** Answers after which the same is not sent again. */
const FINAL = new Set(["invalid", "not_found"]);

type Stored = Extract<Command, { type: "post" | "edit" | "delete" | "react" }>;

export class ChaosPerson {
  readonly name: string;
  readonly acked: (Placed & { room: string })[] = [];
  /** What it saw of each room, in the order in which it took it. */
  readonly views = new Map<string, Placed[]>();
  /** The messages of each room, by `seq`, as it would show them. */
  readonly messages = new Map<string, Map<number, PostedEvent>>();
  connects = 0;
  /** Changes that the server would not make, of a message that was deleted for example. */
  declined = 0;
  resent = 0;
  refused = 0;
  #client: Client;
  #origins: string[];
  #random: () => number;
  #outbox = new Map<string, Stored>();
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
    for (const room of rooms) this.messages.set(room, new Map());
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
      const room = this.#pick(rooms)!;
      this.#outbox.set(
        id,
        this.#change(room, id) ?? { type: "post", room, id, text: `text ${id}` },
      );
      if (this.#greeted) this.#send(id);
    }
  }

  /** A change of one of the newest messages, if this is to be one; of another's only a reaction. */
  #change(room: string, id: string): Stored | null {
    const message = this.#pick([...this.messages.get(room)!.values()].slice(-8));
    if (!message || message.deleted || this.#random() > CHANGES) return null;
    const base = { room, id, message: message.seq };
    const isOwn = message.by === this.#client.me.id;
    const type = isOwn ? this.#pick(["edit", "delete", "react"] as const)! : "react";
    if (type === "edit") return { type, ...base, text: `edit ${id}` };
    if (type === "delete") return { type, ...base };
    return { type, ...base, emoji: this.#pick(["👍", "🎉"])!, on: this.#random() < 0.7 };
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#random() * list.length)];
  }

  #send(id: string): void {
    const frame = this.#outbox.get(id);
    if (frame) this.#socket?.send(frame);
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
    else if (fact.type === "error") this.#failed(fact);
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

  /** What was refused for now is sent again a little later. */
  #failed({ id, code, message }: FactOf<"error">): void {
    const frame = this.#outbox.get(id ?? "");
    if (!id || !frame || FINAL.has(code) && frame.type === "post") {
      throw new Error(`${this.name}: ${message}`);
    }
    if (FINAL.has(code)) {
      this.declined++;
      this.#outbox.delete(id);
      return;
    }
    this.refused++;
    setTimeout(() => this.#greeted && this.#send(id), 500);
  }

  #see(room: string, events: RoomEvent[]): void {
    const view = this.views.get(room);
    for (const event of events) {
      if (event.seq <= this.#last(room)) continue;
      const { seq, by, id } = event;
      view?.push({ seq, by, id });
      this.#show(this.messages.get(room)!, event);
    }
  }

  #show(messages: Map<number, PostedEvent>, event: RoomEvent): void {
    if (event.type === "posted") messages.set(event.seq, event);
    if (!isChange(event)) return;
    const message = messages.get(event.message);
    if (message) messages.set(event.message, applyChange(message, event));
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
