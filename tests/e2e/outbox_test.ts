/** What was written while nothing could be sent survives reloads and closed tabs, and goes once. */

import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { register } from "../helpers/client.ts";
import { launchBrowser, openTab, untilKept, useSession, visit } from "../helpers/browser.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { startServer } from "../helpers/server.ts";

function states(page: Page): Promise<(string | null)[]> {
  return page.locator("[data-key]").evaluateAll((items) =>
    items.map((item) => (item as HTMLElement).dataset.state ?? null)
  );
}

Deno.test({
  name: "messages written without a connection survive a reload and a closed tab, in order, once",
  ignore: !chromiumPath,
  async fn() {
    await using server = await startServer();
    const [ada, bob] = [await register(server.origin, "ada"), await register(server.origin, "bob")];
    const { id: room } = await ada.room(bob.me);
    await using browser = await launchBrowser();
    await using tab = await openTab(browser);
    const { page } = tab;
    await useSession(page, server.origin, ada.cookie);
    await page.routeWebSocket(/\/api\/ws$/, (socket) => socket.close({ code: 1006 }));
    await visit(page, `${server.origin}/chat/${room}`);
    for (const text of ["first", "second", "third"]) {
      await page.fill("#composer", text);
      await page.press("#composer", "Enter");
    }
    await page.locator("[data-key]", { hasText: "third" }).waitFor();
    assertEquals(await states(page), ["pending", "pending", "pending"]);
    await untilKept(page, ada.me.id, 3);

    await page.reload();
    await page.locator("[data-key]", { hasText: "third" }).waitFor();
    assertEquals(await states(page), ["pending", "pending", "pending"]);

    // The tab is gone; another one, on the people list, sends what it left.
    const other = await page.context().newPage();
    await page.close();
    await other.goto(`${server.origin}/chat`);
    await other.getByRole("link", { name: /bob/ }).getByText("third").waitFor();
    await other.getByRole("link", { name: /bob/ }).click();
    await other.locator('[data-state="stored"]', { hasText: "third" }).waitFor();
    const { events } = await bob.json<{ events: { text: string }[] }>(`/api/rooms/${room}/events`);
    assertEquals(events.map(({ text }) => text), ["first", "second", "third"]);
  },
});

Deno.test({
  name:
    "what one account wrote offline is neither shown to nor sent by the next one in the browser",
  ignore: !chromiumPath,
  async fn() {
    await using server = await startServer();
    const people = ["ada", "bob", "eve"].map((name) => register(server.origin, name));
    const [ada, bob, eve] = await Promise.all(people);
    const { id: room } = await ada.room(bob.me);
    await using browser = await launchBrowser();
    await using tab = await openTab(browser);
    await useSession(tab.page, server.origin, ada.cookie);
    await tab.page.routeWebSocket(/\/api\/ws$/, (socket) => socket.close({ code: 1006 }));
    await visit(tab.page, `${server.origin}/chat/${room}`);
    await tab.page.fill("#composer", "only mine");
    await tab.page.press("#composer", "Enter");
    await tab.page.locator('[data-state="pending"]', { hasText: "only mine" }).waitFor();
    await untilKept(tab.page, ada.me.id, 1);
    await useSession(tab.page, server.origin, eve.cookie);
    const other = await tab.page.context().newPage();
    await tab.page.close();
    await visit(other, `${server.origin}/chat`);
    await other.getByRole("button", { name: /ada/ }).waitFor();
    await other.waitForTimeout(1_000); // long enough to send what must not be sent
    assertEquals(await other.getByText("only mine").count(), 0);
    const { events } = await bob.json<{ events: unknown[] }>(`/api/rooms/${room}/events`);
    assertEquals(events, []);
  },
});
