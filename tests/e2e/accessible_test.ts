/** axe finds nothing on any page, light and dark, wide and narrow. */

import { assertEquals } from "@std/assert";
import { violations } from "../helpers/axe.ts";
import { register } from "../helpers/client.ts";
import { launchBrowser, openTab, useSession, visit } from "../helpers/browser.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { startServer } from "../helpers/server.ts";

Deno.test({
  name: "axe finds no violation on any page, light and dark, wide and narrow",
  ignore: !chromiumPath,
  async fn() {
    await using server = await startServer();
    const [ada, bob] = [
      await register(server.origin, "ada", "Ada"),
      await register(server.origin, "bob", "باسم بن عبد الله"),
    ];
    const carol = await register(server.origin, "carol", "C".repeat(60));
    const lonely = await ada.room(bob.me);
    for (
      const [i, text] of [
        "Hello",
        "**bold** `code` https://example.org",
        "> quote\n\n```\ncode\n```",
        "😀",
      ].entries()
    ) {
      await (i % 2 ? ada : bob).json(`/api/rooms/${lonely.id}/posts`, { id: `t${i}`, text });
    }
    await using socket = await ada.connect();
    const change = { room: lonely.id, message: 1 };
    socket.send(
      { type: "react", ...change, id: "c1", emoji: "👍", on: true },
      { type: "post", room: lonely.id, id: "c2", text: "an answer", reply: 1 },
      { type: "post", room: lonely.id, id: "c3", text: "gone" },
      { type: "edit", ...change, message: 2, id: "c4", text: "edited" },
      { type: "delete", ...change, message: 7, id: "c5" },
      { type: "pin", ...change, id: "c6", on: true },
      { type: "save", ref: 1, room: lonely.id, message: 2, on: true },
      { type: "post", room: lonely.id, id: "c7", text: "look, @bob and @ada" },
    );
    const [bobs, carols] = [await bob.connect(), await carol.room(ada.me)];
    await carol.json(`/api/rooms/${carols.id}/posts`, { id: "u1", text: "psst" });
    await ada.json(`/api/rooms/${carols.id}/flags`, { muted: true, marked: true });
    await ada.json(`/api/rooms/${lonely.id}/draft`, { text: "half a thought" });
    await bob.json(`/api/rooms/${lonely.id}/read`, { seq: 6 });
    await socket.settled();
    await bobs.close();
    await using browser = await launchBrowser();
    const found: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
        await using tab = await openTab(browser, { colorScheme, viewport, bypassCSP: true });
        const { page } = tab;
        const look = async (what: string) => {
          const lines = await violations(page);
          found.push(...lines.map((line) => `${what} ${colorScheme} ${viewport.width}: ${line}`));
        };
        const load = async (path: string) => {
          await page.goto(server.origin + path);
          await look(path);
        };
        const enter = async (path: string) => {
          await visit(page, server.origin + path);
          await look(path);
        };
        await load("/login");
        await load("/register");
        await load("/login?reason=oauth");
        await useSession(page, server.origin, ada.cookie);
        await load("/settings");
        await enter("/chat");
        await enter("/chat?q=nobody-like-this");
        await enter(`/chat/${lonely.id}`);
        await page.getByRole("button", { name: "Message actions" }).last().click();
        await page.getByRole("menu").waitFor();
        await look("the menu of a message");
        await page.keyboard.press("Escape");
        await page.locator("summary", { hasText: "Conversation menu" }).click();
        await look("the menu of the conversation");
        await page.getByRole("link", { name: "Pinned messages" }).click();
        await page.getByText("Pinned by").waitFor();
        await look("pins over the messages");
        await load(`/chat/${lonely.id}/2`);
        await load(`/chat/${lonely.id}/pins`);
        await load(`/chat/${lonely.id}/2/forward`);
        await visit(page, `${server.origin}/chat/${lonely.id}`);
        await page.getByRole("button", { name: "Message actions" }).last().click();
        await page.getByRole("menuitem", { name: "Forward" }).click();
        await page.getByLabel("Find a conversation").waitFor();
        await page.locator("#composer").fill("@");
        await page.getByRole("option").first().waitFor();
        await look("forwarding and mentioning");
        await page.locator("#composer").fill("");
        await load("/saved");
        await load("/mentions");
        await load("/chat/absent");
      }
    }
    assertEquals(found, []);
  },
});
