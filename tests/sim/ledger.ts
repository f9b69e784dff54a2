/**
 * What was said and promised so far: every message that was posted, every change that was asked
 * for, every ack that left a server, every event that reached a client. Promises that can be judged at once are judged here, against
 * the store.
 */

import type { Fact } from "../../lib/chat/facts.ts";
import type { PostedEvent, RoomEvent } from "../../lib/chat/events.ts";
import { visibleFrom } from "../../lib/chat/permissions.ts";
import { fromStored } from "../../lib/store/events.ts";
import { keys } from "../../lib/store/keys.ts";
import type { RoomRecord } from "../../lib/store/rooms.ts";
import { membershipIn } from "./membership.ts";
import type { Ears, Link } from "./network.ts";
import type { SimStore } from "./store.ts";
import type { World } from "./world.ts";

/** A message that somebody posted. */
export interface Said {
  room: string;
  by: string;
  id: string;
  text: string;
  /** Which tab, and its how-manieth. */
  tab: string;
  number: number;
  /** Must be stored in the end: it was written down, or its tab lives. */
  kept: boolean;
  /** Given up by its author; may be stored or not. */
  cancelled: boolean;
  /** The contents of its files. */
  files?: string[];
  /** Id of the message that it forwards, whose files it has; its text is one that this one had. */
  of?: string;
}

/** A change of a message that somebody asked for. */
export interface Made {
  room: string;
  by: string;
  id: string;
  type: "edited" | "deleted" | "reacted" | "pinned";
  /** `seq` of the message. */
  message: number;
  text?: string;
  /** Its maker was told that it is stored, or that it cannot be; nobody knows before. */
  answer?: "stored" | "failed";
}

export class Ledger implements Ears {
  /** By id; ids differ across tabs. */
  readonly said = new Map<string, Said>();
  /** By id, as messages. */
  readonly made = new Map<string, Made>();
  /** By id: the place that an ack named when it left a server. */
  readonly acked = new Map<string, number>();
  readonly #world: World;
  readonly #store: SimStore;
  /** For each connection and room: the last `seq` of its `events` frames. */
  readonly #published = new Map<Link, Map<string, number>>();

  constructor(world: World, store: SimStore) {
    this.#world = world;
    this.#store = store;
  }

  /** The room's log as it is stored. */
  log(room: string): RoomEvent[] {
    const log = this.#store.list({ prefix: keys.entries(["room", room]) })
      .map(({ key, value }) => fromStored({ seq: Number(key[3]), value }));
    for (const event of log) this.#learn(event);
    return log;
  }

  say(message: Said): void {
    this.said.set(message.id, message);
  }

  /** What a message said when it was posted, and shows. */
  meaning(id: string): { text: string; files: string[] } {
    const said = this.said.get(id);
    const { files = [] } = said?.of === undefined ? said ?? {} : this.meaning(said.of);
    return { text: said?.text ?? "?", files };
  }

  make(change: Made): void {
    this.made.set(change.id, change);
  }

  serverSends(link: Link, data: string): void {
    this.#world.trace(link.name, "<-", data);
    for (const fact of framesOf(data)) {
      if (fact.type === "ack") this.#promised(link, fact);
      if (fact.type === "events") this.#publishes(link, fact.room, fact.events);
      if ("events" in fact) this.#mustBeFor(link, fact.room, fact.events);
    }
  }

  clientHears(link: Link, data: string): void {
    this.#world.trace(link.name, "hears", String(data.length));
    for (const fact of framesOf(data)) {
      if (fact.type === "events" || fact.type === "resumed" || fact.type === "page") {
        for (const event of fact.events) {
          this.#learn(event);
          this.#mustBeStored(fact.room, event);
        }
      }
    }
  }

  /** What a forward says is known once somebody sees it. */
  #learn(event: RoomEvent): void {
    if (event.type !== "posted" || event.deleted) return;
    const said = this.said.get(event.id);
    if (said?.of === undefined) return;
    if (said.text && said.text !== event.text) this.#world.fail(`${said.id} says something else`);
    said.text = event.text;
  }

  /** An acknowledged message is stored when the ack leaves, and each ack of it says the same. */
  #promised(link: Link, { room, id, seq }: Extract<Fact, { type: "ack" }>): void {
    const author = (this.said.get(id) ?? this.made.get(id))?.by;
    const before = this.acked.get(id);
    if (before !== undefined && before !== seq) {
      this.#world.fail(`${id} was acked as ${before} and as ${seq} to ${link.name}`);
    }
    this.acked.set(id, seq);
    const { value } = this.#store.get(keys.entry(["room", room], seq));
    const stored = value as PostedEvent | null;
    if (stored?.id !== id || stored.by !== author) {
      this.#world.fail(`${id} was acked as ${seq} of ${room}, where ${stored?.id} is stored`);
    }
  }

  /** To one connection, a room's events go out once, in order and without a hole. */
  #publishes(link: Link, room: string, events: RoomEvent[]): void {
    const rooms = this.#published.get(link) ?? new Map<string, number>();
    this.#published.set(link, rooms);
    for (const { seq } of events) {
      const last = rooms.get(room);
      const cameBack = this.#cameBack(link, room, seq);
      if (last !== undefined && seq !== last + 1 && !cameBack) {
        this.#world.fail(`${link.name} was sent ${seq} after ${last} of ${room}`);
      }
      rooms.set(room, seq);
    }
  }

  /** Who left a group and joined it again misses what was between. */
  #cameBack(link: Link, room: string, seq: number): boolean {
    return membershipIn(this.log(room).slice(0, seq), this.#personOf(link)).departed;
  }

  /** Nothing of a group is said to those who are no members, or of before they were. */
  #mustBeFor(link: Link, room: string, events: RoomEvent[]): void {
    const person = this.#personOf(link);
    const { until, isMember } = membershipIn(this.log(room), person);
    const { value } = this.#store.get(keys.room(room));
    const from = isMember ? visibleFrom(value as RoomRecord, person) : 1;
    for (const { seq } of events) {
      if (seq < until && seq >= from) continue;
      this.#world.fail(`${link.name} was sent ${seq} of ${room}, which is not for them`);
    }
  }

  #personOf({ name }: Link): string {
    return String(this.#store.get(keys.username(name.split(".")[0])).value);
  }

  /** What does not change of an event is as it is stored; what does is judged in the end. */
  #mustBeStored(room: string, event: RoomEvent): void {
    const { value } = this.#store.get(keys.entry(["room", room], event.seq));
    const stored = value === null ? null : fromStored({ seq: event.seq, value });
    if (stored === null || lasting(stored) !== lasting(event)) {
      this.#world.fail(`${room} #${event.seq} was shown as ${event.id}, stored is ${stored?.id}`);
    }
  }
}

/** An event without what can change of it. A deletion empties its message's edits. */
function lasting(event: RoomEvent): string {
  if (event.type === "edited") {
    const gone = { text: undefined, mentions: undefined, all: undefined };
    return JSON.stringify({ ...event, ...gone });
  }
  if (event.type !== "posted") return JSON.stringify(event);
  const { seq, at, by, id, posts, reply } = event;
  return JSON.stringify({ seq, at, by, id, posts, reply });
}

function framesOf(data: string): Fact[] {
  const frames: Fact | Fact[] = JSON.parse(data);
  return Array.isArray(frames) ? frames : [frames];
}
