/**
 * Takes pictures of every page in both sizes and colour schemes, from the demo data:
 * `deno task screenshots`. All go to `_screenshots/` to be looked at, those that the README shows
 * to `docs/screenshots/` too.
 */

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { DEMO_PASSWORD, DEMO_VIEWER } from "../lib/demo/people.ts";
import { seedDemo } from "../lib/demo/seed.ts";
import { launchBrowser, openTab } from "./helpers/browser.ts";
import { chromiumPath } from "./helpers/permissions.ts";
import { startServer } from "./helpers/server.ts";

const FOLDER = new URL("../_screenshots/", import.meta.url);
const SHOWN = new URL("../docs/screenshots/", import.meta.url);
const README = new URL("../README.md", import.meta.url);
/** Pages beside the chat, by the names of their pictures. */
const PAGES = [
  ["settings", "/settings"],
  ["search-help", "/search"],
  ["search", "/search?q=har"],
  ["new-group", "/groups/new"],
  ["public-groups", "/rooms"],
  ["mentions", "/mentions"],
  ["saved", "/saved"],
  ["absent", "/chat/absent"],
] as const;
/** Who is online meanwhile. */
const COMPANY = ["tomas", "siobhan", "zoe"];
const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(400); // the entrance of bubbles ends
  await page.screenshot({ path: new URL(`${name}.png`, FOLDER).pathname });
}

async function signIn(page: Page, origin: string, username = DEMO_VIEWER): Promise<void> {
  await page.goto(`${origin}/login`);
  await page.fill('input[name="username"]', username);
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

interface Screen {
  name(what: string): string;
  options: BrowserContextOptions;
}

/** Both sizes in light and dark. */
function* screens(): Generator<Screen> {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      const place = { timezoneId: "Europe/Berlin", locale: "en-GB" };
      yield {
        name: (what) => `${what}-${size}-${colorScheme}`,
        options: { colorScheme, viewport, hasTouch: size === "phone", ...place },
      };
    }
  }
}

/** The way in, and the list. */
async function shootOutside(browser: Browser, origin: string, { name, options }: Screen) {
  await using tab = await openTab(browser, options);
  for (const what of ["login", "register"]) {
    await tab.page.goto(`${origin}/${what}`);
    await shoot(tab.page, name(what));
  }
  await signIn(tab.page, origin);
  await shoot(tab.page, name("people"));
}

/** Conversations, and the pages beside them. */
async function shootInside(browser: Browser, origin: string, { name, options }: Screen) {
  await using tab = await openTab(browser, options);
  const { page } = tab;
  await signIn(page, origin);
  for (const n of [0, 1, 2, 3, 4, 5, 6]) {
    await openRoom(page, origin, n);
    await shoot(page, name(`room${n}`));
    const info = page.locator('header a[href$="/info"]').first();
    if (await info.count() === 0) continue;
    await page.goto(origin + await info.getAttribute("href"));
    await shoot(page, name(`group${n}`));
  }
  for (const [what, path] of PAGES) {
    await page.goto(origin + path);
    await shoot(page, name(what));
  }
}

async function main(): Promise<void> {
  if (!chromiumPath) Deno.exit(1);
  await Deno.mkdir(FOLDER, { recursive: true });
  const kvPath = `${await Deno.makeTempDir()}/demo.kv`;
  await seedDemo(kvPath);
  await using server = await startServer({ kvPath });
  const browser = await launchBrowser();
  for (const username of COMPANY) {
    await signIn((await openTab(browser)).page, server.origin, username);
  }
  // The lists before anything in them is read.
  for (const screen of screens()) await shootOutside(browser, server.origin, screen);
  for (const screen of screens()) await shootInside(browser, server.origin, screen);
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
