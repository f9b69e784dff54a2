/** Searching: over the chat by keyboard, in one conversation, without JavaScript, for everybody. */

import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { violations } from "../helpers/axe.ts";
import { type Client, register } from "../helpers/client.ts";
import { launchBrowser, openTab, useSession, visit } from "../helpers/browser.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { startServer, type TestServer } from "../helpers/server.ts";

/** Ada talks with Bob, at length, and with Layla, in Arabic. */
async function setUp(server: TestServer) {
  const ada = await register(server.origin, "ada", "Ada");
  const bob = await register(server.origin, "bob", "Bob");
  const layla = await register(server.origin, "layla", "ليلى حدّاد");
  const [withBob, withLayla] = [await ada.room(bob.me), await ada.room(layla.me)];
  await say(bob, withBob.id, ["The **lighthouse** keeper's soup", "https://example.org/soup"]);
  await say(bob, withBob.id, Array.from({ length: 120 }, (_, n) => `filler ${n}`));
  await say(layla, withLayla.id, ["وصلت العبّارة إلى المنارة", "soup in the lighthouse?"]);
  return { ada, bob, withBob, withLayla };
}

let made = 0;

async function say(by: Client, room: string, texts: string[]): Promise<void> {
  for (const text of texts) {
    await by.json(`/api/rooms/${room}/posts`, { id: `s${++made}`, text });
  }
}

/** Waits for this message, flashed and in view. */
async function landed(page: Page, text: string): Promise<void> {
  await page.waitForFunction((text) => {
    const line = document.querySelector(".message-flash");
    if (!line?.textContent.includes(text)) return false;
    const { top, bottom } = line.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }, text);
}

function browserTest(name: string, run: (server: TestServer) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !chromiumPath,
    async fn() {
      await using server = await startServer({ env: { POSTS_PER_SECOND: "10000" } });
      await run(server);
    },
  });
}

browserTest(
  "by keys alone: open, type, choose; the message is shown and flashed",
  async (server) => {
    const { ada, withBob } = await setUp(server);
    await using browser = await launchBrowser();
    await using tab = await openTab(browser);
    const { page } = tab;
    await useSession(page, server.origin, ada.cookie);
    await visit(page, `${server.origin}/chat`);
    await page.keyboard.press("Control+k");
    await page.locator("dialog #search").waitFor();
    await page.keyboard.type("lightHOUSE");
    await page.getByRole("status").filter({ hasText: "2 messages" }).waitFor();
    assertEquals(await page.locator("dialog mark").allTextContents(), ["lighthouse", "lighthouse"]);
    for (const key of ["ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown"]) {
      await page.keyboard.press(key);
    }
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/chat/${withBob.id}?at=1`);
    await landed(page, "lighthouse");

    await page.locator("body").press("/");
    await page.locator("dialog #search").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    assertEquals(new URL(page.url()).pathname, `/chat/${withBob.id}`, "the chat behind stays");
    await page.locator("#composer").press("/");
    assertEquals(
      await page.locator("#composer").inputValue(),
      "/",
      "a slash is a slash in a field",
    );
    assertEquals(await page.locator("dialog").count(), 0);
    assertEquals(tab.problems, []);
  },
);

browserTest(
  "in one conversation, then everywhere; older ones on demand; by the filter",
  async (server) => {
    const { ada, withBob, withLayla } = await setUp(server);
    await using browser = await launchBrowser();
    await using tab = await openTab(browser, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const { page } = tab;
    await useSession(page, server.origin, ada.cookie);
    await visit(page, `${server.origin}/chat/${withBob.id}`);
    await page.getByRole("link", { name: "Search this conversation" }).tap();
    const field = page.locator("dialog #search");
    await field.fill("soup");
    await page.getByText("2 messages").waitFor();
    await page.getByText("Everywhere").tap();
    await page.getByText("3 messages").waitFor();
    await page.locator("dialog").getByText("ليلى حدّاد").waitFor();
    await field.fill("filler");
    await page.getByText("The newest 20 messages").waitFor();
    await page.getByRole("link", { name: "Older messages" }).tap();
    await page.getByText("The newest 40 messages").waitFor();
    const hits = page.locator('dialog a[href*="?at="]');
    assertEquals(await hits.count(), 40);
    assert((await hits.last().textContent())!.includes("filler 80"));
    await field.fill("from:nobody");
    await page.getByText("Nobody and no group of yours is called “nobody”.").waitFor();
    await page.getByRole("button", { name: "Close search" }).tap();

    await visit(page, `${server.origin}/chat`);
    await page.fill("#filter", "المنارة");
    await page.getByRole("link", { name: "Search messages for it" }).tap();
    await page.locator("dialog a", { hasText: "وصلت" }).tap();
    await page.waitForURL(`**/chat/${withLayla.id}?at=1`);
    await landed(page, "وصلت");
    assertEquals(tab.problems, []);
  },
);

browserTest("a third person finds nothing, and nobody what was deleted", async (server) => {
  const { ada, bob, withBob } = await setUp(server);
  const eve = await register(server.origin, "eve", "Eve");
  await using browser = await launchBrowser();
  await using adas = await openTab(browser);
  await using eves = await openTab(browser);
  await useSession(adas.page, server.origin, ada.cookie);
  await useSession(eves.page, server.origin, eve.cookie);
  const look = async (page: Page, q: string, says: string) => {
    await page.fill("dialog #search", q);
    await page.getByText(says, { exact: true }).waitFor();
  };
  for (const { page } of [adas, eves]) {
    await visit(page, `${server.origin}/chat`);
    await page.getByRole("link", { name: "Search messages" }).click();
  }
  await look(eves.page, "keeper", "No message found.");
  await look(adas.page, "keeper", "1 message");
  await bob.json(`/api/rooms/${withBob.id}/changes`, { id: "d1", type: "delete", message: 1 });
  await look(adas.page, "keepe", "No message found.");
});

browserTest(
  "without JavaScript a form finds, narrows to a conversation, and links lead there",
  async (server) => {
    const { ada, withBob } = await setUp(server);
    await using browser = await launchBrowser();
    await using tab = await openTab(browser, { javaScriptEnabled: false });
    const { page } = tab;
    await useSession(page, server.origin, ada.cookie);
    await page.goto(`${server.origin}/chat/${withBob.id}`);
    await page.getByRole("link", { name: "Search this conversation" }).click();
    await page.getByRole("heading", { name: "What you can look for" }).waitFor();
    await page.fill("#search", "soup has:link");
    await page.press("#search", "Enter");
    await page.getByText("1 message", { exact: true }).waitFor();
    assertEquals(new URL(page.url()).searchParams.get("room"), withBob.id);
    await page.getByText("Everywhere").click();
    await page.fill("#search", "lighthouse");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("2 messages").waitFor();
    await page.fill("#search", "filler");
    await page.press("#search", "Enter");
    await page.getByRole("link", { name: "Older messages" }).click();
    await page.getByText("filler 99").waitFor();
    await page.goto(`${server.origin}/search?q=keeper`);
    await page.locator("a", { has: page.locator("mark") }).click();
    await page.waitForURL(`**/chat/${withBob.id}?at=1`);
    await page.getByText("keeper's soup").waitFor();
    assertEquals(tab.problems, []);
  },
);

browserTest("search that fails says why, and the next one works", async (server) => {
  const { ada } = await setUp(server);
  await using browser = await launchBrowser();
  await using tab = await openTab(browser);
  const { page } = tab;
  await useSession(page, server.origin, ada.cookie);
  await visit(page, `${server.origin}/chat`);
  await page.getByRole("link", { name: "Search messages" }).click();
  await page.locator("dialog #search").waitFor(); // its code comes only now
  await page.context().setOffline(true);
  await page.fill("#search", "soup");
  await page.getByRole("alert").filter({ hasText: "could not be reached" }).waitFor();
  await page.context().setOffline(false);
  await page.fill("#search", "sou");
  await page.getByText("3 messages").waitFor();
});

browserTest(
  "axe finds nothing, and nothing is wider than the screen, from left or right",
  async (server) => {
    const { ada, withBob } = await setUp(server);
    await say(ada, withBob.id, [`soup ${"w".repeat(300)}`]);
    await using browser = await launchBrowser();
    const found: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
        await using tab = await openTab(browser, { colorScheme, viewport, bypassCSP: true });
        const { page } = tab;
        await useSession(page, server.origin, ada.cookie);
        const look = async (what: string) => {
          for (const dir of ["ltr", "rtl"]) {
            await page.evaluate((dir) => document.documentElement.dir = dir, dir);
            const wide = await page.evaluate(() =>
              document.documentElement.scrollWidth > innerWidth
            );
            const where = `${what} ${dir} ${colorScheme} ${viewport.width}`;
            if (wide) found.push(`${where}: too wide`);
            found.push(...(await violations(page)).map((line) => `${where}: ${line}`));
          }
        };
        for (const path of ["/search", "/search?q=soup", `/search?q=zzz&room=${withBob.id}`]) {
          await page.goto(server.origin + path);
          await look(path);
        }
        await visit(page, `${server.origin}/chat/${withBob.id}`);
        await page.getByRole("link", { name: "Search this conversation" }).click();
        await page.getByRole("heading", { name: "What you can look for" }).waitFor();
        await look("dialog, help");
        await page.fill("#search", "soup");
        await page.locator("dialog mark").first().waitFor();
        await look("dialog, hits");
      }
    }
    assertEquals(found, []);
  },
);
