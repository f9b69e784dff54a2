/** Everything that must work with JavaScript switched off. */

import { assert, assertEquals } from "@std/assert";
import { PASSWORD, register } from "../helpers/client.ts";
import { launchBrowser, openTab, registerByForm } from "../helpers/browser.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { startServer } from "../helpers/server.ts";

Deno.test({
  name:
    "without JavaScript one registers, finds people, writes, reads older pages, signs out and in",
  ignore: !chromiumPath,
  async fn() {
    await using server = await startServer({ env: { POSTS_PER_SECOND: "10000" } });
    const bob = await register(server.origin, "bob", "Bob");
    await register(server.origin, "carol", "Carol");
    await using browser = await launchBrowser();
    await using tab = await openTab(browser, { javaScriptEnabled: false });
    const { page } = tab;
    await registerByForm(page, server.origin, { username: "ada", name: "Ada" });

    await page.fill('input[name="q"]', "bo");
    await page.press('input[name="q"]', "Enter");
    assertEquals(await page.getByRole("button", { name: /Carol/ }).count(), 0);
    await page.getByRole("button", { name: /Bob/ }).click();
    await page.waitForURL("**/chat/*");
    const room = new URL(page.url()).pathname.split("/")[2];

    await page.fill("#composer", "sent by a *form*");
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator("em", { hasText: "form" }).waitFor();

    for (let i = 0; i < 60; i++) {
      await bob.json(`/api/rooms/${room}/posts`, { id: `n${i}`, text: `number ${i}` });
    }
    await page.reload();
    assertEquals(await page.getByText("sent by a form").count(), 0);
    await page.getByRole("link", { name: /older/i }).click();
    await page.getByText("sent by a form").waitFor();
    assert(page.url().includes("before="));

    await page.goto(`${server.origin}/chat`);
    await page.getByRole("link", { name: /Bob/ }).getByText("number 59").waitFor();
    await page.locator("summary", { hasText: "Account" }).click();
    await page.getByRole("button", { name: /sign out/i }).click();
    await page.waitForURL("**/login");
    await page.goto(`${server.origin}/chat/${room}`);
    await page.fill('input[name="username"]', "Ada");
    await page.fill('input[name="password"]', PASSWORD);
    await page.click('main button[type="submit"]');
    await page.waitForURL(`**/chat/${room}`);
    assertEquals(tab.problems, []);
  },
});
