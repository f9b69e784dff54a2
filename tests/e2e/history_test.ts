/** Long histories: opened at the first unread message, scrolled to the first one without a jump. */

import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { register } from "../helpers/client.ts";
import { launchBrowser, openTab, useSession } from "../helpers/browser.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { startServer } from "../helpers/server.ts";

const COUNT = 5_000;

/** The text and place of the first message in view. */
function firstInView(page: Page): Promise<{ key: string; top: number }> {
  return page.evaluate(() => {
    const log = document.querySelector("[data-key]")!.closest(
      ".scroller, [role=log], [data-log]",
    ) as HTMLElement;
    const edge = log.getBoundingClientRect().top;
    for (const item of log.querySelectorAll<HTMLElement>("[data-key]")) {
      const { top, bottom } = item.getBoundingClientRect();
      if (bottom > edge + 40) return { key: item.dataset.key!, top };
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

/** One turn of the wheel. Two may be seen as one; beyond those, or upwards, it is a jump. */
async function turnUp(page: Page): Promise<string | null> {
  const before = await firstInView(page);
  await page.mouse.wheel(0, -900);
  await page.waitForTimeout(15);
  const place = await topOf(page, before.key);
  const isJump = place !== null && (place < before.top - 40 || place > before.top + 1_900);
  return isJump ? `${before.key} from ${before.top} to ${place}` : null;
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
    await page.goto(`${server.origin}/chat/${room}`);
    await shows(page, 1_000);
    await page.waitForTimeout(500); // for the chat to be live
    for (let i = 0; i < 6; i++) assertEquals(await turnUp(page), null);
    const { key, top: place } = await firstInView(page);
    connect();
    await page.locator('[data-key$=":m930"]').waitFor();
    assertEquals(await topOf(page, key), place);

    await page.goto(`${server.origin}/chat/${room}`);
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
    await page.goto(`${server.origin}/chat/${room}`);
    await pill(page).click();
    await shows(page, COUNT);
    await pill(page).waitFor({ state: "detached" });
    const jumps: string[] = [];
    const oldest = page.locator('[data-key$=":m1"]');
    for (let i = 0; i < 1_500; i++) {
      if (await oldest.count() > 0) break;
      const jump = await turnUp(page);
      if (jump) jumps.push(`${jump} in turn ${i}`);
    }
    await oldest.waitFor();
    assertEquals(jumps, []);
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
