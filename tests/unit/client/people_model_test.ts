import { assert, assertEquals, assertFalse } from "@std/assert";
import { MAX_QUERY_CHARS } from "../../../lib/chat/limits.ts";
import type { PersonLine } from "../../../lib/chat/people.ts";
import { ANN, BOB, chatData, line, Tab } from "../../helpers/chat_harness.ts";
import { microtasks } from "../../helpers/virtual_clock.ts";

async function liveTab(next: string | null = null): Promise<Tab> {
  return await new Tab(chatData({ people: { people: [line(ANN)], next } })).live([]);
}

async function type(tab: Tab, query: string): Promise<void> {
  tab.model.people.query.value = query;
  await tab.clock.advance(150);
}

async function answer(tab: Tab, nth: number, people: PersonLine[], next: string | null = null) {
  const { ref } = tab.connection.sentOf("people")[nth];
  await tab.say({ type: "people", ref, people, next });
}

function names(tab: Tab): string[] {
  return tab.model.people.list.value.map(({ id }) => id);
}

Deno.test("the people list begins with the server's page and asks for nothing", async () => {
  const tab = await liveTab();
  await tab.clock.advance(1_000);
  assertEquals(names(tab), ["ann"]);
  assertFalse(tab.model.people.more.value);
  assertEquals(tab.connection.sentOf("people"), []);
});

Deno.test("the people list asks once the typing pauses", async () => {
  const tab = await liveTab();
  const { people } = tab.model;
  for (const query of ["b", "bo", "bob"]) {
    people.query.value = query;
    await tab.clock.advance(100);
  }
  assertEquals(tab.connection.sentOf("people"), []);
  await tab.clock.advance(50);
  assertEquals(tab.connection.sentOf("people").map(({ q }) => q), ["bob"]);
  assert(people.loading.value);
  await answer(tab, 0, [line(BOB)]);
  assertEquals(names(tab), ["bob"]);
  assertFalse(people.loading.value);
});

Deno.test("the people list ignores the answer to an older filter", async () => {
  const tab = await liveTab();
  await type(tab, "a");
  await type(tab, "b");
  await answer(tab, 1, [line(BOB)]);
  await answer(tab, 0, [line(ANN)]);
  assertEquals(names(tab), ["bob"]);
});

Deno.test("the people list does not ask again for the filter it shows", async () => {
  const tab = await liveTab();
  tab.model.people.query.value = "x";
  tab.model.people.query.value = "  ";
  await tab.clock.advance(1_000);
  assertEquals(tab.connection.sentOf("people"), []);
});

Deno.test("the people list adds pages without repeating anybody", async () => {
  const tab = await liveTab("cursor");
  assert(tab.model.people.more.value);
  void tab.model.people.loadMore();
  void tab.model.people.loadMore();
  await microtasks();
  assertEquals(tab.connection.sentOf("people").map(({ after }) => after), ["cursor"]);
  await answer(tab, 0, [line(ANN), line(BOB)]);
  assertEquals(names(tab), ["ann", "bob"]);
  assertFalse(tab.model.people.more.value);
  await tab.model.people.loadMore();
  assertEquals(tab.connection.sentOf("people").length, 1);
});

Deno.test("the people list drops a further page of a filter that has changed", async () => {
  const tab = await liveTab("cursor");
  void tab.model.people.loadMore();
  await microtasks();
  await type(tab, "b");
  await answer(tab, 0, [line(ANN)]);
  await answer(tab, 1, [line(BOB)]);
  assertEquals(names(tab), ["bob"]);
});

Deno.test("the people list keeps what it shows when asking fails, and says so", async () => {
  const tab = await liveTab();
  await type(tab, "b");
  const { ref } = tab.connection.sentOf("people")[0];
  await tab.say({ type: "error", code: "internal", message: "x", ref });
  assertEquals(names(tab), ["ann"]);
  assertFalse(tab.model.people.loading.value);
  assertEquals(tab.model.notice.value, "People could not be loaded.");
});

Deno.test("the people list asks again when the server was busy or the connection was lost", async () => {
  const tab = await liveTab();
  await type(tab, "b");
  const { ref } = tab.connection.sentOf("people")[0];
  await tab.say({ type: "error", code: "rate_limited", message: "x", ref, retryAfterMs: 300 });
  await tab.clock.advance(300);
  assertEquals(tab.connection.sentOf("people").length, 2);
  await tab.reconnect([]);
  await answer(tab, 0, [line(BOB)]);
  assertEquals(names(tab), ["bob"]);
});

Deno.test("the people list cuts a filter to what the server takes", async () => {
  const tab = await liveTab();
  await type(tab, "😀".repeat(40) + "x");
  const [{ q }] = tab.connection.sentOf("people");
  assert(q!.length <= MAX_QUERY_CHARS && q!.isWellFormed());
});
