import { assertEquals } from "@std/assert";
import type { PersonLine } from "../../../lib/chat/people.ts";
import { ANN, chatData, line, Tab, welcome } from "../../helpers/chat_harness.ts";
import { microtasks } from "../../helpers/virtual_clock.ts";

function person(id: string): PersonLine {
  return { ...line(ANN), id, username: id, name: id };
}

async function tabWith(people: PersonLine[], next: string | null, q = ""): Promise<Tab> {
  return await new Tab(chatData({ people: { people, next }, q })).live([]);
}

async function join(tab: Tab, ids: string[], seq = 1): Promise<string[]> {
  await tab.say({
    type: "joined",
    people: ids.map((id) => ({ id, username: id, name: id })),
    seq,
  });
  return tab.model.people.list.value.map(({ id }) => id);
}

Deno.test("a new account appears between the people it belongs between, once", async () => {
  const tab = await tabWith([person("bea"), person("dan")], null);
  assertEquals(await join(tab, ["carl"]), ["bea", "carl", "dan"]);
  assertEquals(await join(tab, ["carl", "zoe"]), ["bea", "carl", "dan", "zoe"]);
});

Deno.test("a new account behind the loaded pages waits for its page", async () => {
  const tab = await tabWith([person("bea"), person("dan")], "more");
  assertEquals(await join(tab, ["zoe", "carl"]), ["bea", "carl", "dan"]);
});

Deno.test("a new account that the filter does not find stays away", async () => {
  const tab = await tabWith([person("bea")], null, "be");
  assertEquals(await join(tab, ["carl", "bert"]), ["bea", "bert"]);
});

Deno.test("the viewer is not listed when told of their own account", async () => {
  const tab = await tabWith([person("bea")], null);
  assertEquals(await join(tab, [tab.model.me.id]), ["bea"]);
});

Deno.test("who joined before the page was connected is asked for, and only then", async () => {
  const tab = new Tab(chatData({ people: { people: [person("bea")], next: null }, joined: 3 }));
  const greet = async (joined: number) => {
    tab.connection.accept();
    tab.connection.say(welcome([], { joined }));
    await microtasks();
  };
  const comeBack = async (joined: number) => {
    tab.connection.drop();
    await tab.clock.advance(tab.model.retryAt.value! - tab.clock.now());
    await greet(joined);
    return tab.connection.sentOf("people");
  };
  tab.model.start();
  await microtasks();
  await greet(4);
  const [{ ref, limit }] = tab.connection.sentOf("people");
  assertEquals(limit, 50);
  await tab.say({ type: "people", ref, people: [person("bea"), person("cleo")], next: null });
  assertEquals(await join(tab, ["dan"], 5), ["bea", "cleo", "dan"]);
  assertEquals(await comeBack(5), [], "told of all");
  assertEquals(await comeBack(4), [], "an instance that is behind");
  assertEquals((await comeBack(6)).length, 1);
});
