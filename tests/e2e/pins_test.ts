/** Pins of a room and what one saves for oneself: by mouse, by keyboard, by touch, by form. */

import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { type Client, register } from "../helpers/client.ts";
import { reload, untilListens } from "../helpers/browser.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { PHONE, startTalk } from "../helpers/talk.ts";

const say = (client: Client, room: string, id: string, text: string) =>
  client.json(`/api/rooms/${room}/posts`, { id, text });

const message = (page: Page, text: string) => page.locator("[data-key]", { hasText: text });

async function openMenu(page: Page, text: string): Promise<void> {
  await message(page, text).hover();
  await message(page, text).getByRole("button", { name: "Message actions" }).click();
}

async function choose(page: Page, text: string, item: string): Promise<void> {
  await openMenu(page, text);
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

async function openPins(page: Page): Promise<void> {
  await page.locator("summary", { hasText: "Conversation menu" }).click();
  await page.getByRole("link", { name: "Pinned messages" }).click();
}

/** Waits until the list of messages listens to events of a type, or no longer does. */
const untilLogListens = (page: Page, type: string, wanted?: boolean) =>
  untilListens(page, { expression: 'document.querySelector("[role=log]")', type }, wanted);

Deno.test({
  name:
    "a pin is told to both, listed, and leads to the message far back; a deletion takes it down",
  ignore: !chromiumPath,
  async fn() {
    await using talk = await startTalk();
    const { ada, bob, room, enter } = talk;
    await say(bob, room, "m1", "the **harbour** code is 4711");
    await using a = await enter(ada);
    await using b = await enter(bob, PHONE);
    await choose(a.page, "harbour", "Pin");
    await a.page.getByText("You pinned a message").waitFor();
    await b.page.getByRole("link", { name: /Ada.? pinned a message/ }).waitFor();
    await message(b.page, "harbour").getByText("Pinned", { exact: true }).waitFor();
    for (let n = 0; n < 60; n++) await say(ada, room, `f${n}`, `filler ${n}.`);
    await message(b.page, "filler 59.").waitFor();
    await reload(b.page);
    assertEquals(await message(b.page, "harbour").count(), 0, "the premise");
    await openPins(b.page);
    const panel = b.page.getByRole("region", { name: "Pinned messages" });
    await panel.getByText("Pinned by Ada").waitFor();
    await b.page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    await openPins(b.page);
    await panel.getByRole("link", { name: /harbour code/ }).click();
    await message(b.page, "harbour").waitFor();

    await openPins(a.page);
    const own = a.page.getByRole("region", { name: "Pinned messages" });
    await own.getByText("harbour code").waitFor();
    await bob.json(`/api/rooms/${room}/changes`, { type: "delete", id: "d1", message: 1 });
    await message(b.page, "This message was deleted.").waitFor();
    await a.page.goto(a.page.url() + "/pins");
    await a.page.getByText("Nothing pinned").waitFor();
    assertEquals([...a.problems, ...b.problems], []);
  },
});

Deno.test({
  name: "what one saves is on the other device too and on its page; nobody else sees it",
  ignore: !chromiumPath,
  async fn() {
    await using talk = await startTalk();
    const { ada, bob, room, origin, enter } = talk;
    await say(bob, room, "m1", "worth keeping");
    await say(bob, room, "m2", "and this");
    await using a = await enter(ada);
    await using phone = await enter(ada, PHONE);
    await openMenu(phone.page, "worth keeping");
    await phone.page.getByRole("menuitem", { name: "Save", exact: true }).waitFor();
    await choose(a.page, "worth keeping", "Save");
    await phone.page.getByRole("menuitem", { name: "Unsave" }).waitFor();
    await using socket = await ada.connect();
    await choose(a.page, "and this", "Save");
    await socket.next("saved", ({ message }) => message === 2);
    await a.page.locator("summary", { hasText: "Account" }).click();
    await a.page.getByRole("link", { name: "Saved messages" }).click();
    await a.page.waitForURL("**/saved");
    const texts = () => a.page.locator(".card-text").allInnerTexts();
    assertEquals(await texts(), ["and this", "worth keeping"]);
    await a.page.getByRole("button", { name: "Remove from saved" }).first().click();
    await a.page.getByText("and this").waitFor({ state: "detached" });
    await bob.json(`/api/rooms/${room}/changes`, { type: "delete", id: "d1", message: 1 });
    await a.page.reload();
    await a.page.getByText("no longer there").waitFor();
    assertEquals(await texts(), []);
    const others = await (await bob.fetch("/saved")).text();
    assert(others.includes("Nothing saved") && !others.includes("worth"));
    const eve = await register(origin, "eve");
    for (const path of [`/chat/${room}/pins`, `/chat/${room}/1`]) {
      const response = await eve.fetch(path);
      await response.body?.cancel();
      assertEquals(response.status, 404, path);
    }
    assertEquals([...a.problems, ...phone.problems], []);
  },
});

Deno.test({
  name: "without JavaScript a message is pinned, saved, listed and taken down by forms",
  ignore: !chromiumPath,
  async fn() {
    await using talk = await startTalk();
    const { ada, bob, room, origin, enter } = talk;
    await say(bob, room, "m1", "by form");
    await using tab = await enter(ada, { javaScriptEnabled: false });
    const { page } = tab;
    await page.getByRole("button", { name: "Message actions" }).click();
    await page.getByRole("button", { name: "Pin", exact: true }).click();
    await page.getByText("You pinned a message").waitFor();
    await page.getByRole("button", { name: "Message actions" }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.locator("summary", { hasText: "Conversation menu" }).click();
    await page.getByRole("link", { name: "Pinned messages" }).click();
    await page.waitForURL("**/pins");
    await page.getByRole("link", { name: /Go to the message/ }).click();
    await page.waitForURL("**/chat/*?at=1");
    await page.goto(`${origin}/chat/${room}/pins`);
    await page.getByRole("button", { name: "Unpin" }).click();
    await page.getByText("Nothing pinned").waitFor();
    await page.goto(`${origin}/saved`);
    await page.getByRole("button", { name: "Remove from saved" }).click();
    await page.getByText("Nothing saved").waitFor();
    assertEquals(tab.problems, []);
  },
});

Deno.test({
  name:
    "arrow keys go through the menu and the emoji as they stand, and a long press opens the menu",
  ignore: !chromiumPath,
  async fn() {
    await using talk = await startTalk();
    const { ada, bob, room, enter } = talk;
    await say(bob, room, "m1", "press me");
    await using a = await enter(ada);
    const focused = (page: Page) =>
      page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
    await openMenu(a.page, "press me");
    await a.page.getByRole("menu").waitFor();
    assertEquals(await focused(a.page), "👍");
    await a.page.keyboard.press("ArrowRight");
    assertEquals(await focused(a.page), "❤️");
    await a.page.keyboard.press("ArrowDown");
    assertEquals(await focused(a.page), "Answer");
    await a.page.keyboard.press("ArrowUp");
    assert(["👍", "❤️"].includes(await focused(a.page)), "whichever stands above");
    await a.page.keyboard.press("End");
    assertEquals(await focused(a.page), "Copy link");
    await a.page.getByRole("menuitem", { name: "More" }).click();
    await a.page.locator(".emoji-groups .emoji").first().waitFor();
    await a.page.keyboard.press("ArrowDown");
    const first = await focused(a.page);
    await a.page.keyboard.press("ArrowRight");
    const second = await focused(a.page);
    assert(first !== second && second.length > 0);
    await a.page.keyboard.press("ArrowLeft");
    await a.page.keyboard.press("ArrowUp");
    assertEquals(await a.page.evaluate(() => document.activeElement?.tagName), "INPUT");
    await a.page.keyboard.press("Escape");

    await using phone = await enter(bob, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const bubble = message(phone.page, "press me").locator(".bubble");
    await bubble.waitFor();
    const cdp = await phone.page.context().newCDPSession(phone.page);
    await untilLogListens(phone.page, "pointerdown"); // what opens the menu comes when the page is idle
    const { x, y, width, height } = (await bubble.boundingBox())!;
    const touch = (type: "touchStart" | "touchEnd") =>
      cdp.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: type === "touchStart" ? [{ x: x + width / 2, y: y + height / 2 }] : [],
      });
    await touch("touchStart");
    await phone.page.getByRole("menu").waitFor();
    await phone.page.waitForTimeout(1_200); // a finger may stay long
    await touch("touchEnd"); // over an item of the menu, which must not be chosen by that
    await untilLogListens(phone.page, "contextmenu", false); // what the lifting swallows
    await phone.page.getByRole("menuitem", { name: "Pin", exact: true }).tap();
    await message(a.page, "press me").getByText("Pinned", { exact: true }).waitFor();
    assertEquals([...a.problems, ...phone.problems], []);
  },
});
