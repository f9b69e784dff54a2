/** A chat model in a world of the test's own: clock, connection, storage, ids and randomness. */

import type { Fact, FactOf } from "../../lib/chat/facts.ts";
import type { PostedEvent } from "../../lib/chat/events.ts";
import type { ChatData, EventPage } from "../../lib/chat/pages.ts";
import type { Person, PersonLine } from "../../lib/chat/people.ts";
import type { RoomSummary } from "../../lib/chat/rooms.ts";
import { Socket } from "../../lib/client/socket.ts";
import { ChatModel } from "../../lib/client/chat_model.ts";
import { FileDesk } from "../../lib/client/files/desk.ts";
import { Uploads } from "../../lib/client/files/uploads.ts";
import type { DeskWorld } from "../../lib/client/files_model.ts";
import { FakeUploads } from "./fake_uploads.ts";
import { FakeBrowser } from "./fake_tabs.ts";
import { type FakeConnection, FakeTransport } from "./fake_transport.ts";
import { microtasks, VirtualClock } from "./virtual_clock.ts";

export const ME: Person = { id: "me", username: "me", name: "Me" };
export const ANN: Person = { id: "ann", username: "ann", name: "Ann" };
export const BOB: Person = { id: "bob", username: "bob", name: "Bob" };

/** A message of Ann's, at the time that its place suggests. */
export function event(seq: number, parts: Partial<PostedEvent> = {}): PostedEvent {
  const text = `message ${seq}`;
  return {
    type: "posted",
    seq,
    at: 1_000 + seq,
    by: "ann",
    id: `e${seq}`,
    text,
    posts: seq,
    ...parts,
  };
}

/** Messages of Ann's from one place to another. */
export function events(from: number, to: number): PostedEvent[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => event(from + n));
}

/** The direct room with Ann. */
export function room(parts: Partial<RoomSummary> = {}): RoomSummary {
  const head = parts.head ?? 0;
  return {
    id: "r",
    kind: "direct",
    members: [ME, ANN],
    createdAt: 500,
    head,
    last: head === 0 ? null : { seq: head, at: 1_000 + head, by: "ann", text: `message ${head}` },
    read: head,
    unread: 0,
    ...parts,
  };
}

/** A page of Ann's messages up to the room's head. */
export function page(from: number, to: number, head = to): EventPage {
  return { room: "r", events: events(from, to), head, older: from > 1, newer: to < head };
}

/** A line of the people list. */
export function line(person: Person, online = false): PersonLine {
  return { ...person, online, seenAt: null };
}

export function chatData(parts: Partial<ChatData> = {}): ChatData {
  return {
    me: ME,
    now: 0,
    zone: "UTC",
    locale: "en",
    rooms: [],
    moreRooms: false,
    presence: [],
    people: { people: [], next: null },
    joined: 0,
    q: "",
    open: null,
    ...parts,
  };
}

/** The page of a room that is open and holds this run of its log. */
export function openData(from: number, to: number, parts: Partial<RoomSummary> = {}): ChatData {
  const summary = room({ head: to, ...parts });
  return chatData({
    rooms: [summary],
    open: { room: summary, page: page(from, to, summary.head) },
  });
}

export function welcome(rooms: RoomSummary[], parts: Partial<FactOf<"welcome">> = {}): Fact {
  return { type: "welcome", version: 1, me: ME, now: 0, joined: 0, rooms, more: false, ...parts };
}

/** What the tests of one tab work with. */
export class Tab {
  readonly clock: VirtualClock;
  readonly browser: FakeBrowser;
  readonly transport = new FakeTransport();
  readonly model: ChatModel;
  /** What `random()` answers. */
  random = 0.5;
  wake = () => {};
  /** The server of its files. */
  readonly uploads = new FakeUploads();
  #lastId = 0;

  constructor(
    data: ChatData,
    { clock = new VirtualClock(), browser = new FakeBrowser(), name = "m" } = {},
  ) {
    this.clock = clock;
    this.browser = browser;
    this.model = new ChatModel(data, {
      clock,
      random: () => this.random,
      newId: () => `${name}${++this.#lastId}`,
      openDrafts: browser.openDrafts,
      openDesk: (world) => Promise.resolve(this.openDesk(world)),
      outside: () => ({
        connect: (options) => new Socket({ ...options, transport: this.transport }),
        store: browser.storage,
        lock: browser.lock,
        channel: browser.channel(),
        wakeups: {
          listen: (wake) => {
            this.wake = wake;
            return () => this.wake = () => {};
          },
        },
      }),
    });
  }

  private openDesk({ changed, look, ...world }: DeskWorld): FileDesk {
    const { clock, browser, uploads: transport } = this;
    const uploads = new Uploads({
      transport,
      partBytes: 4,
      clock,
      random: () => this.random,
      prepare: (file) => Promise.resolve(file),
      turn: (key) => browser.turn(key),
      changed,
      look,
    });
    return new FileDesk({ ...world, uploads, maxBytes: 100, newKey: () => `f${++this.#lastId}` });
  }

  get connection(): FakeConnection {
    return this.transport.last;
  }

  /** Starts the model and answers its `hello`. */
  async live(rooms: RoomSummary[], ...more: Fact[]): Promise<this> {
    this.model.start();
    await microtasks();
    await this.greet(rooms, ...more);
    return this;
  }

  /** Opens the newest connection and answers its `hello`. */
  async greet(rooms: RoomSummary[], ...more: Fact[]): Promise<void> {
    this.connection.accept();
    this.connection.say(welcome(rooms), ...more);
    await microtasks();
  }

  /** Loses the connection and waits for the next one to be opened. */
  async reconnect(rooms: RoomSummary[], ...more: Fact[]): Promise<void> {
    this.connection.drop();
    await this.clock.advance(this.model.retryAt.value! - this.clock.now());
    await this.greet(rooms, ...more);
  }

  async say(...facts: Fact[]): Promise<void> {
    this.connection.say(...facts);
    await microtasks();
  }

  /** Answers the newest question of `history` with this run of the log. */
  async answerHistory(from: number, to: number, head = to): Promise<void> {
    const { ref } = this.connection.sentOf("history").at(-1)!;
    await this.say({ type: "page", ref, ...page(from, to, head) });
  }

  get room() {
    const open = this.model.room.value;
    if (!open) throw new Error("No room is open");
    return open;
  }

  /** Places of the entries of the open room; null for what is not stored. */
  get seqs(): (number | null)[] {
    return this.room.entries.value.map(({ seq }) => seq);
  }
}
