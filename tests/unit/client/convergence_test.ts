/**
 * The model against a small server that forgets nothing, under random loss, delay and order of
 * what may come in any order. However it went: once everything is delivered, the window is a
 * gapless run of the log, every message is stored once and in its order, and unread is exact.
 */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Command, CommandOf } from "../../../lib/chat/commands.ts";
import type { Fact } from "../../../lib/chat/facts.ts";
import { applyChange, lastOf } from "../../../lib/chat/messages.ts";
import type { ChangeEvent, PostedEvent, RoomEvent } from "../../../lib/chat/events.ts";
import type { EventPage } from "../../../lib/chat/pages.ts";
import type { LastPost, RoomSummary } from "../../../lib/chat/rooms.ts";
import { chatData, event, ME, room, Tab, welcome } from "../../helpers/chat_harness.ts";
import type { FakeConnection } from "../../helpers/fake_transport.ts";
import { microtasks } from "../../helpers/virtual_clock.ts";

/** The server's largest page; small, so that catching up takes several. */
const PAGE = 4;

/** A server with one room. Commands are obeyed in their order; facts wait to be delivered. */
class Server {
  readonly log: RoomEvent[] = [];
  /** Messages as they are now, by `seq`. */
  readonly messages = new Map<number, PostedEvent>();
  readonly tab: Tab;
  read = 0;
  #connection: FakeConnection | null = null;
  #obeyed = 0;
  /** Facts on their way. Those of different queues may overtake each other. */
  #events: Fact[] = [];
  #answers: Fact[] = [];

  constructor(tab: Tab) {
    this.tab = tab;
  }

  get head(): number {
    return this.log.length;
  }

  unread(upTo = this.head): number {
    const deleted = this.log.slice(0, upTo).flatMap((e) => e.type === "deleted" ? [e.message] : []);
    return this.log.slice(this.read, upTo).filter(({ type, by, seq }) =>
      type === "posted" && by !== ME.id && !deleted.includes(seq)
    ).length;
  }

  summary(): RoomSummary {
    const { head, read } = this;
    const last = [...this.messages.values()].at(-1);
    return room({ head, read, unread: this.unread(), last: last ? lastOf(last) : null });
  }

  page(from: number, to: number): EventPage {
    const events = this.log.slice(Math.max(0, from - 1), Math.max(0, to))
      .map((event) => this.messages.get(event.seq) ?? event);
    return { room: "r", events, head: this.head, older: from > 1, newer: to < this.head };
  }

  append(parts: Partial<PostedEvent>): PostedEvent {
    const added = event(this.head + 1, parts);
    this.messages.set(added.seq, added);
    this.#publish(added);
    return added;
  }

  /** Something happens to one of the messages. */
  change(n: number, what: "edited" | "deleted" | "reacted"): void {
    const message = [...this.messages.values()].at(-n);
    if (!message || message.deleted) return;
    const seq = this.head + 1;
    const base = { seq, at: seq, by: message.by, id: `c${seq}`, posts: 0, message: message.seq };
    const change: ChangeEvent = what === "edited"
      ? { ...base, type: what, text: `edited ${seq}` }
      : what === "deleted"
      ? { ...base, type: what }
      : { ...base, type: what, by: "ann", emoji: "👍", on: seq % 3 > 0 };
    this.messages.set(message.seq, applyChange(message, change));
    this.#publish(change);
  }

  #publish(event: RoomEvent): void {
    this.log.push(event);
    this.#events.push({ type: "events", room: "r", events: [event] });
  }

  moveRead(seq: number): void {
    if (seq <= this.read) return;
    this.read = Math.min(seq, this.head);
    const { read, head } = this;
    this.#answers.push({ type: "read", room: "r", seq: read, unread: this.unread(), head });
  }

  /** Obeys up to so many commands that were sent. */
  obey(most: number): void {
    const { connection } = this.tab;
    if (connection !== this.#connection) {
      this.#connection = connection;
      this.#obeyed = 0;
      this.#events = [];
      this.#answers = [];
      connection.accept();
    }
    for (const command of connection.sent.slice(this.#obeyed, this.#obeyed + most)) {
      this.#obeyed++;
      this.#run(command);
    }
  }

  #run(command: Command): void {
    if (command.type === "hello") this.#greet(command);
    else if (command.type === "post") this.#post(command);
    else if (command.type === "read") this.moveRead(command.seq);
    else if (command.type === "history") this.#history(command);
  }

  #greet({ cursors = {} }: CommandOf<"hello">): void {
    this.#events.push(welcome([this.summary()]));
    const after = cursors.r;
    if (after === undefined) return;
    const to = Math.min(after + PAGE, this.head);
    const { events, head } = this.page(after + 1, to);
    this.#events.push({ type: "resumed", room: "r", events, head, contiguous: to === head });
  }

  #post({ id, text }: CommandOf<"post">): void {
    const stored =
      this.log.find((event) => event.type === "posted" && event.by === ME.id && event.id === id) ??
        this.append({ by: ME.id, id, text });
    this.#answers.push({ type: "ack", room: "r", id, seq: stored.seq, at: stored.at });
  }

  #history({ ref, before, after, limit = PAGE }: CommandOf<"history">): void {
    const most = Math.min(limit, PAGE);
    const to = before !== undefined ? before - 1 : Math.min(this.head, (after ?? this.head) + most);
    const from = after !== undefined ? after + 1 : Math.max(1, to - most + 1);
    this.#answers.push({ type: "page", ref, ...this.page(from, to) });
  }

  /** Delivers some of what is on its way, answers before events or after. */
  async deliver(most: number, answersFirst: boolean): Promise<void> {
    if (this.tab.connection !== this.#connection) return;
    // Nothing overtakes the welcome, which answers the first frame.
    const live = this.tab.model.connection.value === "live";
    const answers = live ? this.#answers.splice(0, most) : [];
    const events = this.#events.splice(0, most);
    const facts = answersFirst ? [...answers, ...events] : [...events, ...answers];
    if (facts.length > 0) await this.tab.say(...facts);
  }

  get idle(): boolean {
    const { connection } = this.tab;
    return connection === this.#connection && connection.sent.length === this.#obeyed &&
      this.#events.length + this.#answers.length === 0;
  }
}

const step = fc.record({
  what: fc.constantFrom(
    ...["hear", "hear", "hear", "obey", "obey", "post", "ann", "ann", "drop", "read", "older"],
    ...["edited", "edited", "deleted", "reacted", "reacted"],
    ...["newer", "elsewhere", "look", "away", "time", "leave", "return"],
  ),
  /** How often, or how far back. */
  n: fc.integer({ min: 1, max: 4 }),
});

async function take(server: Server, { what, n }: { what: string; n: number }): Promise<void> {
  const { tab } = server;
  const open = tab.model.room.value;
  if (what === "hear") await server.deliver(n, n % 2 === 0);
  else if (what === "obey") server.obey(n);
  else if (what === "post") open?.post(`text ${n}`);
  else if (what === "ann") { for (let i = 0; i < n; i++) server.append({}); }
  else if (what === "edited" || what === "deleted" || what === "reacted") {
    server.change(n * n, what);
  } else if (what === "drop") tab.connection.drop(n === 1 ? 1012 : 1006);
  else if (what === "read") open?.markRead();
  else if (what === "older") void open?.loadOlder();
  else if (what === "newer") void open?.loadNewer();
  else if (what === "elsewhere") server.moveRead(server.head);
  else if (what === "look") tab.model.setAttention(true);
  else if (what === "away") tab.model.setAttention(false);
  else if (what === "time") await tab.clock.advance(n * 400);
  else if (what === "leave") tab.model.openRoom(null);
  else if (what === "return") tab.model.openRoom("r");
  await microtasks();
}

/** Lets everything arrive; time passes for what waits for its turn. */
async function settle(server: Server): Promise<void> {
  for (let round = 0; round < 200; round++) {
    server.obey(100);
    await server.deliver(100, round % 2 === 0);
    await server.tab.clock.advance(100);
    const { model } = server.tab;
    const posted = model.room.value?.entries.value.every(({ state }) => state === "stored");
    if (server.idle && posted && model.connection.value === "live" && round > 60) return;
  }
  throw new Error("It does not come to rest");
}

Deno.test("the model converges with the log, whatever is lost, late or out of turn", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const tab = new Tab(chatData({ rooms: [room()] }));
      const server = new Server(tab);
      tab.model.start();
      tab.model.openRoom("r");
      await microtasks();
      for (const each of steps) await take(server, each);
      tab.model.openRoom("r");
      await settle(server);
      check(server);
      tab.model.close();
    }),
    { numRuns: 1_000 },
  );
});

function check({ tab, log, head, messages, ...server }: Server): void {
  const { entries, unread, newer, summary } = tab.room;
  const seqs = entries.value.map(({ seq }) => seq ?? 0);
  const all = [...messages.keys()];
  const from = all.indexOf(seqs[0]);
  if (seqs.length > 0) {
    assertEquals(seqs, all.slice(from, from + seqs.length), "the window has no hole");
    if (!newer.value) assertEquals(seqs.at(-1), all.at(-1), "the window reaches the end");
  }
  if (!newer.value) assertEquals(summary.value.head, head);
  for (const { seq, key, text, deleted, reactions, changed } of entries.value) {
    const stored = messages.get(seq ?? 0)!;
    assertEquals([key, text, deleted, reactions, changed], [
      `${stored.by}:${stored.id}`,
      stored.text,
      stored.deleted,
      stored.reactions,
      stored.changed,
    ]);
  }
  const last = [...messages.values()].at(-1);
  assertEquals(preview(summary.value.last), preview(last ? lastOf(last) : null));
  const own = log.filter(({ type, by }) => type === "posted" && by === ME.id)
    .map(({ id }) => Number(id.slice(1)));
  assertEquals(own, own.toSorted((a, b) => a - b), "own messages are stored in their order");
  assertEquals(new Set(own).size, own.length, "and once");
  const unreadNow = [...messages.values()].filter(({ seq, by, deleted }) =>
    seq > server.read && by !== ME.id && !deleted
  );
  assertEquals(unread.value, unreadNow.length);
  assertEquals(summary.value.read, server.read);
  assertEquals(tab.browser.stored.size, 0);
}

function preview(last: LastPost | null) {
  return last && [last.seq, last.by, last.text, last.deleted];
}
