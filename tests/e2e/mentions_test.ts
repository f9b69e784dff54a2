/** Three people in a group who mention each other, and forward what was said. */

import { assert, assertEquals } from "@std/assert";
import type { BrowserContextOptions, Page } from "playwright-core";
import { violations } from "../helpers/axe.ts";
import { untilStill, visit } from "../helpers/browser.ts";
import { type Client, register } from "../helpers/client.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { startBrowserTown } from "../helpers/talk.ts";

/** Ada's group with Bob and Eva, and what opens browsers in it. */
async function startGroup() {
  const town = await startBrowserTown({ ada: "Ada", bob: "Bob Builder", إيفا: "إيفا حسن" });
  const { ada, bob, إيفا: eva, open } = town;
  await using socket = await ada.connect();
  const people = [bob.me.id, eva.me.id];
  socket.send({ type: "create", ref: 1, id: "g1", name: "Harbour", people });
  const { room: { id: room } } = await socket.next("opened");
  const enter = (person: Client, path = `/chat/${room}`, options: BrowserContextOptions = {}) =>
    open(person, path, options);
  return { ...town, eva, room, enter };
}

const say = (client: Client, room: string, id: string, text: string) =>
  client.json(`/api/rooms/${room}/posts`, { id, text });

const message = (page: Page, text: string) => page.locator("[data-key]", { hasText: text });

Deno.test({
  name: "an @ offers the members, keys choose, and who is mentioned sees it in list, room and page",
  ignore: !chromiumPath,
  async fn() {
    await using group = await startGroup();
    const { ada, bob, eva, room, origin, enter } = group;
    await using a = await enter(ada);
    await using b = await enter(bob, "/chat", { viewport: { width: 390, height: 844 } });
    const field = a.page.locator("#composer");
    await field.click();
    await a.page.keyboard.type("soup, @");
    const list = a.page.getByRole("listbox", { name: "People to mention" });
    await list.getByRole("option", { name: /Everyone/ }).waitFor();
    await list.getByRole("option").nth(2).waitFor();
    assertEquals(await list.getByRole("option").count(), 3);
    assertEquals(await list.getByText("Ada").count(), 0, "nobody calls oneself");
    await a.page.keyboard.press("ArrowDown");
    await a.page.keyboard.press("ArrowUp");
    await a.page.keyboard.type("bui"); // by a word of the name
    await list.getByRole("option", { name: /Bob Builder/, selected: true }).waitFor();
    await list.getByRole("option").nth(1).waitFor({ state: "detached" });
    await field.and(a.page.locator('[aria-activedescendant="mention-list-0"]')).waitFor();
    await a.page.keyboard.press("Enter"); // takes, and sends nothing
    assertEquals(await field.inputValue(), "soup, @bob ");
    await list.waitFor({ state: "detached" });
    await a.page.keyboard.type("or @إي");
    await list.getByRole("option", { name: /إيفا/ }).click();
    assertEquals(await field.inputValue(), "soup, @bob or @إيفا ");
    await list.waitFor({ state: "detached" });
    await a.page.keyboard.type("@");
    await list.waitFor();
    await a.page.keyboard.press("Escape");
    await list.waitFor({ state: "detached" });
    await a.page.keyboard.press("Backspace");
    await a.page.keyboard.press("Enter");
    await message(a.page, "soup,").locator("a.mention", { hasText: "@bob" }).waitFor();

    const row = b.page.getByRole("link", { name: /Harbour/ });
    await row.getByText("You were mentioned").waitFor();
    await row.click();
    await b.page.locator(".mention-me", { hasText: "@bob" }).waitFor();
    await b.page.waitForFunction(() => !document.title.startsWith("(")); // it is read
    await b.page.getByRole("link", { name: "Back to conversations" }).click();
    await row.getByText("You were mentioned").waitFor({ state: "detached" });
    await b.page.goto(`${origin}/mentions`);
    await b.page.locator(".card-text", { hasText: "soup," }).waitFor();

    // A name leads to its person.
    await message(a.page, "soup,").locator("a.mention", { hasText: "@bob" }).click();
    await a.page.getByRole("heading", { name: "Bob Builder" }).waitFor();
    assertEquals([...a.problems, ...b.problems], []);
    assert((await (await eva.fetch("/mentions")).text()).includes("soup,"));
    assertEquals((await eva.json<{ mentions: unknown[] }>("/api/mentions")).mentions.length, 1);
    assertEquals(room.length > 0, true);
  },
});

Deno.test({
  name: "others on the site are offered below the members, as such; one who is taken is text",
  ignore: !chromiumPath,
  async fn() {
    await using group = await startGroup();
    const { ada, bob, origin, enter } = group;
    const bobby = await register(origin, "bobby", "Bobby Outside");
    await using a = await enter(ada, undefined, { bypassCSP: true });
    await using b = await enter(bob);
    const asked: string[] = [];
    a.page.on("request", (request) => {
      if (request.url().includes("/api/people")) asked.push(request.url());
    });
    const field = a.page.locator("#composer");
    const list = a.page.getByRole("listbox", { name: "People to mention" });
    const stranger = list.getByRole("option", { name: /Bobby Outside.*not in this group/ });
    await field.click();
    await a.page.keyboard.type("hey @bob");
    await stranger.waitFor();
    await list.getByText("Not in this group: they cannot read it").waitFor();
    await list.getByRole("option", { name: /Bob Builder/, selected: true }).waitFor();
    assertEquals(await list.getByRole("option").count(), 2);
    await untilStill(a.page);
    assertEquals(await violations(a.page), []);
    await a.page.keyboard.press("ArrowDown");
    await list.getByRole("option", { name: /Bobby Outside/, selected: true }).waitFor();
    await a.page.keyboard.press("Enter");
    assertEquals(await field.inputValue(), "hey @bobby ");
    await a.page.getByText("@bobby is not in this group and is not told.").waitFor();
    await a.page.keyboard.press("Enter");
    for (const { page } of [a, b]) { // b's comes from the server
      await message(page, "hey @bobby").waitFor();
      assertEquals(await page.locator(".mention").count(), 0);
    }
    assertEquals(await bobby.json("/api/mentions"), { mentions: [], next: null });

    // Of others alone none is chosen: Enter sends what was typed.
    await a.page.keyboard.type("or @bobb");
    await stranger.waitFor();
    await list.getByRole("option", { name: /Bob Builder/ }).waitFor({ state: "detached" });
    assertEquals(await list.getByRole("option", { selected: true }).count(), 0);
    assertEquals(await field.getAttribute("aria-activedescendant"), null);
    await a.page.keyboard.press("Enter");
    await message(b.page, "or @bobb").waitFor();
    assertEquals(await field.inputValue(), "");

    // In a room of two there is nobody else to call.
    const { id: direct } = await ada.room(bob.me);
    const before = asked.length;
    assert(before > 0, "the premise");
    await visit(a.page, `${origin}/chat/${direct}`);
    await field.click();
    await a.page.keyboard.type("@bob");
    await list.getByRole("option", { name: /Bob Builder/ }).waitFor();
    assertEquals(await list.getByRole("option").count(), 1);
    await a.page.keyboard.type("by");
    await list.waitFor({ state: "detached" });
    await a.page.keyboard.press("Enter");
    await message(a.page, "@bobby").waitFor();
    assertEquals(asked.length, before);
    assertEquals([...a.problems, ...b.problems], []);
  },
});

Deno.test({
  name: "@all of the owner calls everybody, of a member it is text; an edit takes a mention back",
  ignore: !chromiumPath,
  async fn() {
    await using group = await startGroup();
    const { ada, bob, eva, room, enter } = group;
    await using e = await enter(eva, "/chat");
    await using b = await enter(bob);
    const row = e.page.getByRole("link", { name: /Harbour/ });
    await b.page.locator("#composer").click();
    await b.page.keyboard.type("@a");
    await b.page.getByRole("option", { name: /Ada/ }).waitFor();
    assertEquals(await b.page.getByRole("option", { name: /Everyone/ }).count(), 0);
    await b.page.keyboard.press("Escape");
    await b.page.locator("#composer").fill("");
    await say(bob, room, "m1", "@all from a member");
    await row.getByText("@all from a member").waitFor();
    assertEquals(await row.getByText("You were mentioned").count(), 0);
    await say(ada, room, "m2", "@all from the owner");
    await row.getByText("You were mentioned").waitFor();
    await b.page.locator(".mention-me", { hasText: "@all" }).waitFor();
    const seqs = (await ada.json<{ events: { id: string; seq: number }[] }>(
      `/api/rooms/${room}/events`,
    )).events;
    const { seq } = seqs.find(({ id }) => id === "m2")!;
    const edit = { type: "edit", id: "e1", message: seq, text: "nobody in particular" };
    await ada.json(`/api/rooms/${room}/changes`, edit);
    await row.getByText("You were mentioned").waitFor({ state: "detached" });
    await message(b.page, "nobody in particular").waitFor();
    assertEquals(await b.page.locator(".mention-me").count(), 0);
    assertEquals([...b.problems, ...e.problems], []);
  },
});

Deno.test({
  name: "a message is forwarded to several conversations, by the menu and by a form",
  ignore: !chromiumPath,
  async fn() {
    await using group = await startGroup();
    const { ada, bob, eva, room, origin, enter } = group;
    const { id: withEva } = await ada.room(eva.me);
    const { id: withBob } = await ada.room(bob.me);
    await say(ada, withEva, "x1", "hello");
    await say(ada, withBob, "x2", "hello");
    await say(bob, room, "m1", "the **ferry** leaves at six");
    await using a = await enter(ada);
    await using e = await enter(eva, `/chat/${withEva}`);
    await message(a.page, "ferry").hover();
    await message(a.page, "ferry").getByRole("button", { name: "Message actions" }).click();
    await a.page.getByRole("menuitem", { name: "Forward" }).click();
    const panel = a.page.getByRole("region", { name: "Forward the message" });
    await panel.getByLabel("Find a conversation").fill("bob");
    await panel.getByRole("checkbox", { name: /Bob/ }).check();
    await panel.getByLabel("Find a conversation").fill("");
    await panel.getByRole("checkbox", { name: /إيفا/ }).check();
    await panel.getByRole("button", { name: "Forward to 2" }).click();
    await panel.getByText("Forwarded to").waitFor();
    await a.page.keyboard.press("Escape");
    const got = message(e.page, "leaves at six");
    await got.getByText("Forwarded from Bob Builder").waitFor();
    await bob.json(`/api/rooms/${withBob}/events`); // he is in that one
    const texts = await (await bob.fetch(`/chat/${withBob}`)).text();
    assert(texts.includes("leaves at six"));

    await using form = await enter(eva, `/chat/${withEva}`, { javaScriptEnabled: false });
    await form.page.getByRole("button", { name: "Message actions" }).last().click();
    await form.page.getByRole("link", { name: "Forward" }).click();
    await form.page.getByRole("checkbox", { name: /Harbour/ }).check();
    await form.page.getByRole("button", { name: "Forward", exact: true }).click();
    await form.page.waitForURL(`**/chat/${room}`);
    await form.page.getByText("Forwarded from Bob Builder").waitFor();
    const seq = (await bob.json<{ events: { id: string; seq: number }[] }>(
      `/api/rooms/${room}/events`,
    )).events.find(({ id }) => id === "m1")!.seq;
    const mallory = await register(origin, "mallory");
    const { id: target } = await mallory.room(ada.me);
    const from = { room, message: seq };
    const response = await mallory.fetch(`/api/rooms/${target}/forwards`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id: "f1", from }),
    });
    await response.body?.cancel();
    assertEquals(response.status, 404);
    assertEquals([...a.problems, ...e.problems, ...form.problems], []);
  },
});
