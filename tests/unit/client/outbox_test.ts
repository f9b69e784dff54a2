import { assert, assertEquals } from "@std/assert";
import type { CommandOf } from "../../../lib/chat/commands.ts";
import type { FactOf } from "../../../lib/chat/facts.ts";
import { AGED, MAX_AGE_MS, Outbox } from "../../../lib/client/outbox.ts";
import type { OutboxEntry } from "../../../lib/client/outbox_shelf.ts";
import { FakeBrowser } from "../../helpers/fake_tabs.ts";
import { microtasks, VirtualClock } from "../../helpers/virtual_clock.ts";

class OutboxTab {
  readonly clock: VirtualClock;
  readonly browser: FakeBrowser;
  readonly sent: CommandOf<"post">[] = [];
  readonly troubles: unknown[] = [];
  readonly outbox: Outbox;
  #lastId = 0;

  constructor(name: string, { clock = new VirtualClock(), browser = new FakeBrowser() } = {}) {
    this.clock = clock;
    this.browser = browser;
    this.outbox = new Outbox({
      clock,
      newId: () => `${name}${++this.#lastId}`,
      send: (frame) => this.sent.push(frame) > 0,
      troubled: (error) => void this.troubles.push(error),
    });
  }

  start(): Promise<void> {
    const { storage: store, lock } = this.browser;
    return this.outbox.start({ store, lock, channel: this.browser.channel() });
  }

  async live(): Promise<this> {
    void this.start();
    await microtasks();
    this.outbox.setLive(true);
    await microtasks();
    return this;
  }

  async add(...texts: string[]): Promise<void> {
    for (const text of texts) this.outbox.add("r", text);
    await microtasks();
  }

  async ack(...ids: string[]): Promise<void> {
    for (const id of ids) this.outbox.settle("r", id);
    await microtasks();
  }

  async refuse(id: string, parts: Partial<FactOf<"error">> = {}): Promise<void> {
    this.outbox.refuse({ type: "error", code: "invalid", message: "no", room: "r", id, ...parts });
    await microtasks();
  }

  get ids(): string[] {
    return this.sent.map(({ id }) => id);
  }

  get states(): string[] {
    return this.outbox.entries.value.map(({ id, state }) => `${id} ${state}`);
  }
}

function stored(id: string, clock: VirtualClock, parts: Partial<OutboxEntry> = {}): OutboxEntry {
  const at = clock.now() - 1_000;
  return { room: "r", id, text: id, createdAt: at, askedAt: at, state: "pending", ...parts };
}

function browserWith(...entries: OutboxEntry[]): FakeBrowser {
  const browser = new FakeBrowser();
  for (const entry of entries) browser.stored.set(`${entry.room}:${entry.id}`, entry);
  return browser;
}

Deno.test("Outbox shows, stores and sends a message, and drops it at its ack", async () => {
  const tab = await new OutboxTab("a").live();
  await tab.add("hi");
  assertEquals(tab.sent, [{ type: "post", room: "r", id: "a1", text: "hi" }]);
  assertEquals([...tab.browser.stored.keys()], ["r:a1"]);
  await tab.ack("a1");
  assertEquals(tab.states, []);
  assertEquals(tab.browser.stored.size, 0);
  assertEquals(tab.browser.turns, 0, "the turn is given back");
  assertEquals(tab.clock.pending, 0);
});

Deno.test("Outbox keeps what is posted offline, and sends it in order once live", async () => {
  const tab = new OutboxTab("a");
  void tab.start();
  await tab.add("1", "2", "3");
  assertEquals(tab.sent, []);
  assertEquals(tab.states, ["a1 pending", "a2 pending", "a3 pending"]);
  assertEquals(tab.browser.stored.size, 3);
  tab.outbox.setLive(true);
  await microtasks();
  assertEquals(tab.ids, ["a1", "a2", "a3"]);
});

Deno.test("Outbox keeps its messages and their order over a reload", async () => {
  const before = new OutboxTab("a");
  void before.start();
  await before.add("1", "2", "3");
  before.outbox.close();
  const after = new OutboxTab("b", before);
  void after.start();
  await microtasks();
  assertEquals(after.states, ["a1 pending", "a2 pending", "a3 pending"]);
  await after.add("4");
  after.outbox.setLive(true);
  await microtasks();
  assertEquals(after.ids, ["a1", "a2", "a3", "b1"]);
});

Deno.test("Outbox orders by its own sequence even when the clock goes back", async () => {
  const browser = new FakeBrowser();
  const before = new OutboxTab("a", { browser });
  void before.start();
  await microtasks();
  await before.add("1");
  before.outbox.close();
  const after = new OutboxTab("b", { browser, clock: new VirtualClock(1_000) });
  void after.start();
  await microtasks();
  await after.add("2");
  assertEquals(after.states, ["a1 pending", "b1 pending"]);
});

Deno.test("Outbox sends at most 16 of a room ahead of their acks", async () => {
  const tab = await new OutboxTab("a").live();
  await tab.add(...Array.from({ length: 20 }, String));
  assertEquals(tab.sent.length, 16);
  await tab.ack("a1", "a2");
  assertEquals(tab.ids.slice(16), ["a17", "a18"]);
  tab.outbox.add("other", "x");
  await microtasks();
  assertEquals(tab.sent.at(-1)?.room, "other");
});

Deno.test("Outbox sends again in order and under the same ids after a reconnect", async () => {
  const tab = await new OutboxTab("a").live();
  await tab.add("1", "2", "3");
  await tab.ack("a2");
  tab.outbox.setLive(false);
  await tab.add("4");
  assertEquals(tab.sent.length, 3);
  tab.outbox.setLive(true);
  await microtasks();
  assertEquals(tab.ids.slice(3), ["a1", "a3", "a4"]);
});

Deno.test("Outbox fails what the server calls invalid or absent, and holds back the newer ones", async () => {
  for (const code of ["invalid", "not_found", "malformed"] as const) {
    const tab = new OutboxTab("a");
    void tab.start();
    await tab.add("1");
    tab.outbox.setLive(true);
    await microtasks();
    await tab.refuse("a1", { code, message: "text is empty" });
    assertEquals(tab.outbox.entries.value[0].error, "text is empty");
    assertEquals(tab.browser.stored.get("r:a1")?.state, "failed");
    await tab.add("2");
    tab.outbox.add("other", "x");
    await microtasks();
    assertEquals(tab.ids, ["a1", "a3"], "another room is not held back");
    assertEquals(tab.states, ["a1 failed", "a2 pending", "a3 pending"]);
    tab.outbox.setLive(false);
    tab.outbox.setLive(true);
    await microtasks();
    assertEquals(tab.ids, ["a1", "a3", "a3"], "nor does a reconnect send it");
  }
});

Deno.test("Outbox sends a failed message and those behind it when it is retried", async () => {
  const tab = await new OutboxTab("a").live();
  await tab.add("1");
  await tab.refuse("a1");
  await tab.add("2");
  tab.outbox.retry("r", "a1");
  await microtasks();
  assertEquals(tab.ids, ["a1", "a1", "a2"]);
  assertEquals(tab.outbox.entries.value[0].error, undefined);
});

Deno.test("Outbox sends those behind a failed message when it is cancelled", async () => {
  const tab = await new OutboxTab("a").live();
  await tab.add("1");
  await tab.refuse("a1");
  await tab.add("2");
  tab.outbox.cancel("r", "a1");
  await microtasks();
  assertEquals(tab.ids, ["a1", "a2"]);
  assertEquals(tab.states, ["a2 pending"]);
  assertEquals([...tab.browser.stored.keys()], ["r:a2"]);
});

Deno.test("Outbox cancels what is pending, but not what is in flight", async () => {
  const tab = await new OutboxTab("a").live();
  await tab.add("1");
  tab.outbox.cancel("r", "a1");
  assertEquals(tab.states, ["a1 pending"]);
  tab.outbox.setLive(false);
  tab.outbox.cancel("r", "a1");
  assertEquals(tab.states, []);
});

Deno.test("Outbox waits as long as a busy server says, and then goes on in order", async () => {
  for (const code of ["rate_limited", "overloaded"] as const) {
    const tab = await new OutboxTab("a").live();
    await tab.add("1", "2");
    await tab.refuse("a1", { code, retryAfterMs: 700 });
    await tab.refuse("a2", { code, retryAfterMs: 400 });
    await tab.add("3");
    await tab.clock.advance(699);
    assertEquals(tab.ids, ["a1", "a2"]);
    assertEquals(tab.states, ["a1 pending", "a2 pending", "a3 pending"]);
    await tab.clock.advance(1);
    assertEquals(tab.ids, ["a1", "a2", "a1", "a2", "a3"]);
  }
});

Deno.test("Outbox tries an internal error a few times, ever later, and then fails", async () => {
  const tab = await new OutboxTab("a").live();
  await tab.add("1");
  for (let n = 1; n < 5; n++) {
    await tab.refuse("a1", { code: "internal" });
    assertEquals(tab.states, ["a1 pending"]);
    await tab.clock.advance(1_000 * 2 ** n);
    assertEquals(tab.sent.length, n + 1);
  }
  await tab.refuse("a1", { code: "internal" });
  assertEquals(tab.states, ["a1 failed"]);
});

Deno.test("Outbox sends again what got no answer on a live connection", async () => {
  const tab = await new OutboxTab("a").live();
  await tab.add("1", "2");
  await tab.clock.advance(19_999);
  assertEquals(tab.ids, ["a1", "a2"]);
  await tab.clock.advance(1);
  assertEquals(tab.ids, ["a1", "a2", "a1", "a2"]);
});

Deno.test("Outbox asks before it sends what is older than a day", async () => {
  const clock = new VirtualClock();
  const browser = browserWith(
    stored("old", clock, { createdAt: 1, askedAt: clock.now() - MAX_AGE_MS - 1 }),
    stored("day", clock, { createdAt: 2, askedAt: clock.now() - MAX_AGE_MS }),
  );
  const tab = await new OutboxTab("a", { clock, browser }).live();
  assertEquals(tab.sent, []);
  assertEquals(tab.states, ["old failed", "day pending"]);
  assertEquals(tab.outbox.entries.value[0].error, AGED);
  tab.outbox.retry("r", "old");
  await microtasks();
  assertEquals(tab.ids, ["old", "day"], "it keeps its place");
});

Deno.test("Outbox asks as well when the tab itself was offline for a day", async () => {
  const tab = new OutboxTab("a");
  void tab.start();
  await tab.add("1");
  await tab.clock.advance(MAX_AGE_MS + 1);
  tab.outbox.setLive(true);
  await microtasks();
  assertEquals(tab.sent, []);
  assertEquals(tab.states, ["a1 failed"]);
});

Deno.test("only one tab sends at a time, and the others hear of it", async () => {
  const one = await new OutboxTab("a").live();
  const two = await new OutboxTab("b", one).live();
  await one.add("1");
  await two.add("2");
  assertEquals([one.ids, two.ids], [["a1", "b1"], []]);
  assertEquals(two.states, ["a1 pending", "b1 pending"]);
  await one.ack("a1", "b1");
  assertEquals([one.states, two.states], [[], []]);
  await two.add("3");
  assertEquals(two.ids, ["b2"]);
});

Deno.test("another tab takes over when the sending one loses its connection or closes", async () => {
  const one = await new OutboxTab("a").live();
  const two = await new OutboxTab("b", one).live();
  await one.add("1");
  one.outbox.setLive(false);
  await microtasks();
  assertEquals(two.ids, ["a1"]);
  two.outbox.close();
  const three = await new OutboxTab("c", one).live();
  assertEquals(three.ids, ["a1"]);
});

Deno.test("a tab whose turn comes does not send what was stored meanwhile", async () => {
  const one = await new OutboxTab("a").live();
  await one.add("1");
  const two = await new OutboxTab("b", one).live();
  assertEquals(two.states, ["a1 pending"]);
  one.browser.stored.clear(); // settled, but two's doorbell never rang
  one.outbox.close();
  await microtasks();
  assertEquals(two.ids, []);
  assertEquals(two.states, []);
});

Deno.test("Outbox still sends when nothing can be stored, and says so", async () => {
  const tab = new OutboxTab("a");
  tab.browser.broken = true;
  await tab.live();
  await tab.add("1");
  assertEquals(tab.ids, ["a1"]);
  assert(tab.troubles.length > 0);
  await tab.ack("a1");
  assertEquals(tab.states, []);
});

Deno.test("Outbox ignores acks and errors of what it does not hold", async () => {
  const tab = await new OutboxTab("a").live();
  assertEquals(tab.outbox.settle("r", "x"), undefined);
  await tab.add("1");
  await tab.refuse("x");
  await tab.refuse("a1", { room: "elsewhere" });
  assertEquals(tab.states, ["a1 pending"]);
});

Deno.test("Outbox keeps what was written before it could be kept", async () => {
  const browser = new FakeBrowser();
  const tab = new OutboxTab("a", { browser });
  await tab.add("early");
  assertEquals(browser.stored.size, 0);
  await tab.live();
  assertEquals([tab.ids, [...browser.stored.keys()]], [["a1"], ["r:a1"]]);
});
