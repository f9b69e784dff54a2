/** The whole sign-in in Chromium, under the pages' own policy: from the button to the chat. */

import { assert, assertEquals } from "@std/assert";
import type { Browser } from "playwright-core";
import { launchBrowser, openTab } from "../helpers/browser.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { startServer, type TestServer } from "../helpers/server.ts";
import { startProvider, type TestProvider } from "./provider.ts";

let provider: TestProvider;
let server: TestServer;
let browser: Browser;

// The shared server's log is read all the time, across tests: ops of no single test.
function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !chromiumPath, sanitizeOps: false, sanitizeResources: false, fn });
}

if (chromiumPath) {
  Deno.test.beforeAll(async () => {
    provider = await startProvider();
    server = await startServer({ env: provider.env });
    browser = await launchBrowser();
  });
  Deno.test.afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with" : "without";

  test(`the button leads to the provider and back into the chat, ${how} JavaScript`, async () => {
    provider.person = { sub: `browser-${how}`, preferred_username: `Ida-${how}`, name: "Ida" };
    await using tab = await openTab(browser, { javaScriptEnabled });
    const { page, problems } = tab;
    const visited: string[] = [];
    page.on("request", (request) => {
      if (request.isNavigationRequest()) visited.push(request.url());
    });
    await page.goto(`${server.origin}/chat?q=id`);
    await page.getByRole("button", { name: "Continue with Town Hall" }).click();
    await page.waitForURL("**/chat?q=id");
    assert(visited.some((url) => url.startsWith(`${provider.issuer}/authorize`)));
    // The chat itself keeps the viewer's zone in `tz`, once it is hydrated.
    const cookies = (await page.context().cookies(server.origin))
      .filter(({ name }) => name !== "tz");
    assertEquals(cookies.map(({ name, httpOnly }) => [name, httpOnly]), [["session", true]]);
    assertEquals(problems, []);
  });
}

test("a policy of our own forms does block a redirect to the provider, so a page is needed", async () => {
  await using tab = await openTab(browser);
  const { page, problems } = tab;
  const target = `${provider.issuer}/authorize`;
  let reached = false;
  await page.route(`${provider.issuer}/**`, (route) => {
    reached = true;
    return route.fulfill({ body: "reached" });
  });
  await page.route(
    "**/oauth/oidc",
    (route) => route.fulfill({ status: 303, headers: { location: target } }),
  );
  await page.goto(`${server.origin}/login`);
  const refused = page.waitForEvent("console", (message) => message.text().includes("form-action"));
  await page.getByRole("button", { name: "Continue with Town Hall" }).click();
  await refused;
  assertEquals([reached, problems.length > 0], [false, true]);
});

test("who says no at the provider reads so on the sign-in page", async () => {
  await using tab = await openTab(browser);
  const { page } = tab;
  provider.onceBeforeReturn((url) => {
    url.searchParams.delete("code");
    url.searchParams.set("error", "access_denied");
  });
  await page.goto(`${server.origin}/register`);
  await page.getByRole("button", { name: "Continue with Town Hall" }).click();
  await page.waitForURL("**/login?reason=oauth");
  assertEquals(
    await page.getByRole("alert").textContent(),
    "Signing in there did not work. Please try again.",
  );
  await page.goBack();
  assertEquals(new URL(page.url()).pathname, "/register");
});
