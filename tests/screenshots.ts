/**
 * Takes pictures of every page in both sizes and colour schemes, from the demo data:
 * `deno task screenshots`. All go to `_screenshots/` to be looked at, those that the README shows
 * to `docs/screenshots/` too.
 */

import type { Page } from "playwright-core";
import { DEMO_PASSWORD } from "../lib/demo/people.ts";
import { seedDemo } from "../lib/demo/seed.ts";
import { launchBrowser, openTab } from "./helpers/browser.ts";
import { chromiumPath } from "./helpers/permissions.ts";
import { startServer } from "./helpers/server.ts";

const FOLDER = new URL("../_screenshots/", import.meta.url);
const SHOWN = new URL("../docs/screenshots/", import.meta.url);
const README = new URL("../README.md", import.meta.url);
const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(400); // the entrance of bubbles ends
  await page.screenshot({ path: new URL(`${name}.png`, FOLDER).pathname });
}

async function signIn(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/login`);
  await page.fill('input[name="username"]', "ada");
  await page.fill('input[name="password"]', DEMO_PASSWORD);
  await page.click('main button[type="submit"]');
  await page.waitForURL("**/chat");
}

/** Opens the n-th conversation of the list. */
async function openRoom(page: Page, origin: string, n: number): Promise<void> {
  await page.goto(`${origin}/chat`);
  await page.locator('nav a[href^="/chat/"]').nth(n).click();
  await page.waitForURL("**/chat/*");
  await page.locator("[data-key]").last().waitFor();
}

async function main(): Promise<void> {
  if (!chromiumPath) Deno.exit(1);
  await Deno.mkdir(FOLDER, { recursive: true });
  const kvPath = `${await Deno.makeTempDir()}/demo.kv`;
  await seedDemo(kvPath);
  await using server = await startServer({ kvPath });
  const browser = await launchBrowser();
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      const options = { colorScheme, viewport, timezoneId: "Europe/Berlin", locale: "en-GB" };
      await using tab = await openTab(browser, { ...options, hasTouch: size === "phone" });
      const { page } = tab;
      const name = (what: string) => `${what}-${size}-${colorScheme}`;
      await page.goto(`${server.origin}/login`);
      await shoot(page, name("login"));
      await page.goto(`${server.origin}/register`);
      await shoot(page, name("register"));
      await signIn(page, server.origin);
      await shoot(page, name("people"));
      for (const n of [0, 1, 2, 3, 4, 5]) {
        await openRoom(page, server.origin, n);
        await shoot(page, name(`room${n}`));
        const info = page.locator('header a[href$="/info"]').first();
        if (await info.count() === 0) continue;
        await page.goto(server.origin + await info.getAttribute("href"));
        await shoot(page, name(`group${n}`));
      }
      await page.goto(`${server.origin}/settings`);
      await shoot(page, name("settings"));
      for (
        const [what, path] of [
          ["search-help", "/search"],
          ["search", "/search?q=har"],
          ["new-group", "/groups/new"],
          ["public-groups", "/rooms"],
        ]
      ) {
        await page.goto(server.origin + path);
        await shoot(page, name(what));
      }
      await page.goto(`${server.origin}/chat/absent`);
      await shoot(page, name("absent"));
    }
  }
  await browser.close();
  await copyShown();
}

/** Copies what the README shows. */
async function copyShown(): Promise<void> {
  await Deno.mkdir(SHOWN, { recursive: true });
  const readme = await Deno.readTextFile(README);
  for (const [, file] of readme.matchAll(/docs\/screenshots\/([\w-]+\.png)/g)) {
    await Deno.copyFile(new URL(file, FOLDER), new URL(file, SHOWN));
  }
}

await main();
