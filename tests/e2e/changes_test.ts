/** What two people do to messages that were said: edit, delete; by mouse, by keyboard, by form. */

import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { type Client, register } from "../helpers/client.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { PHONE, startTalk } from "../helpers/talk.ts";

const say = (client: Client, room: string, id: string, text: string) =>
  client.json(`/api/rooms/${room}/posts`, { id, text });

function message(page: Page, text: string) {
  return page.locator("[data-key]", { hasText: text });
}

Deno.test({
  name: "an edit and a deletion show at both, by mouse and by keyboard, with the earlier text",
  ignore: !chromiumPath,
  async fn() {
    await using talk = await startTalk();
    const { ada, bob, room } = talk;
    await say(ada, room, "m1", "first thought");
    await say(ada, room, "m2", "to be regretted");
    await using a = await talk.enter(ada);
    await using b = await talk.enter(bob, PHONE);

    const first = message(a.page, "first thought");
    await first.hover();
    await first.getByRole("button", { name: "Message actions" }).click();
    await a.page.getByRole("menuitem", { name: "Edit" }).click();
    const field = a.page.getByRole("textbox", { name: "Edit message" });
    assertEquals(await field.inputValue(), "first thought");
    await field.fill("second thought");
    await field.press("Enter");
    await message(b.page, "second thought").getByText("edited").waitFor();

    // Bob looks at what it was before.
    const seen = message(b.page, "second thought");
    await seen.getByRole("button", { name: "Message actions" }).click();
    await b.page.getByRole("menuitem", { name: "Earlier versions" }).click();
    await b.page.getByText("first thought").waitFor();
    await b.page.keyboard.press("Escape");
    await b.page.getByText("first thought").waitFor({ state: "detached" });

    // By keyboard alone; Escape leads back to where it began.
    await message(a.page, "regretted").getByRole("button", { name: "Message actions" }).focus();
    await a.page.keyboard.press("Space");
    await a.page.keyboard.press("Escape");
    await a.page.keyboard.press("Enter");
    await a.page.keyboard.press("End");
    await a.page.keyboard.press("Enter");
    await a.page.getByRole("button", { name: "Delete", exact: true }).press("Enter");
    for (const { page } of [a, b]) {
      await message(page, "This message was deleted.").waitFor();
      assertEquals(await page.getByText("regretted").count(), 0);
    }
    await b.page.goto(`${talk.origin}/chat`);
    await b.page.getByRole("link", { name: /Ada/ }).getByText("Message deleted").waitFor();
    assertEquals([...a.problems, ...b.problems], []);
  },
});

Deno.test({
  name: "without JavaScript a message is edited and deleted on its own page, by its author only",
  ignore: !chromiumPath,
  async fn() {
    await using talk = await startTalk();
    const { ada, bob, room, origin } = talk;
    await say(ada, room, "m1", "by form");
    await using tab = await talk.enter(ada, { javaScriptEnabled: false });
    const { page } = tab;
    await page.getByRole("button", { name: "Message actions" }).click();
    await page.getByLabel("Edit").fill("by another form");
    await page.getByRole("button", { name: "Save text" }).click();
    await message(page, "by another form").getByText("edited").waitFor();
    await page.getByRole("button", { name: "Message actions" }).click();
    await page.getByText("Earlier versions").waitFor();
    await page.getByRole("button", { name: "Delete for everyone" }).click();
    await message(page, "This message was deleted.").waitFor();

    await say(ada, room, "m2", "stays");
    const address = `/chat/${room}/4`;
    const status = async (client: Client, init?: RequestInit) => {
      const response = await client.fetch(address, init);
      await response.body?.cancel();
      return response.status;
    };
    assertEquals(await status(bob), 200, "the premise");
    const remove = { method: "POST", body: new URLSearchParams({ type: "deleted" }) };
    assertEquals(await status(bob, remove), 400);
    const eve = await register(origin, "eve");
    assertEquals([await status(eve), await status(eve, remove)], [404, 404]);
    assert((await (await bob.fetch(`/chat/${room}`)).text()).includes("stays"));
    assertEquals(tab.problems, []);
  },
});

Deno.test({
  name:
    "an answer quotes a message far back and leads there; so does a link, without JavaScript too",
  ignore: !chromiumPath,
  async fn() {
    await using talk = await startTalk();
    const { ada, bob, room } = talk;
    await say(ada, room, "m1", "the **old** question");
    await using socket = await ada.connect();
    for (let n = 0; n < 60; n++) {
      socket.send({ type: "post", room, id: `n${n}`, text: `filler ${n}.` });
    }
    await socket.next("ack", ({ id }) => id === "n59");
    await using a = await talk.enter(ada);
    await using b = await talk.open(bob, `/chat/${room}?at=1`, PHONE);

    // The link shows it; Bob answers it from the menu.
    const old = message(b.page, "the old question");
    await old.waitFor();
    await comesIntoView(b.page, "the old question");
    await old.getByRole("button", { name: "Message actions" }).click();
    await b.page.getByRole("menuitem", { name: "Answer" }).click();
    await b.page.locator("[data-reply]").getByText("the old question").waitFor();
    await b.page.fill("#composer", "a late answer");
    await b.page.press("#composer", "Enter");
    await b.page.locator("[data-reply]").waitFor({ state: "detached" });

    // Ada sees whom it answers, and is led there and back.
    const answer = message(a.page, "a late answer");
    const quote = answer.getByRole("link", { name: /the old question/ });
    await quote.click();
    await a.page.waitForFunction(() => document.querySelector(".message-flash") !== null);
    await comesIntoView(a.page, "the old question");
    await a.page.getByRole("button", { name: /newest/i }).click();
    await answer.waitFor();

    // What it quotes is deleted: the quote says so.
    socket.send({ type: "delete", room, id: "d1", message: 1 });
    await answer.getByText("Deleted message").waitFor();

    await using plain = await talk.open(ada, `/chat/${room}?at=20`, { javaScriptEnabled: false });
    await comesIntoView(plain.page, "filler 18.");
    assertEquals([...a.problems, ...b.problems, ...plain.problems], []);
  },
});

Deno.test({
  name: "reactions are counted at both, with who they are of, and taken back; the picker searches",
  ignore: !chromiumPath,
  async fn() {
    await using talk = await startTalk();
    const { ada, bob, room } = talk;
    await say(ada, room, "m1", "good news");
    await using a = await talk.enter(ada);
    await using b = await talk.enter(bob, PHONE);
    const open = async (page: Page) => {
      const line = message(page, "good news");
      await line.hover();
      await line.getByRole("button", { name: "Message actions" }).click();
    };
    const reaction = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

    await open(b.page);
    await b.page.getByRole("menuitemcheckbox", { name: "👍" }).click();
    await reaction(b.page, "👍 1, You").waitFor();
    await reaction(a.page, "👍 1, Bob").click();
    await reaction(a.page, "👍 2, Bob and you").waitFor();
    await reaction(b.page, "👍 2, Ada and you").click();
    await reaction(a.page, "👍 1, You").waitFor();

    // Any emoji, by search; its code comes only now.
    await open(a.page);
    const scripts = () =>
      a.page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    const before = await scripts();
    assert(!before.some((name) => name.includes("emoji.json")), "not on the first paint");
    await a.page.getByRole("menuitem", { name: "More" }).click();
    await a.page.getByRole("searchbox", { name: "Search emoji" }).fill("octop");
    await a.page.getByRole("button", { name: "octopus" }).click();
    await reaction(b.page, "🐙 1, Ada").waitFor();
    await open(a.page);
    await a.page.getByRole("menuitem", { name: "More" }).click();
    await a.page.getByText("Used last").waitFor();
    await a.page.keyboard.press("Escape");

    await using plain = await talk.enter(bob, { javaScriptEnabled: false });
    await message(plain.page, "good news").getByRole("button", { name: "Message actions" })
      .click();
    await plain.page.getByRole("button", { name: "🐙" }).click();
    await reaction(a.page, "🐙 2, Bob and you").waitFor();
    assertEquals([...a.problems, ...b.problems, ...plain.problems], []);
  },
});

Deno.test({
  name: "typing shows in the room and in the list, and goes when the message comes",
  ignore: !chromiumPath,
  async fn() {
    await using talk = await startTalk();
    const { ada, bob, room } = talk;
    await say(ada, room, "m1", "hello");
    await using a = await talk.enter(ada);
    await using b = await talk.enter(bob);
    await a.page.locator("header").getByText("online").waitFor();
    await say(ada, room, "m2", "are you there?"); // what Bob hears by his connection: he has one
    await message(b.page, "are you there?").waitFor();
    // A sign of typing holds for some seconds only.
    await Promise.all([
      a.page.locator("header [data-typing]").waitFor(),
      a.page.locator("nav [data-typing]").waitFor(),
      b.page.locator("#composer").pressSequentially("I am"),
    ]);
    await b.page.keyboard.press("Enter");
    await message(a.page, "I am").waitFor();
    assertEquals(await a.page.locator("[data-typing]").count(), 0);
    await a.page.goto(`${talk.origin}/chat`);
    assertEquals([...a.problems, ...b.problems], []);
  },
});

/** Waits until the message is in view: scrolling and focus come a moment after the page. */
async function comesIntoView(page: Page, text: string): Promise<void> {
  for (let tries = 0; !await isInView(page, text); tries++) {
    assert(tries < 300, `“${text}” is not in view`);
    await page.waitForTimeout(100);
  }
}

/** Whether a message is between the top and the bottom of the list. */
async function isInView(page: Page, text: string): Promise<boolean> {
  const [line, list] = await Promise.all([
    message(page, text).first().boundingBox(),
    page.getByRole("log").boundingBox(),
  ]);
  return line!.y >= list!.y && line!.y + line!.height <= list!.y + list!.height;
}
