/** Receipts, marks and mutes in the browser: what each of two people sees, on each of their devices. */

import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { reload, scripted, type Tab, visit } from "../helpers/browser.ts";
import { register } from "../helpers/client.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { PHONE as SMALL, startTalk } from "../helpers/talk.ts";

const PHONE = { ...SMALL, hasTouch: true };

async function write(page: Page, text: string): Promise<void> {
  await page.fill("#composer", text);
  await page.press("#composer", "Enter");
}

/** The state that an own message shows. */
function state(page: Page, text: string, label: string) {
  return page.locator("[data-key]", { hasText: text }).getByTitle(label, { exact: true });
}

Deno.test({
  name: "ticks go from sent to delivered to read, and stay after a reload",
  ignore: !chromiumPath,
  async fn() {
    await using t = await startTalk();
    await using a = await t.open(t.ada, `/chat/${t.room}`);
    await write(a.page, "are you there?");
    await state(a.page, "are you there?", "Sent").waitFor();

    // Bob's list is open: delivered, not read.
    await using b = await t.open(t.bob, "/chat", PHONE);
    await state(a.page, "are you there?", "Delivered").waitFor();

    await b.page.bringToFront();
    await b.page.getByRole("link", { name: /Ada/ }).click();
    await state(a.page, "are you there?", "Read").waitFor();
    await write(b.page, "yes");
    await a.page.reload();
    await state(a.page, "are you there?", "Read").waitFor();
    assertEquals([...a.problems, ...b.problems], []);
  },
});

Deno.test({
  name: "who switches receipts off is not seen to read, and sees nobody read",
  ignore: !chromiumPath,
  async fn() {
    await using t = await startTalk();
    await t.ada.json(`/api/rooms/${t.room}/posts`, { id: "m1", text: "seen before" });
    await t.bob.json(`/api/rooms/${t.room}/read`, { seq: 1 });
    await using a = await t.open(t.ada, `/chat/${t.room}`);
    await state(a.page, "seen before", "Read").waitFor();

    await using b = await t.open(t.bob, "/settings");
    await b.page.getByRole("checkbox", { name: /received and read/ }).uncheck();
    const section = b.page.locator("section", { hasText: "Read receipts" });
    await section.getByRole("button", { name: "Save" }).click();
    await b.page.getByRole("status").getByText("Saved").waitFor();

    await state(a.page, "seen before", "Sent").waitFor();
    await write(a.page, "a secret reader");
    await visit(b.page, `${t.origin}/chat/${t.room}`);
    await b.page.locator("[data-key]", { hasText: "a secret reader" }).waitFor();
    await write(b.page, "and nothing to see");
    await a.page.locator("[data-key]", { hasText: "nothing to see" }).waitFor();
    // Ada is shown as nothing more than sent, on both sides, also when the page is loaded anew.
    for (const [page, text] of [[a.page, "secret reader"], [b.page, "nothing to see"]] as const) {
      await page.reload();
      await state(page, text, "Sent").waitFor();
    }
    assertEquals([...a.problems, ...b.problems], []);
  },
});

Deno.test({
  name:
    "marking as unread and muting by keyboard show on the other device, until the room is opened",
  ignore: !chromiumPath,
  async fn() {
    await using t = await startTalk();
    await t.bob.json(`/api/rooms/${t.room}/posts`, { id: "m1", text: "hello" });
    await using laptop = await t.open(t.ada, `/chat/${t.room}`);
    await using phone = await t.open(t.ada, "/chat", PHONE);
    const row = (page: Page) => page.getByRole("link", { name: /Bob/ });
    await laptop.page.locator("[data-key]", { hasText: "hello" }).waitFor();
    await row(phone.page).locator("[data-unread]").waitFor({ state: "detached" });

    const menu = laptop.page.locator("summary", { hasText: "Conversation menu" });
    await menu.focus();
    await menu.press("Enter");
    await laptop.page.getByRole("button", { name: "Mark as unread" }).press("Enter");
    await laptop.page.waitForURL("**/chat");
    for (const { page } of [laptop, phone]) await row(page).getByText("unread").waitFor();
    await laptop.page.waitForFunction(
      (path) => document.activeElement?.getAttribute("href") === path,
      `/chat/${t.room}`,
    );

    await row(phone.page).tap();
    await phone.page.waitForURL("**/chat/*");
    await row(laptop.page).locator("[data-unread]").waitFor({ state: "detached" });

    // A muted room's unread messages count in no title.
    await phone.page.locator("summary", { hasText: "Conversation menu" }).tap();
    await phone.page.getByRole("button", { name: "Mute" }).tap();
    await row(laptop.page).getByText("muted").waitFor();
    await visit(phone.page, `${t.origin}/chat`);
    await t.bob.json(`/api/rooms/${t.room}/posts`, { id: "m2", text: "psst" });
    await row(laptop.page).getByText("1 unread").waitFor();
    assertEquals(await laptop.page.title(), "Chat · Parley");
    assertEquals([...laptop.problems, ...phone.problems], []);
  },
});

Deno.test({
  name: "without JavaScript one mutes a room and marks it as unread by the forms of its menu",
  ignore: !chromiumPath,
  async fn() {
    await using t = await startTalk();
    await t.bob.json(`/api/rooms/${t.room}/posts`, { id: "m1", text: "hello" });
    await t.ada.json(`/api/rooms/${t.room}/read`, { seq: 1 });
    await using tab = await t.open(t.ada, `/chat/${t.room}`, { javaScriptEnabled: false });
    const { page } = tab;
    const choose = async (name: string) => {
      await page.locator("summary", { hasText: "Conversation menu" }).click();
      await page.getByRole("button", { name, exact: true }).click();
    };
    await choose("Mute");
    await page.waitForURL(`**/chat/${t.room}`);
    await page.getByRole("link", { name: /Bob/ }).getByText("muted").waitFor();
    await choose("Unmute");
    await choose("Mark as unread");
    await page.waitForURL("**/chat");
    await page.getByRole("link", { name: /Bob/ }).getByText("unread").waitFor();
    assertEquals(await page.getByRole("link", { name: /Bob/ }).getByText("muted").count(), 0);
  },
});

Deno.test({
  name: "a draft follows to the other device, never over what is typed there, and goes when sent",
  ignore: !chromiumPath,
  async fn() {
    await using t = await startTalk();
    const carol = await register(t.origin, "carol", "Carol");
    const other = await t.ada.room(carol.me);
    for (const [client, room] of [[t.bob, t.room], [carol, other.id]] as const) {
      await client.json(`/api/rooms/${room}/posts`, { id: "m1", text: "hello" });
    }
    await using laptop = await t.open(t.ada, `/chat/${t.room}`);
    await using phone = await t.open(t.ada, `/chat/${other.id}`, { ...PHONE, viewport: undefined });
    const field = ({ page }: Tab) => page.locator("#composer");
    const row = phone.page.getByRole("link", { name: /Bob/ });

    // It shows in the list, then in the composer, and after a reload.
    await field(laptop).fill("half a thou");
    await row.getByText("half a thou").waitFor();
    await row.getByText("Draft:").waitFor();
    await row.tap();
    await phone.page.waitForFunction(() =>
      document.querySelector<HTMLTextAreaElement>("#composer")?.value === "half a thou"
    );
    await reload(laptop.page);
    assertEquals(await field(laptop).inputValue(), "half a thou");

    // Both type: each keeps its own.
    await field(phone).fill("typed on the phone");
    await field(laptop).fill("typed on the laptop");
    await phone.page.waitForTimeout(2_500); // longer than saving takes
    assertEquals(await field(phone).inputValue(), "typed on the phone");
    assertEquals(await field(laptop).inputValue(), "typed on the laptop");

    // What is sent is no draft any more, on either.
    await field(phone).fill("");
    await phone.page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await field(laptop).fill("sent at last");
    await phone.page.waitForFunction(() =>
      document.querySelector<HTMLTextAreaElement>("#composer")?.value === "sent at last"
    );
    await field(laptop).press("Enter");
    await phone.page.waitForFunction(() =>
      document.querySelector<HTMLTextAreaElement>("#composer")?.value === ""
    );
    await laptop.page.reload();
    assertEquals(await field(laptop).inputValue(), "");
    assertEquals([...laptop.problems, ...phone.problems], []);
  },
});

Deno.test({
  name: "what is typed before the script runs is kept, and no other device's draft takes its place",
  ignore: !chromiumPath,
  async fn() {
    await using t = await startTalk();
    await t.bob.json(`/api/rooms/${t.room}/posts`, { id: "m0", text: "welcome" });
    await using laptop = await t.open(t.ada, "/settings");
    const { page } = laptop;
    const arrival = Promise.withResolvers<void>();
    await page.route(/\.js$/, async (route) => {
      await arrival.promise;
      await route.continue();
    });
    await page.goto(`${t.origin}/chat/${t.room}`, { waitUntil: "commit" });
    await page.fill("#composer", "typed early");
    arrival.resolve();
    await scripted(page);
    await using phone = await t.open(t.ada, "/chat", PHONE);
    await phone.page.getByRole("link", { name: /Bob/ }).getByText("typed early").waitFor();
    await t.ada.json(`/api/rooms/${t.room}/draft`, { text: "from elsewhere" });
    await phone.page.getByRole("link", { name: /Bob/ }).getByText("from elsewhere").waitFor();
    await t.bob.json(`/api/rooms/${t.room}/posts`, { id: "m1", text: "hello" });
    await page.locator("[data-key]", { hasText: "hello" }).waitFor();
    assertEquals(await page.locator("#composer").inputValue(), "typed early");
    assertEquals([...laptop.problems, ...phone.problems], []);
  },
});

Deno.test({
  name: "a draft that no server has yet survives a reload; without JavaScript it is in the form",
  ignore: !chromiumPath,
  async fn() {
    await using t = await startTalk();
    await using tab = await t.open(t.ada, "/settings");
    let isCut = true;
    await tab.page.routeWebSocket(/\/api\/ws$/, (socket) => {
      if (isCut) void socket.close({ code: 1006 });
      else socket.connectToServer();
    });
    await visit(tab.page, `${t.origin}/chat/${t.room}`);
    await tab.page.fill("#composer", "gone in a moment");
    await tab.page.waitForFunction(() =>
      Object.keys(localStorage).some((key) => key.startsWith("parley-draft-"))
    );
    isCut = false;
    await tab.page.reload();
    await tab.page.waitForFunction(() =>
      document.querySelector<HTMLTextAreaElement>("#composer")?.value === "gone in a moment"
    );
    await using plain = await t.open(t.ada, "/chat", { javaScriptEnabled: false });
    for (const end = Date.now() + 20_000; Date.now() < end;) {
      await plain.page.goto(`${t.origin}/chat/${t.room}`);
      if (await plain.page.locator("#composer").inputValue() !== "") break;
    }
    assertEquals(await plain.page.locator("#composer").inputValue(), "gone in a moment");
    await plain.page.getByRole("button", { name: "Send" }).click();
    await plain.page.locator("[data-key]", { hasText: "gone in a moment" }).waitFor();
    assertEquals(await plain.page.locator("#composer").inputValue(), "");
  },
});

Deno.test({
  name: "in a group ticks say what has reached everybody, and the message's menu lists who",
  ignore: !chromiumPath,
  async fn() {
    await using t = await startTalk();
    const carol = await register(t.origin, "carol", "Carol");
    const { room } = await t.ada.json<{ room: { id: string } }>("/api/groups", {
      id: "g1",
      name: "Walkers",
      people: [t.bob.me.id, carol.me.id],
    });
    await using a = await t.open(t.ada, `/chat/${room.id}`);
    await write(a.page, "where shall we meet?");
    await state(a.page, "where shall we meet?", "Sent").waitFor();
    await using b = await t.open(t.bob, `/chat/${room.id}`, PHONE);
    await b.page.locator("[data-key]", { hasText: "where shall we meet?" }).waitFor();
    await b.page.bringToFront();

    // Bob has read it, Carol has not got it: for all of them it is only sent.
    const message = a.page.locator("[data-key]", { hasText: "where shall we meet?" });
    await message.hover();
    await message.getByRole("button", { name: "Message actions" }).click();
    await a.page.getByRole("menuitem", { name: "Read by" }).press("Enter");
    const list = message.getByRole("region", { name: "Read by" });
    await list.getByText(/^Read by 1/).waitFor();
    await list.getByText("Not yet delivered to").waitFor();
    await state(a.page, "where shall we meet?", "Sent").waitFor();

    // The list follows while it is open; Escape closes it.
    await using c = await t.open(carol, "/chat");
    await list.getByText("Delivered to").waitFor();
    await state(a.page, "where shall we meet?", "Delivered").waitFor();
    await c.page.bringToFront();
    await c.page.getByRole("link", { name: /Walkers/ }).click();
    await list.getByText(/^Read by 2/).waitFor();
    await state(a.page, "where shall we meet?", "Read").waitFor();
    await a.page.bringToFront();
    await list.getByRole("button", { name: "Close" }).press("Escape");
    await list.waitFor({ state: "detached" });
    assertEquals([...a.problems, ...b.problems, ...c.problems], []);
  },
});
