/** 5,000 messages of history, scrolled to the first without a jump. */

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

Deno.test({
  name: "5,000 messages are scrolled through, oldest first at the end, without a jump",
  ignore: !chromiumPath,
  async fn() {
    await using server = await startServer({ env: { POSTS_PER_SECOND: "100000" } });
    const [ada, bob] = [await register(server.origin, "ada"), await register(server.origin, "bob")];
    const { id: room } = await ada.room(bob.me);
    await using socket = await bob.connect();
    for (let i = 1; i <= COUNT; i++) {
      socket.send({
        type: "post",
        room,
        id: `m${i}`,
        text: `message ${i}${"\nand more".repeat(i % 4)}`,
      });
      if (i % 200 === 0) await socket.next("ack", ({ id }) => id === `m${i}`);
    }
    const browser = await launchBrowser();
    await using tab = await openTab(browser);
    const { page } = tab;
    await useSession(page, server.origin, ada.cookie);
    await page.goto(`${server.origin}/chat/${room}`);
    await page.locator("[data-key]").first().waitFor();
    await page.waitForFunction(() => document.querySelector("[data-state]") !== null);
    await page.mouse.move(800, 400);
    const jumps: string[] = [];
    const oldest = page.locator('[data-key$=":m1"]');
    for (let i = 0; i < 1_500; i++) {
      if (await oldest.count() > 0) break;
      const before = await firstInView(page);
      await page.mouse.wheel(0, -900);
      await page.waitForTimeout(15);
      const place = await page.evaluate((key) => {
        const item = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
        return item ? item.getBoundingClientRect().top : null;
      }, before.key);
      // Two turns of the wheel may be seen as one; beyond those, or upwards, it is a jump.
      if (place !== null && (place < before.top - 40 || place > before.top + 1_900)) {
        jumps.push(`${before.key} from ${before.top} to ${place} in turn ${i}`);
      }
    }
    await oldest.waitFor();
    assertEquals(jumps, []);
    const rendered = await page.locator("[data-key]").count();
    assert(rendered <= 1_200, `${rendered} messages are in the document`);
    // Live messages are counted while one reads above, and the button leads back down.
    await bob.json(`/api/rooms/${room}/posts`, { id: "new", text: "brand new" });
    const pill = page.getByRole("button", { name: /new message|newest|latest/i });
    await pill.waitFor();
    await pill.click();
    await page.getByText("brand new").last().waitFor();
    assertEquals(tab.problems, []);
    await browser.close();
  },
});
