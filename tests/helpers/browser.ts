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
  /** Resolves once the chat is connected for the first time: from then on it hears what happens. */
  connected: Promise<void>;
}

/** Opens a new context with a page. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  await context.addInitScript(noteScript);
  const page = await context.newPage();
  const { promise: connected, resolve: welcomed } = Promise.withResolvers<void>();
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      if (String(payload).includes('"type":"welcome"')) welcomed();
    }));
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
  return { page, problems, connected, [Symbol.asyncDispose]: () => context.close() };
}

/** In the page: notes that the chat's script runs, for it leaves the zone for the server then. */
function noteScript(): void {
  const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, "cookie")!;
  Object.defineProperty(document, "cookie", {
    get,
    set(text: string) {
      if (text.startsWith("tz=")) Object.assign(globalThis, { scripted: true });
      set!.call(document, text);
    },
  });
}

/** Opens a page of the chat and waits until its script runs. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await scripted(page);
}

/** Loads a page of the chat anew and waits until its script runs. */
export async function reload(page: Page): Promise<void> {
  await page.reload();
  await scripted(page);
}

/**
 * Waits until the script of the chat's page runs. A page is loaded before that: what is typed,
 * pressed or clicked until then is the browser's own, as where there is no script.
 */
export async function scripted(page: Page): Promise<void> {
  await page.waitForFunction(() => "scripted" in globalThis);
}

/** Waits until the person's outbox in this browser holds so many messages that are to be sent. */
export async function untilKept(page: Page, person: string, count: number): Promise<void> {
  for (let tries = 0, kept = -1; kept !== count; tries++) {
    if (tries > 300) throw new Error(`${kept} messages are kept, not ${count}`);
    await page.waitForTimeout(tries === 0 ? 0 : 100);
    kept = await page.evaluate(countKept, `parley-outbox-${person}`);
  }
}

/** In the page: how many messages a database holds, or -1 if there is none. */
function countKept(name: string): Promise<number> {
  return new Promise((resolve) => {
    const opening = indexedDB.open(name);
    opening.onupgradeneeded = () => opening.transaction!.abort(); // the chat makes it
    opening.onerror = () => resolve(-1);
    opening.onsuccess = () => {
      const { result: database } = opening;
      const counting = database.transaction("entries").objectStore("entries").count();
      counting.onsuccess = () => (database.close(), resolve(counting.result));
    };
  });
}

/** Waits until something in the page listens to events of a type, or no longer does. */
export async function untilListens(
  page: Page,
  { expression, type }: { expression: string; type: string },
  wanted = true,
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (let tries = 0;; tries++) {
    const { result: { objectId = "" } } = await session.send("Runtime.evaluate", { expression });
    const { listeners } = await session.send("DOMDebugger.getEventListeners", { objectId });
    if (listeners.some((one) => one.type === type) === wanted) break;
    if (tries > 300) throw new Error(`${expression} does not listen to ${type} as it should`);
    await page.waitForTimeout(100);
  }
  await session.detach();
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
