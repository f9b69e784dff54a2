/** Chromium for tests: fresh contexts, people that register by the page, and what went wrong. */

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { PASSWORD } from "./client.ts";
import { chromiumPath } from "./permissions.ts";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A microphone that is always there and always allowed.
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];

/** Starts Chromium; only where `chromiumPath` is set. */
export async function launchBrowser(): Promise<Browser> {
  // The library needs permissions when it is imported.
  const { chromium } = await import("playwright-core");
  return await chromium.launch({ executablePath: chromiumPath!, args: FLAGS });
}

/** One person's browser: a context of their own with one page, and the errors that it reported. */
export interface Tab extends AsyncDisposable {
  page: Page;
  /** Page errors, console errors and CSP violations so far. */
  problems: string[];
}

/** Opens a new context with a page. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (
      message.type() === "error" &&
      !/ERR_(CONNECTION|INTERNET|EMPTY)|WebSocket|status of (404|400|409|413|429)/.test(
        message.text(),
      )
    ) {
      problems.push(message.text());
    }
  });
  return { page, problems, [Symbol.asyncDispose]: () => context.close() };
}

/** Opens a page of the chat and waits until its script runs: it leaves the zone for the server. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.context().clearCookies({ name: "tz" });
  await page.goto(url);
  await scripted(page);
}

/** Waits until the script of a chat's page runs, where none has run in this context before. */
export async function scripted(page: Page): Promise<void> {
  await page.waitForFunction(() => document.cookie.includes("tz="));
}

/** Waits until nothing moves or fades any more, but for what does so for ever. */
export async function untilStill(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState, effect }) =>
      playState !== "running" || effect?.getComputedTiming().endTime === Infinity
    )
  );
}

/** Registers by the form and ends on the people list. */
export async function registerByForm(
  page: Page,
  origin: string,
  { username, name = username }: { username: string; name?: string },
): Promise<void> {
  await page.goto(`${origin}/register`);
  await page.fill('input[name="username"]', username);
  await page.fill('input[name="name"]', name);
  await page.fill('input[name="password"]', PASSWORD);
  await Promise.all([page.waitForURL("**/chat"), page.click('main button[type="submit"]')]);
}

/** Gives a context the session of an API client. */
export async function useSession(page: Page, origin: string, cookie: string): Promise<void> {
  const [name, value] = cookie.split("=");
  await page.context().addCookies([{ name, value, url: origin }]);
}
