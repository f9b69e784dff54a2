/** People at a server of their own, with browsers. Declare what starts here with `await using`. */

import type { Browser, BrowserContextOptions } from "playwright-core";
import { launchBrowser, openTab, scripted, type Tab, useSession } from "./browser.ts";
import type { Client } from "./client.ts";
import { startTown, type Town } from "./town.ts";

export const PHONE = { viewport: { width: 390, height: 844 } };

/** A town with a browser. */
export type BrowserTown<Names extends string> = Town<Names> & {
  origin: string;
  browser: Browser;
  /** A person's own browser, at a page of the site; on the chat's pages its script runs. */
  open(person: Client, path: string, options?: BrowserContextOptions): Promise<Tab>;
};

/** Starts a server where nobody posts too fast, registers people, and starts a browser. */
export async function startBrowserTown<Names extends string>(
  names: Record<Names, string>,
  { env = {} }: { env?: Record<string, string> } = {},
): Promise<BrowserTown<Names>> {
  await using made = new AsyncDisposableStack();
  const town = made.use(await startTown(names, { env: { POSTS_PER_SECOND: "1000", ...env } }));
  const { origin } = town.server;
  const browser = made.adopt(await launchBrowser(), (browser) => browser.close());
  const open = async (person: Client, path: string, options?: BrowserContextOptions) => {
    const tab = await openTab(browser, options);
    await useSession(tab.page, origin, person.cookie);
    await tab.page.goto(origin + path);
    const isChat = /^\/chat(\/[\w-]+)?(\?.*)?$/.test(path);
    if (isChat && options?.javaScriptEnabled !== false) await scripted(tab.page);
    return tab;
  };
  const all = made.move();
  return { ...town, origin, browser, open, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Ada and Bob, and what they have between them. */
export type Talk = BrowserTown<"ada" | "bob"> & {
  /** Their direct room. */
  room: string;
  /** A person's own browser, in the room. */
  enter(person: Client, options?: BrowserContextOptions): Promise<Tab>;
};

/** Starts a {@link Talk}. */
export async function startTalk(options: { env?: Record<string, string> } = {}): Promise<Talk> {
  await using made = new AsyncDisposableStack();
  const town = made.use(await startBrowserTown({ ada: "Ada", bob: "Bob" }, options));
  const { id: room } = await town.ada.room(town.bob.me);
  made.move();
  return { ...town, room, enter: (who, options) => town.open(who, `/chat/${room}`, options) };
}
