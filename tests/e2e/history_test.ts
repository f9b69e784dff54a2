/** Long histories: opened at the first unread message, scrolled to the first one without a jump. */

import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { register } from "../helpers/client.ts";
import { launchBrowser, openTab, useSession, visit } from "../helpers/browser.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { startServer } from "../helpers/server.ts";

const COUNT = 5_000;

/** The first message in view, where it is, and how much is above what is in view. */
function firstInView(page: Page): Promise<{ key: string; top: number; left: number }> {
  return page.evaluate(() => {
    const log = document.querySelector("[data-key]")!.closest(
      ".scroller, [role=log], [data-log]",
    ) as HTMLElement;
    const edge = log.getBoundingClientRect().top;
    for (const item of log.querySelectorAll<HTMLElement>("[data-key]")) {
      const { top, bottom } = item.getBoundingClientRect();
      const left = log.scrollHeight - log.clientHeight + log.scrollTop;
      if (bottom > edge + 40) return { key: item.dataset.key!, top, left };
    }
    throw new Error("nothing in view");
  });
}

/** Ada's browser, and the room in which Bob has written to her. */
async function written(origin: string, count: number) {
  const [ada, bob] = [await register(origin, "ada"), await register(origin, "bob")];
  const { id: room } = await ada.room(bob.me);
  await using socket = await bob.connect();
  for (let i = 1; i <= count; i++) {
    const text = `message ${i}.${"\nand more".repeat(i % 4)}`;
    socket.send({ type: "post", room, id: `m${i}`, text });
    if (i % 200 === 0) await socket.next("ack", ({ id }) => id === `m${i}`);
  }
  const browser = await launchBrowser();
  const tab = await openTab(browser);
  await useSession(tab.page, origin, ada.cookie);
  await tab.page.mouse.move(800, 400);
  return { bob, room, browser, ...tab };
}

function topOf(page: Page, key: string): Promise<number | null> {
  return page.evaluate((key) => {
    const item = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    return item ? item.getBoundingClientRect().top : null;
  }, key);
}

/** Once a frame was drawn: where a message is, and how much is above what is in view. */
function drawn(page: Page, key: string): Promise<{ place: number | null; left: number }> {
  return page.evaluate(async (key) => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const log = document.querySelector("[role=log]")!;
    const item = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    return {
      place: item && item.getBoundingClientRect().top,
      left: log.scrollHeight - log.clientHeight + log.scrollTop,
    };
  }, key);
}

/** Turns the wheel, never to the very top, and sees whether anything moves otherwise than by that. */
class Wheel {
  readonly jumps: string[] = [];
  readonly #page: Page;
  /** Pixels that were turned and not seen yet: a busy browser draws some turns as one. */
  #owed = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  /** One turn up, shorter where less than that is loaded. Answers how much is left above. */
  async turnUp(most = 900): Promise<number> {
    const { key, top, left: before } = await firstInView(this.#page);
    const by = Math.max(0, Math.min(most, before - this.#owed - 100));
    if (by > 0) await this.#page.mouse.wheel(0, -by);
    this.#owed += by;
    const { place, left } = await drawn(this.#page, key);
    const moved = place === null ? this.#owed : place - top;
    if (moved < -40 || moved > this.#owed + 100) {
      this.jumps.push(`${key} from ${top} to ${place} with ${this.#owed} px to go`);
    }
    this.#owed = Math.max(0, this.#owed - moved);
    return left;
  }

  /** Waits until all that was turned is seen. */
  async rest(): Promise<void> {
    for (let tries = 0; this.#owed > 100; tries++) {
      assert(tries < 1_000, `${this.#owed} px of the wheel are not seen`);
      await this.turnUp(0);
    }
  }
}

const shows = (page: Page, message: number) =>
  page.locator(`[role=log] [data-seq="${message}"]`).waitFor();
const pill = (page: Page) => page.getByRole("button", { name: /new message|newest|latest/i });

Deno.test({
  name: "a room opens at its first unread message, unless one scrolls before it is there",
  ignore: !chromiumPath,
  async fn() {
    await using server = await startServer({ env: { POSTS_PER_SECOND: "100000" } });
    const { page, room, browser, problems } = await written(server.origin, 1_000);
    // With a connection that comes when it is let through.
    const { promise: connected, resolve: connect } = Promise.withResolvers<void>();
    await page.routeWebSocket(/.*/, async (socket) => {
      await connected;
      socket.connectToServer();
    });
    await visit(page, `${server.origin}/chat/${room}`);
    await shows(page, 1_000);
    const wheel = new Wheel(page);
    for (let left = 1_000; left > 400;) left = await wheel.turnUp();
    await wheel.rest();
    assertEquals(wheel.jumps, []);
    const { key, top: place } = await firstInView(page);
    connect();
    await page.locator('[data-key$=":m930"]').waitFor();
    assertEquals(await topOf(page, key), place);

    await visit(page, `${server.origin}/chat/${room}`);
    await page.locator('[data-key$=":m1"]').waitFor();
    const line = page.locator("ol [data-unread]");
    await line.waitFor();
    const top = await line.evaluate((node) => {
      const log = node.closest("[role=log]")!;
      return node.getBoundingClientRect().top - log.getBoundingClientRect().top;
    });
    assert(top >= 0 && top < 100, `the line of the unread is ${top} px from the top`);
    await pill(page).filter({ hasText: /\d/ }).click();
    await shows(page, 1_000);
    assertEquals(problems, []);
    await browser.close();
  },
});

Deno.test({
  name: "5,000 messages are scrolled through, oldest first at the end, without a jump",
  ignore: !chromiumPath,
  async fn() {
    await using server = await startServer({ env: { POSTS_PER_SECOND: "100000" } });
    const { page, bob, room, browser, problems } = await written(server.origin, COUNT);
    await visit(page, `${server.origin}/chat/${room}`);
    await pill(page).click();
    await shows(page, COUNT);
    await pill(page).waitFor({ state: "detached" });
    const wheel = new Wheel(page);
    const oldest = page.locator('[data-key$=":m1"]');
    for (let i = 0; i < 1_500 && await oldest.count() === 0; i++) await wheel.turnUp();
    await oldest.waitFor();
    assertEquals(wheel.jumps, []);
    const rendered = await page.locator("[data-key]").count();
    assert(rendered <= 1_200, `${rendered} messages are in the document`);
    // Live messages are counted while one reads above, and the button leads back down.
    await bob.json(`/api/rooms/${room}/posts`, { id: "new", text: "brand new" });
    await pill(page).filter({ hasText: /1 new/ }).click();
    await page.getByText("brand new").last().waitFor();
    assertEquals(problems, []);
    await browser.close();
  },
});
