import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { DRAFT_MS } from "../../../lib/chat/limits.ts";
import type { RoomDraft } from "../../../lib/chat/rooms.ts";
import { DraftModel, type DraftOptions } from "../../../lib/client/draft_model.ts";
import { chatData, openData, room, Tab } from "../../helpers/chat_harness.ts";
import { FakeBrowser } from "../../helpers/fake_tabs.ts";
import { microtasks } from "../../helpers/virtual_clock.ts";

/** A tab with the room open and connected. */
async function live(draft?: RoomDraft, browser = new FakeBrowser()): Promise<Tab> {
  const parts = { head: 1, ...draft && { draft } };
  return await new Tab(openData(1, 1, parts), { browser }).live([room(parts)]);
}

/** The drafts that were sent to the server. */
function saved(tab: Tab): string[] {
  return tab.connection.sentOf("draft").map(({ text }) => text);
}

/** The server has the last draft that was sent, at this time. */
async function answer(tab: Tab, at: number): Promise<void> {
  const { ref, text, reply } = tab.connection.sentOf("draft").at(-1)!;
  const draft = { text, at, ...reply !== undefined && { reply } };
  await tab.say({ type: "draft", ref, room: "r", ...draft });
}

/** Another device saved this. */
async function elsewhere(tab: Tab, text: string, at: number): Promise<void> {
  await tab.say({ type: "draft", room: "r", text, at });
}

Deno.test("a draft is saved a second after the last key, and once", async () => {
  const tab = await live();
  const { draft } = tab.room;
  draft.typed("h");
  await tab.clock.advance(DRAFT_MS - 1);
  draft.typed("hi");
  await tab.clock.advance(DRAFT_MS - 1);
  assertEquals(saved(tab), []);
  await tab.clock.advance(1);
  assertEquals(saved(tab), ["hi"]);
  await answer(tab, 5);
  await tab.clock.advance(10 * DRAFT_MS);
  assertEquals(saved(tab), ["hi"]);
});

Deno.test("what is typed while a draft is being saved is saved after it", async () => {
  const tab = await live();
  tab.room.draft.typed("a");
  await tab.clock.advance(DRAFT_MS);
  tab.room.draft.typed("ab");
  await tab.clock.advance(DRAFT_MS);
  assertEquals(saved(tab), ["a"]);
  await answer(tab, 5);
  await microtasks();
  assertEquals(saved(tab), ["a", "ab"]);
  assertEquals(tab.room.draft.text.value, "ab");
});

Deno.test("a draft of another device is taken by an untouched composer", async () => {
  const tab = await live({ text: "old", at: 1 });
  assertEquals(tab.room.draft.text.value, "old");
  await elsewhere(tab, "new", 2);
  assertEquals(tab.room.draft.text.value, "new");
  await elsewhere(tab, "", 3);
  assertEquals(tab.room.draft.text.value, "");
});

Deno.test("a draft of another device never replaces what is being typed", async () => {
  const tab = await live();
  tab.room.draft.typed("mine");
  await elsewhere(tab, "theirs", 2);
  assertEquals(tab.room.draft.text.value, "mine");
  await tab.clock.advance(DRAFT_MS);
  assertEquals(saved(tab), ["mine"]);
});

Deno.test("a field with the focus and a text takes another draft when the focus goes", async () => {
  const tab = await live({ text: "old", at: 1 });
  const { draft } = tab.room;
  draft.focus(true);
  await elsewhere(tab, "new", 2);
  assertEquals(draft.text.value, "old");
  draft.focus(false);
  assertEquals(draft.text.value, "new");
  assertEquals(saved(tab), []);
});

Deno.test("typing on takes precedence over a draft that waits for the focus to go", async () => {
  const tab = await live({ text: "old", at: 1 });
  const { draft } = tab.room;
  draft.focus(true);
  await elsewhere(tab, "new", 2);
  draft.typed("old and more");
  draft.focus(false);
  await microtasks();
  assertEquals(draft.text.value, "old and more");
  assertEquals(saved(tab), ["old and more"]);
});

Deno.test("an empty field takes another draft even with the focus", async () => {
  const tab = await live();
  tab.room.draft.focus(true);
  await elsewhere(tab, "from the phone", 2);
  assertEquals(tab.room.draft.text.value, "from the phone");
});

Deno.test("an older draft than is known is old news", async () => {
  const tab = await live({ text: "newer", at: 9 });
  await elsewhere(tab, "older", 8);
  assertEquals(tab.room.draft.text.value, "newer");
});

Deno.test("when another device saved last, its draft is taken once this one is saved", async () => {
  const tab = await live();
  tab.room.draft.typed("mine");
  await tab.clock.advance(DRAFT_MS);
  await elsewhere(tab, "theirs", 7);
  assertEquals(tab.room.draft.text.value, "mine");
  await answer(tab, 6);
  assertEquals(tab.room.draft.text.value, "theirs");
});

Deno.test("sending clears the draft, here and on the server, at once", async () => {
  const tab = await live({ text: "hello", at: 1 });
  tab.room.draft.sent();
  await microtasks();
  assertEquals(tab.room.draft.text.value, "");
  assertEquals(saved(tab), [""]);
});

Deno.test("sending what was never saved asks the server for nothing", async () => {
  const tab = await live();
  tab.room.draft.typed("quick");
  tab.room.draft.sent();
  await tab.clock.advance(DRAFT_MS);
  assertEquals(saved(tab), []);
  assertEquals(tab.browser.kept.size, 0);
});

Deno.test("sending while a draft is being saved clears it afterwards", async () => {
  const tab = await live();
  tab.room.draft.typed("hello");
  await tab.clock.advance(DRAFT_MS);
  tab.room.draft.sent();
  await answer(tab, 5);
  await microtasks();
  assertEquals(saved(tab), ["hello", ""]);
  await answer(tab, 6);
  assertEquals(tab.room.draft.text.value, "");
});

Deno.test("the message that is answered is part of the draft once there is a text", async () => {
  const tab = await live();
  const { draft } = tab.room;
  draft.answer(1);
  await tab.clock.advance(DRAFT_MS);
  assertEquals([saved(tab), draft.reply.value], [[], 1]);
  draft.typed("yes");
  await tab.clock.advance(DRAFT_MS);
  assertEquals(tab.connection.sentOf("draft")[0].reply, 1);
  await answer(tab, 5);
  assertEquals([draft.text.value, draft.reply.value], ["yes", 1]);
  draft.sent();
  assertEquals(draft.reply.value, undefined);
});

Deno.test("a draft that was not saved yet survives a reload, and is saved then", async () => {
  const browser = new FakeBrowser();
  const before = await live(undefined, browser);
  before.room.draft.typed("unsaved");
  await microtasks();
  before.model.close();
  const after = await live(undefined, browser);
  assertEquals(after.room.draft.text.value, "unsaved");
  await after.clock.advance(DRAFT_MS);
  assertEquals(saved(after), ["unsaved"]);
  await answer(after, 2_000_000);
  assertEquals(browser.kept.size, 0);
});

Deno.test("of a draft kept here and one of another device the last typed counts", async () => {
  for (const [at, text] of [[10, "newer"], [2, "kept"]] as const) {
    const browser = new FakeBrowser();
    browser.kept.set("r", { text: "kept", at: 5 });
    const tab = await live({ text: "newer", at }, browser);
    assertEquals(tab.room.draft.text.value, text);
  }
});

Deno.test("a kept draft waits for its room to be told of", async () => {
  const browser = new FakeBrowser();
  browser.kept.set("r", { text: "kept", at: 5 });
  const tab = await new Tab(chatData(), { browser }).live([room()]);
  assertEquals(tab.model.rooms.value[0].draft.text.value, "kept");
});

Deno.test("a draft that could not be saved is saved on the next connection", async () => {
  const tab = await live();
  tab.room.draft.typed("hello");
  tab.connection.drop();
  await tab.clock.advance(DRAFT_MS);
  await tab.reconnect([room({ head: 1 })]);
  assertEquals(tab.room.draft.text.value, "hello");
  assertEquals(saved(tab).at(-1), "hello");
});

Deno.test("a welcome without a draft takes an untouched one away", async () => {
  const tab = await live({ text: "sent elsewhere", at: 1 });
  await tab.reconnect([room({ head: 1 })]);
  assertEquals(tab.room.draft.text.value, "");
});

Deno.test("a model that was only made has started nothing", () => {
  const browser = new FakeBrowser();
  browser.kept.set("r", { text: "kept", at: 5 });
  const tab = new Tab(openData(1, 1), { browser });
  assertEquals([tab.room.draft.text.value, tab.clock.pending], ["", 0]);
});

/** What happens to one of two devices. */
type Step = { type: string } | { focus: boolean } | "send" | "wait" | "answer";

const step: fc.Arbitrary<Step & object | string> = fc.oneof(
  fc.record({ type: fc.constantFrom("a", "b", "ab", "") }),
  fc.record({ focus: fc.boolean() }),
  fc.constantFrom("send", "wait", "answer"),
);

Deno.test("two devices end with the same draft, and no key is lost under anyone's fingers", async () => {
  const steps = fc.array(fc.tuple(fc.nat(1), step), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const server = new TwoDevices();
      for (const [n, one] of steps) await server.run(n, one as Step);
      await server.settle();
      const [a, b] = server.devices.map(({ text }) => text.value);
      assertEquals(a, b);
      assertEquals(a, server.stored.text);
    }),
    { numRuns: 300 },
  );
});

/** Two devices of a person and the server, whose answers come when the test says so. */
class TwoDevices {
  stored: RoomDraft = { text: "", at: 0 };
  #now = 1;
  #timers: (() => void)[] = [];
  #answers: (() => void)[] = [];
  readonly devices = [this.#device(), this.#device()];

  async run(n: number, one: Step): Promise<void> {
    const device = this.devices[n];
    if (one === "send") device.sent();
    else if (one === "wait") this.#fire();
    else if (one === "answer") this.#answers.shift()?.();
    else if ("focus" in one) device.focus(one.focus);
    else if ("type" in one) {
      device.typed(one.type);
      assertEquals(device.text.value, one.type);
    }
    await microtasks();
  }

  async settle(): Promise<void> {
    for (let n = 0; n < 20; n++) {
      for (const device of this.devices) device.focus(false);
      this.#fire();
      await microtasks();
      while (this.#answers.length > 0) {
        this.#answers.shift()!();
        await microtasks();
      }
    }
  }

  #fire(): void {
    for (const run of this.#timers.splice(0)) run();
  }

  #device(): DraftModel {
    const timers = this.#timers;
    const options: DraftOptions = {
      room: "r",
      ask:
        ((_: string, content: { text: string; reply?: number }) =>
          new Promise((resolve) =>
            this.#answers.push(() => resolve(this.#store(content)))
          )) as never,
      clock: {
        now: () => this.#now,
        setTimeout: (run) => timers.push(run),
        clearTimeout: (id) => timers[id - 1] &&= () => {},
      },
    };
    return new DraftModel(undefined, options, new FakeBrowser().openDrafts);
  }

  #store({ text, reply }: { text: string; reply?: number }): RoomDraft {
    this.stored = { text, at: ++this.#now, ...reply !== undefined && { reply } };
    for (const device of this.devices) device.hear(this.stored);
    return this.stored;
  }
}
