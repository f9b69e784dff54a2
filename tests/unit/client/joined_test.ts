import { assertEquals } from "@std/assert";
import type { PersonLine } from "../../../lib/chat/people.ts";
import { ANN, chatData, line, Tab } from "../../helpers/chat_harness.ts";

function person(id: string): PersonLine {
  return { ...line(ANN), id, username: id, name: id };
}

async function tabWith(people: PersonLine[], next: string | null, q = ""): Promise<Tab> {
  return await new Tab(chatData({ people: { people, next }, q })).live([]);
}

async function join(tab: Tab, ids: string[]): Promise<string[]> {
  await tab.say({
    type: "joined",
    people: ids.map((id) => ({ id, username: id, name: id })),
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
