/** What axe finds wrong with a page; its context must be opened with `bypassCSP`. */

import type { Page } from "playwright-core";
import { untilStill } from "./browser.ts";

/** Violations as short lines, once nothing moves or fades: what is half faded has no contrast. */
export async function violations(page: Page): Promise<string[]> {
  await untilStill(page);
  const { default: axe } = await import("axe-core"); // it reads the environment when imported
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<
          { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }
        >;
      };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`)
    );
  });
}
