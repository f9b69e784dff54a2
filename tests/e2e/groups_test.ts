/** Groups of three people in three browsers: made, talked in, changed, joined by link, left. */

import { assert, assertEquals } from "@std/assert";
import type { Locator, Page } from "playwright-core";
import type { RoomSummary } from "../../lib/chat/rooms.ts";
import { violations } from "../helpers/axe.ts";
import { type Client, PASSWORD, register } from "../helpers/client.ts";
import { openTab, type Tab, untilStill, useSession } from "../helpers/browser.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { startBrowserTown } from "../helpers/talk.ts";

const startTown = () => startBrowserTown({ ada: "Ada", bob: "Bob", cy: "Cyrus the Great" });

/** A group of the person's, made by the socket. */
async function makeGroup(
  by: Client,
  group: { name: string; people?: Client[]; public?: boolean; history?: "all" | "joined" },
): Promise<RoomSummary> {
  await using socket = await by.connect();
  const people = (group.people ?? []).map(({ me }) => me.id);
  socket.send({ type: "create", ref: 1, id: crypto.randomUUID(), ...group, people });
  return (await socket.next("opened")).room;
}

async function write(page: Page, text: string): Promise<void> {
  await page.fill("#composer", text);
  await page.press("#composer", "Enter");
}

function message(page: Page, text: string) {
  return page.locator("[data-key]", { hasText: text });
}

function line(page: Page, words: RegExp) {
  return page.locator("[data-line]", { hasText: words });
}

/** Waits until the picker follows what is typed: it needs no button to find people then. */
async function followed(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Find", exact: true }).waitFor({ state: "hidden" });
}

/** A chip of the picker. */
function chosen(page: Page, name: string) {
  return page.getByRole("list", { name: "Chosen" }).getByText(name);
}

function isFocused(locator: Locator): Promise<boolean> {
  return locator.evaluate((node) => node === document.activeElement);
}

/** The button of a member's menu, on the group's page. */
function menu(page: Page, name: string) {
  return page.locator("summary", { hasText: `What can be done with ${name}` });
}

/** An item of the menu that is open. */
function item(page: Page, words: string) {
  return page.locator("details[open] summary", { hasText: words });
}

/** What the server answers to a request, the body let go. */
async function statusOf(answer: Promise<Response>): Promise<number> {
  const { status, body } = await answer;
  await body?.cancel();
  return status;
}

/** Names stand between marks that isolate them. */
const mark = "[\\u2068\\u2069]*";
const named = (pattern: string) =>
  new RegExp(pattern.replaceAll(/\{(.*?)\}/g, `${mark}$1${mark}`), "u");

const noProblems = (...tabs: Tab[]) => assertEquals(tabs.flatMap(({ problems }) => problems), []);

Deno.test({
  name: "three people: one makes a group, they talk, and who is removed loses it at once",
  ignore: !chromiumPath,
  async fn() {
    await using town = await startTown();
    await using a = await town.open(town.ada, "/chat");
    await using elsewhere = await town.open(town.ada, "/chat");
    await using b = await town.open(town.bob, "/chat");
    await using c = await town.open(town.cy, "/chat", { viewport: { width: 390, height: 844 } });

    // Ada makes it: by keyboard she finds one, by mouse the other.
    await a.page.getByRole("link", { name: "New group" }).click();
    await a.page.getByRole("textbox", { name: "Name" }).fill("Harbour <b>crew</b>");
    await a.page.getByText("⚓").click();
    await followed(a.page);
    const find = a.page.getByLabel("Find people");
    await find.fill("cyr");
    await a.page.getByRole("checkbox", { name: /Bob/ }).waitFor({ state: "detached" });
    await find.press("Enter");
    await chosen(a.page, "Cyrus").waitFor();
    await a.page.getByRole("checkbox", { name: /Bob/ }).check();
    await a.page.getByText("2 people chosen").waitFor();
    await a.page.getByRole("button", { name: "Create group" }).click();
    await a.page.waitForURL(/\/chat\/[\w-]+$/);
    const path = new URL(a.page.url()).pathname;

    // It is there for the others without a reload, with its name, its picture and who is in it.
    for (const { page } of [b, c]) {
      await page.getByRole("link", { name: /Harbour <b>crew<\/b>/ }).click();
      await line(page, named("{Ada} created the group with")).waitFor();
      await page.locator("header").getByText("3 members").waitFor();
    }

    // And on Ada's other device.
    await elsewhere.page.getByRole("link", { name: /Harbour <b>crew<\/b>/ }).waitFor();

    // They talk: names over others' messages, in the list, and while they type.
    await write(b.page, "ahoy");
    await write(b.page, "two in a row");
    await message(c.page, "two in a row").waitFor();
    assertEquals(await c.page.locator(".author", { hasText: "Bob" }).count(), 1);
    await c.page.locator("[data-announcer]", { hasText: "Bob: two in a row" }).waitFor();
    await a.page.getByRole("link", { name: /Harbour/ }).getByText("Bob:").first().waitFor();
    await Promise.all([
      a.page.locator("header [data-typing]", { hasText: "Cyrus the Great is typing" }).waitFor(),
      c.page.locator("#composer").pressSequentially("I am"),
    ]);
    await write(c.page, "I was here");
    await message(b.page, "I was here").waitFor();

    // Ada removes Cyrus, whose open page loses the room at once, and its address with it.
    await a.page.goto(`${town.origin}${path}/info`);
    await menu(a.page, "Cyrus the Great").click();
    await item(a.page, "Remove from the group").click();
    await a.page.getByRole("button", { name: "Remove" }).click();
    await a.page.getByText("2 members").first().waitFor();
    await c.page.getByRole("alert").getByText("You are no longer in Harbour <b>crew</b>.")
      .waitFor();
    await c.page.waitForURL("**/chat");
    await c.page.getByRole("link", { name: /Harbour/ }).waitFor({ state: "detached" });
    assertEquals(await statusOf(town.cy.fetch(path)), 404);
    assertEquals(await statusOf(town.cy.fetch(`${path}/info`)), 404);
    await line(b.page, named("{Ada} removed {Cyrus the Great}")).waitFor();

    // What he said keeps his name, also on a page that never knew him as a member.
    await b.page.reload();
    await message(b.page, "I was here").locator(".author", { hasText: "Cyrus the Great" })
      .waitFor();
    noProblems(a, elsewhere, b, c);
  },
});

Deno.test({
  name: "a link to join is made, leads through the sign-in, and ends when it is taken away",
  ignore: !chromiumPath,
  async fn() {
    await using town = await startTown();
    const { id } = await makeGroup(town.ada, { name: "By link", people: [town.bob] });
    await using a = await town.open(town.ada, `/chat/${id}/info`);
    await a.page.getByRole("button", { name: "Make a link" }).click();
    const link = await a.page.getByRole("textbox", { name: "Link to join" }).inputValue();
    assert(link.startsWith(`${town.origin}/join/`), link);

    await a.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await a.page.getByRole("button", { name: "Copy" }).click();
    await a.page.getByRole("button", { name: "Copied" }).waitFor();
    assertEquals(await a.page.evaluate(() => navigator.clipboard.readText()), link);

    // A member without a role does not see it.
    await using b = await town.open(town.bob, `/chat/${id}/info`);
    await b.page.getByText("2 members").first().waitFor();
    assertEquals(await b.page.content().then((html) => html.includes(link)), false);

    // Cyrus is signed out: he signs in and comes to the group's door, which he sees before he enters.
    await using c = await openTab(town.browser);
    await using elsewhere = await town.open(town.cy, "/chat");
    await c.page.goto(link);
    await c.page.fill('input[name="username"]', "cy");
    await c.page.fill('input[name="password"]', PASSWORD);
    await c.page.click('main button[type="submit"]');
    await c.page.getByRole("heading", { name: "By link" }).waitFor();
    await c.page.getByText("2 members").waitFor();
    await c.page.getByRole("button", { name: "Join the group" }).click();
    await c.page.waitForURL(`**/chat/${id}`);
    await line(c.page, /You joined/).waitFor();
    await elsewhere.page.getByRole("link", { name: /By link/ }).waitFor();

    // Who is in already goes straight there.
    await b.page.goto(link);
    await b.page.waitForURL(`**/chat/${id}`);

    await a.page.getByText("Take the link away").click();
    await a.page.getByRole("button", { name: "Take it away" }).click();
    await a.page.getByRole("button", { name: "Make a link" }).waitFor();
    const dan = await register(town.origin, "dan");
    const gone = await dan.fetch(new URL(link).pathname);
    assertEquals(gone.status, 404);
    assert((await gone.text()).includes("This link leads nowhere"));
    noProblems(a, b, c);
  },
});

Deno.test({
  name: "public groups are found by name and joined; private ones are not listed",
  ignore: !chromiumPath,
  async fn() {
    await using town = await startTown();
    const { id } = await makeGroup(town.ada, { name: "Sailing", public: true });
    await makeGroup(town.ada, { name: "Secret sailing" });
    await using b = await town.open(town.bob, "/chat");
    await b.page.locator("summary", { hasText: "Account" }).click();
    await b.page.getByRole("link", { name: "Public groups" }).click();
    await b.page.getByText("Sailing", { exact: true }).first().waitFor();
    assertEquals(await b.page.getByText("Secret sailing").count(), 0);
    await b.page.getByLabel("Find a group").fill("nothing like it");
    await b.page.getByRole("button", { name: "Find" }).click();
    await b.page.getByText("No public group is called").waitFor();
    await b.page.getByLabel("Find a group").fill("sail");
    await b.page.getByRole("button", { name: "Find" }).click();
    await b.page.getByRole("button", { name: /Join\s*Sailing/ }).click();
    await b.page.waitForURL(`**/chat/${id}`);
    await write(b.page, "here I am");
    await message(b.page, "here I am").and(b.page.locator('[data-state="stored"]')).waitFor();
    await b.page.goto(`${town.origin}/rooms`);
    await b.page.getByRole("link", { name: /Open\s*Sailing/ }).waitFor();
    noProblems(b);
  },
});

Deno.test({
  name: "an admin changes the group and removes members, not the owner; the owner hands it over",
  ignore: !chromiumPath,
  async fn() {
    await using town = await startTown();
    const { ada, bob, cy } = town;
    const { id } = await makeGroup(ada, { name: "Crew", people: [bob, cy] });
    const info = `/chat/${id}/info`;
    await using a = await town.open(ada, info);
    await using b = await town.open(bob, info);

    // Without a role Bob sees who is there, and nothing to change.
    assertEquals(await b.page.locator("summary").allInnerTexts(), ["Leave the group"]);
    assertEquals(await b.page.getByRole("button", { name: "Save" }).count(), 0);
    const removal = bob.fetch(info, {
      method: "POST",
      body: new URLSearchParams({ what: "remove", person: cy.me.id }),
    });
    assertEquals(await statusOf(removal), 400);

    await menu(a.page, "Bob").click();
    await a.page.getByRole("button", { name: "Make admin" }).click();
    await a.page.getByText("Admin", { exact: true }).waitFor();

    // As an admin he renames it; the owner and himself have no menu for him.
    await b.page.reload();
    await menu(b.page, "Cyrus the Great").waitFor();
    assertEquals(await menu(b.page, "Ada").count(), 0);
    await b.page.getByRole("textbox", { name: "Name" }).fill("טיילת — Promenade");
    await b.page.getByText("Public", { exact: true }).click();
    await b.page.getByRole("button", { name: "Save" }).click();
    await b.page.getByText("טיילת — Promenade").first().waitFor();
    await using c = await town.open(cy, `/chat/${id}`);
    await line(c.page, named("{Bob} renamed the group")).waitFor();
    await c.page.locator("header").getByRole("heading", { name: "טיילת — Promenade" }).waitFor();

    // A name of blanks is refused in a sentence, and nothing is lost.
    await b.page.getByRole("textbox", { name: "Name" }).fill("   ");
    await b.page.getByRole("button", { name: "Save" }).click();
    await b.page.getByRole("alert").getByText("The group needs a name.").waitFor();

    await a.page.reload();
    await menu(a.page, "Cyrus the Great").click();
    await item(a.page, "Hand the group over").click();
    await a.page.getByRole("button", { name: "Hand over" }).click();
    await a.page.getByRole("listitem").filter({ hasText: "Cyrus" }).getByText("Owner").waitFor();
    await line(c.page, named("{Ada} made you the owner")).waitFor();

    // Ada leaves; her other page closes the room by itself.
    await using other = await town.open(ada, `/chat/${id}`);
    await other.page.locator("#composer").waitFor();
    await a.page.getByText("Leave the group").click();
    await a.page.getByRole("button", { name: "Leave" }).click();
    await a.page.waitForURL("**/chat");
    await other.page.waitForURL("**/chat");
    await line(c.page, named("{Ada} left")).waitFor();
    noProblems(a, b, c, other);
  },
});

Deno.test({
  name: "people are added later, and see of the past what the group's rule says",
  ignore: !chromiumPath,
  async fn() {
    await using town = await startTown();
    const { ada, bob, cy } = town;
    const { id } = await makeGroup(ada, { name: "Crew", people: [bob], history: "joined" });
    await ada.json(`/api/rooms/${id}/posts`, { id: "m1", text: "before Cyrus" });
    await using c = await town.open(cy, "/chat");
    await using a = await town.open(ada, `/chat/${id}`);
    await a.page.getByRole("link", { name: /Members and settings/ }).first().click();
    await a.page.getByRole("link", { name: "Add people" }).click();
    await a.page.getByRole("checkbox", { name: /Cyrus/ }).waitFor();
    assertEquals(await a.page.getByRole("checkbox", { name: /Bob/ }).count(), 0, "he is in");
    await a.page.getByRole("button", { name: "Add", exact: true }).click();
    await a.page.getByRole("alert").getByText("Choose somebody to add.").waitFor();
    await a.page.getByRole("checkbox", { name: /Cyrus/ }).check();
    await a.page.getByRole("button", { name: "Add", exact: true }).click();
    await a.page.waitForURL("**/info?done=");
    await a.page.getByRole("status").getByText("Done.").waitFor();
    await c.page.getByRole("link", { name: /Crew/ }).click();
    await line(c.page, named("{Ada} added you")).waitFor();
    assertEquals(await message(c.page, "before Cyrus").count(), 0);
    await ada.json(`/api/rooms/${id}/posts`, { id: "m2", text: "after Cyrus" });
    await message(c.page, "after Cyrus").waitFor();
    noProblems(a, c);
  },
});

Deno.test({
  name: "people are picked by keyboard alone, and what is picked outlives the filter",
  ignore: !chromiumPath,
  async fn() {
    await using town = await startTown();
    await using a = await town.open(town.ada, "/groups/new");
    const { page } = a;
    const find = page.getByLabel("Find people");
    const count = (words: string) => page.getByRole("status").getByText(words).waitFor();
    await followed(page);
    await find.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await chosen(page, "Bob").waitFor();
    assert(await page.getByRole("checkbox", { name: "Bob" }).isChecked());
    assert(await isFocused(page.getByRole("checkbox", { name: "Bob" })), "the focus goes along");

    // A filter that finds nobody keeps him; Enter in it neither picks nor sends the form.
    await find.focus();
    await page.keyboard.type("nobody-like-it");
    await count("Nobody else is found");
    await page.keyboard.press("Enter");
    await chosen(page, "Bob").waitFor();
    await find.fill("");
    await page.getByRole("checkbox", { name: /Cyrus/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    assert(await isFocused(page.getByRole("checkbox", { name: /Cyrus/ })));
    await page.keyboard.press("ArrowUp");
    assert(await isFocused(find));

    // Backspace in the empty field takes the last one back; Enter in the name sends the form.
    await page.keyboard.press("Backspace");
    await count("0 people chosen");
    await find.fill("cy");
    await page.getByRole("checkbox", { name: /Bob/ }).waitFor({ state: "detached" });
    await find.press("Enter");
    await chosen(page, "Cyrus").waitFor();
    await page.getByRole("textbox", { name: "Name" }).fill("By keyboard");
    await page.keyboard.press("Enter");
    await line(page, named("You created the group with {Cyrus the Great}")).waitFor();
    noProblems(a);
  },
});

Deno.test({
  name: "without JavaScript a group is made with people, joined, changed and left",
  ignore: !chromiumPath,
  async fn() {
    await using town = await startTown();
    await using a = await town.open(town.ada, "/groups/new", { javaScriptEnabled: false });
    const { page } = a;
    await page.getByRole("textbox", { name: "Name" }).fill("Plain");
    await page.getByLabel("Find people").fill("bob");
    await page.getByRole("button", { name: "Find" }).click();
    assertEquals(await page.getByRole("checkbox", { name: /Cyrus/ }).count(), 0);
    await page.getByRole("checkbox", { name: /Bob/ }).check();
    await page.getByLabel("Find people").fill("cy");
    await page.getByRole("button", { name: "Find" }).click();
    assert(await page.getByRole("checkbox", { name: /Bob/ }).isChecked(), "the chosen stay");
    await page.getByRole("checkbox", { name: /Cyrus/ }).check();
    assertEquals(
      await page.getByRole("textbox", { name: "Name" }).inputValue(),
      "Plain",
      "what was typed stays",
    );
    await page.getByRole("button", { name: "Create group" }).click();
    await page.waitForURL(/\/chat\/[\w-]+$/);
    await page.locator("header").getByText("3 members").waitFor();
    await page.fill("#composer", "by form");
    await page.getByRole("button", { name: "Send" }).click();
    await message(page, "by form").waitFor();

    await page.getByRole("link", { name: /Members and settings/ }).first().click();
    await page.getByRole("textbox", { name: "Name" }).fill("Plain and simple");
    await page.getByText("Public", { exact: true }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Plain and simple").first().waitFor();

    const dan = await register(town.origin, "dan", "Dan");
    await using d = await town.open(dan, "/rooms", { javaScriptEnabled: false });
    await d.page.getByRole("button", { name: /Join\s*Plain and simple/ }).click();
    await line(d.page, /You joined/).waitFor();
    await message(d.page, "by form").waitFor();
    await d.page.locator(".author", { hasText: "Ada" }).waitFor();
    await d.page.getByRole("link", { name: /Members and settings/ }).first().click();
    await d.page.getByText("Leave the group").click();
    await d.page.getByRole("button", { name: "Leave" }).click();
    await d.page.waitForURL("**/chat");
    assertEquals(await d.page.getByText("Plain and simple").count(), 0);
    noProblems(a, d);
  },
});

Deno.test({
  name: "axe finds no violation on any page of groups, light and dark, wide and narrow",
  ignore: !chromiumPath,
  async fn() {
    await using town = await startTown();
    const { ada, bob, cy, origin, browser } = town;
    const { id } = await makeGroup(ada, {
      name: "Donaudampfschifffahrtsgesellschaft &amp; Söhne — قناة",
      people: [bob, cy],
      public: true,
    });
    await using socket = await ada.connect();
    socket.send(
      { type: "role", ref: 1, room: id, person: bob.me.id, role: "admin" },
      { type: "configure", ref: 2, room: id, picture: "⚓" },
      { type: "link", ref: 3, room: id, set: "new" },
    );
    const { link } = await socket.next("link");
    for (const [n, by] of [bob, cy, ada, bob].entries()) {
      await by.json(`/api/rooms/${id}/posts`, { id: `m${n}`, text: `number ${n}` });
    }
    const dan = await register(origin, "dan", "Dan");
    const found: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
        await using tab = await openTab(browser, { colorScheme, viewport, bypassCSP: true });
        const { page } = tab;
        const look = async (what: string) => {
          const lines = await violations(page);
          found.push(...lines.map((line) => `${what} ${colorScheme} ${viewport.width}: ${line}`));
        };
        const visit = async (path: string) => {
          await page.goto(origin + path);
          await page.waitForTimeout(300); // most scripts run by then
          await untilStill(page);
          await look(path);
        };
        await useSession(page, origin, ada.cookie);
        await visit("/chat");
        await visit(`/chat/${id}`);
        await visit(`/chat/${id}/info`);
        await menu(page, "Cyrus the Great").click();
        await item(page, "Remove from the group").click();
        await untilStill(page);
        await look("the menu of a member");
        await visit(`/chat/${id}/add`);
        await visit("/groups/new");
        await page.getByRole("checkbox").first().check();
        await look("a new group with somebody chosen");
        await visit("/rooms");
        await visit("/rooms?q=nothing-like-it");
        await useSession(page, origin, dan.cookie);
        await visit("/rooms");
        await visit(`/join/${link}`);
        await visit("/join/absent");
      }
    }
    assertEquals(found, []);
  },
});
