/** Two people in two browsers: they register, find each other, chat, and survive a restart. */

import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import type { Page } from "playwright-core";
import {
  launchBrowser,
  openTab,
  registerByForm,
  scripted,
  useSession,
  visit,
} from "../helpers/browser.ts";
import { register } from "../helpers/client.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { startServer } from "../helpers/server.ts";
import { within } from "../helpers/waiting.ts";

/** Sends a message by keyboard. */
async function write(page: Page, text: string): Promise<void> {
  await page.fill("#composer", text);
  await page.press("#composer", "Enter");
}

function message(page: Page, text: string) {
  return page.locator("[data-key]", { hasText: text });
}

Deno.test({
  name: "two people register, find each other, chat, and lose nothing over a restart",
  ignore: !chromiumPath,
  async fn() {
    await using server = await startServer();
    await using browser = await launchBrowser();
    await using a = await openTab(browser);
    await using b = await openTab(browser, { viewport: { width: 390, height: 844 } });
    const [ada, bob] = [a.page, b.page];
    await registerByForm(ada, server.origin, { username: "ada", name: "Ada Lovelace" });
    await registerByForm(bob, server.origin, { username: "bob", name: "Bob" });

    await scripted(ada);
    await scripted(bob);

    // Bob appears to Ada by filter, without a reload, and is online.
    await ada.fill('input[name="q"]', "bo");
    await ada.getByRole("button", { name: /Bob/ }).click();
    await ada.waitForURL("**/chat/*");
    await write(ada, "Hello **Bob**");
    await message(ada, "Hello Bob").and(ada.locator('[data-state="stored"]')).waitFor();

    // It shows on Bob's list without a reload; he opens it and answers.
    await bob.getByRole("link", { name: /Ada Lovelace/ }).click();
    await message(bob, "Hello Bob").waitFor();
    assertEquals(await bob.locator("strong", { hasText: "Bob" }).count(), 1);
    await write(bob, "Hello Ada\nsecond line");
    await message(ada, "second line").waitFor();

    // Own right, theirs left.
    const [mine, theirs] = await Promise.all([
      message(ada, "Hello Bob").locator(".bubble").boundingBox(),
      message(ada, "second line").locator(".bubble").boundingBox(),
    ]);
    assert(mine!.x > theirs!.x);

    // The server goes; Ada writes; it waits, and arrives once when the server is back.
    await server.stop("SIGTERM");
    await write(ada, "written while it was away");
    await message(ada, "written while").and(ada.locator('[data-state="pending"]')).waitFor();
    await server.restart();
    await message(ada, "written while").and(ada.locator('[data-state="stored"]')).waitFor({
      timeout: 40_000,
    });
    await message(bob, "written while").waitFor({ timeout: 40_000 });
    for (const page of [ada, bob]) assertEquals(await message(page, "written while").count(), 1);

    // Bob leaves: Ada sees it without a reload.
    await ada.locator("header", { hasText: "Bob" }).getByText("online").first().waitFor();
    await b.page.context().close();
    await ada.locator("header", { hasText: "Bob" }).getByText(/last seen|seen/).first().waitFor();
    assertEquals([...a.problems, ...b.problems], []);
  },
});

Deno.test({
  name: "two tabs of one person agree, and unread counts follow",
  ignore: !chromiumPath,
  async fn() {
    await using server = await startServer();
    await using browser = await launchBrowser();
    await using a = await openTab(browser);
    await using b = await openTab(browser);
    await registerByForm(a.page, server.origin, { username: "ada" });
    await within(a.connected, "Ada is connected");
    await registerByForm(b.page, server.origin, { username: "bob" });
    await scripted(a.page);
    await scripted(b.page);
    const bobsOther = await b.page.context().newPage();
    await visit(bobsOther, `${server.origin}/chat`);
    await b.page.bringToFront();

    await a.page.getByRole("button", { name: /bob/ }).click();
    await a.page.waitForURL("**/chat/*");
    for (const text of ["one", "two", "three"]) await write(a.page, text);

    const badge = (page: Page) => page.getByRole("link", { name: /ada/ }).getByText("3 unread");
    await badge(b.page).waitFor();
    await badge(bobsOther).waitFor();
    await b.page.waitForFunction(() => document.title.includes("(3)"));
    const icon = () => b.page.locator('link[rel="icon"]').getAttribute("href");
    assertMatch(await icon() ?? "", /unread/);

    // Reading in one tab clears the other.
    await b.page.getByRole("link", { name: /ada/ }).click();
    await message(b.page, "three").waitFor();
    await badge(bobsOther).waitFor({ state: "detached" });
    await b.page.waitForFunction(() => !document.title.includes("(3)"));
    assertNotMatch(await icon() ?? "", /unread/);
    await bobsOther.waitForFunction(() => !document.title.includes("(3)"));

    // What one tab writes, the other shows as own.
    await write(b.page, "from the first tab");
    await bobsOther.getByRole("link", { name: /ada/ }).click();
    await message(bobsOther, "from the first tab").waitFor();
    assertEquals([...a.problems, ...b.problems], []);
  },
});

Deno.test({
  name: "who makes an account while a tab has no connection is listed once it has one",
  ignore: !chromiumPath,
  async fn() {
    await using server = await startServer();
    const ada = await register(server.origin, "ada");
    await using browser = await launchBrowser();
    await using tab = await openTab(browser);
    await useSession(tab.page, server.origin, ada.cookie);
    const { promise: connected, resolve: connect } = Promise.withResolvers<void>();
    await tab.page.routeWebSocket(/.*/, async (socket) => {
      await connected;
      socket.connectToServer();
    });
    await visit(tab.page, `${server.origin}/chat`);
    await register(server.origin, "nils");
    connect();
    await tab.page.getByRole("button", { name: /nils/ }).waitFor();
    assertEquals(tab.problems, []);
  },
});
