/** What must not work, in a browser: a stranger in a private room, markup in messages and names. */

import { assertEquals, assertMatch } from "@std/assert";
import { register } from "../helpers/client.ts";
import { launchBrowser, openTab, useSession, visit } from "../helpers/browser.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { startServer } from "../helpers/server.ts";

const PAYLOADS = [
  "<script>window.hacked=1</script>",
  "<img src=x onerror=window.hacked=1>",
  "<svg/onload=window.hacked=1>",
  "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
  '"><script>window.hacked=1</script>',
  "</script><script>window.hacked=1</script>",
  "]]><!--<script>window.hacked=1</script>",
  "[click](javascript:window.hacked=1)",
  "[click](JaVaScRiPt:window.hacked=1)",
  "[click](data:text/html,<script>parent.hacked=1</script>)",
  "[click](java\tscript:window.hacked=1)",
  '[click](https://example.org/" onmouseover="window.hacked=1)',
  "https://example.org/'onmouseover='window.hacked=1",
  "`<img src=x onerror=window.hacked=1>`",
  "```\n</code></pre><script>window.hacked=1</script>\n```",
  "> <b onmouseover=window.hacked=1>quote</b>",
  "**<img src=x onerror=window.hacked=1>**",
  "{{constructor.constructor('window.hacked=1')()}}",
  "\u202e<script>window.hacked=1</script>",
  "<a href=//evil.example>x</a><style>*{display:none}</style>",
];

Deno.test({
  name: "markup in messages and names is shown and never runs",
  ignore: !chromiumPath,
  async fn() {
    await using server = await startServer();
    const name = "<img src=x onerror=window.hacked=1>";
    const [ada, eve] = [
      await register(server.origin, "ada"),
      await register(server.origin, "eve", name),
    ];
    const { id: room } = await eve.room(ada.me);
    for (const [i, text] of PAYLOADS.entries()) {
      await eve.json(`/api/rooms/${room}/posts`, { id: `p${i}`, text });
    }
    await using browser = await launchBrowser();
    await using tab = await openTab(browser);
    const { page } = tab;
    await useSession(page, server.origin, ada.cookie);
    await visit(page, `${server.origin}/chat/${room}`);
    await page.getByText(name).first().waitFor();
    assertEquals(await page.locator("[data-key]").count(), PAYLOADS.length);
    // Also as live events, and on what hydration rendered anew.
    await eve.json(`/api/rooms/${room}/posts`, { id: "live", text: PAYLOADS[1] + " live" });
    await page.locator("[data-key]", { hasText: "live" }).waitFor();
    for (const link of await page.locator("[data-key] a").all()) {
      const href = await link.getAttribute("href");
      assertMatch(href ?? "", /^(?:https?:|mailto:|\/chat\/[\w-]+\/\d+$)/); // or the message's own page
      await link.hover();
    }
    assertEquals(await page.evaluate(() => "hacked" in globalThis), false);
    assertEquals(
      await page.locator("[data-key] :is(script, img, iframe, svg[onload], style)").count(),
      0,
    );
    assertEquals(tab.problems, []);
  },
});

Deno.test({
  name: "a third person finds nothing at the address of a private room",
  ignore: !chromiumPath,
  async fn() {
    await using server = await startServer();
    const people = ["ada", "bob", "eve"].map((name) => register(server.origin, name));
    const [ada, bob, eve] = await Promise.all(people);
    const { id: room } = await ada.room(bob.me);
    await ada.json(`/api/rooms/${room}/posts`, { id: "s", text: "between us" });
    await using browser = await launchBrowser();
    await using tab = await openTab(browser);
    await useSession(tab.page, server.origin, eve.cookie);
    const texts = [];
    for (const id of [room, "absent-room-00000"]) {
      const response = await tab.page.goto(`${server.origin}/chat/${id}`);
      assertEquals(response?.status(), 404);
      texts.push(await tab.page.textContent("body"));
    }
    assertEquals(texts[0], texts[1]);
    assertEquals(texts[0]?.includes("between us"), false);
  },
});
