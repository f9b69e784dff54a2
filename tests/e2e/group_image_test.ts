/** The image of a group in browsers: chosen, made small, seen by all members and by nobody else. */

import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import type { RoomSummary } from "../../lib/chat/rooms.ts";
import { violations } from "../helpers/axe.ts";
import { scripted, type Tab } from "../helpers/browser.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { drawn, phonePhoto } from "../helpers/pictures.ts";
import { PHONE, startBrowserTown } from "../helpers/talk.ts";

const startTown = () => startBrowserTown({ ada: "Ada", bob: "Bob", eve: "Eve" });
type Town = Awaited<ReturnType<typeof startTown>>;

function test(name: string, run: (town: Town) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !chromiumPath,
    fn: async () => {
      await using town = await startTown();
      await run(town);
    },
  });
}

/** A group of Ada's with Bob in it. */
async function makeGroup({ ada, bob }: Town, name = "Painters"): Promise<string> {
  const group = { id: crypto.randomUUID(), name, people: [bob.me.id] };
  return (await ada.json<{ room: RoomSummary }>("/api/groups", group)).room.id;
}

/** Waits until an image is there in full; its address and its size in pixels. */
async function imageIn(page: Page, place: string) {
  const image = page.locator(`${place} img.avatar-image`);
  await image.waitFor();
  await image.evaluate((node) => (node as HTMLImageElement).decode());
  return await image.evaluate((node) => {
    const { src, naturalWidth: width, naturalHeight: height } = node as HTMLImageElement;
    return { path: new URL(src).pathname, width, height };
  });
}

async function statusOf(answer: Promise<Response>): Promise<number> {
  const { status, body } = await answer;
  await body?.cancel();
  return status;
}

const file = (page: Page) => page.getByLabel("Or an image");
const tile = (page: Page) => page.getByRole("radio", { name: "The chosen image" });
const noProblems = (...tabs: Tab[]) => assertEquals(tabs.flatMap(({ problems }) => problems), []);

test("an image that one chooses is small and bare when it is sent, and both see it at once", async (town) => {
  const id = await makeGroup(town);
  const row = `[data-row][href="/chat/${id}"]`;
  await using b = await town.open(town.bob, "/chat", PHONE);
  await b.page.locator(row).waitFor();
  await scripted(b.page);
  await using a = await town.open(town.ada, `/chat/${id}/info`);
  const { page } = a;
  await file(page).setInputFiles(await phonePhoto(page, { width: 1_600, height: 1_000 }));
  await tile(page).waitFor({ state: "attached" });
  assertEquals(await tile(page).isChecked(), true);
  await page.getByText("The image is ready.").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Done.").waitFor();

  const seen = await imageIn(page, "main");
  assertEquals([seen.width, seen.height], [256, 256]);
  const kept = page.getByRole("radio", { name: "The image it has" });
  assertEquals(await kept.isChecked(), true);
  // Bob's list and room have it without a reload, and so has a page of his that is new.
  assertEquals(await imageIn(b.page, row), seen);
  await b.page.locator(row).click();
  assertEquals(await imageIn(b.page, "header .head-link"), seen);
  await b.page.locator("[data-line]", { hasText: "changed the picture" }).waitFor();
  await using fresh = await town.open(town.bob, `/chat/${id}`);
  assertEquals(await imageIn(fresh.page, "header .head-link"), seen);

  const answer = await town.bob.fetch(seen.path);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  assertEquals(answer.headers.get("content-type"), "image/jpeg");
  assert(bytes.length < 30_000, `${bytes.length} bytes`);
  const text = new TextDecoder("latin1").decode(bytes);
  assertEquals([text.includes("Exif"), text.includes("GPS")], [false, false]);

  // Eve is not in the group; and Bob is not any more.
  assertEquals(await statusOf(town.eve.fetch(seen.path)), 404);
  await town.ada.json(`/api/rooms/${id}/members/${town.bob.me.id}`, undefined, "DELETE");
  await fresh.page.waitForURL("**/chat");
  assertEquals(await statusOf(town.bob.fetch(seen.path)), 404);
  noProblems(a, b, fresh);
});

test("the picture that is chosen last counts: an image, an emoji, the image again", async (town) => {
  const id = await makeGroup(town);
  await using a = await town.open(town.ada, `/chat/${id}/info`);
  const { page } = a;
  const chosen = () =>
    file(page).evaluate((input) => (input as HTMLInputElement).files?.length ?? 0);
  await file(page).setInputFiles(await drawn(page));
  await tile(page).waitFor({ state: "attached" });
  assertEquals(await chosen(), 1);
  await page.getByText("⚓").click();
  assertEquals([await chosen(), await tile(page).isChecked()], [0, false]);
  await page.locator("label", { has: tile(page) }).click();
  assertEquals([await chosen(), await tile(page).isChecked()], [1, true]);
  // A browser that empties the field, and a file that is no image, leave the one that was chosen.
  await file(page).setInputFiles([]);
  assertEquals([await chosen(), await tile(page).isChecked()], [1, true]);
  const buffer = (await drawn(page)).buffer.subarray(0, 60);
  const broken = { name: "broken.png", mimeType: "image/png", buffer };
  await file(page).setInputFiles(broken);
  await page.getByText("This image cannot be read. Choose a JPEG, PNG or WebP.").waitFor();
  assertEquals([await chosen(), await tile(page).isChecked()], [1, true]);
  const other = page.getByLabel("Any other emoji");
  await other.fill("🦊");
  await other.press("Tab");
  assertEquals([await chosen(), await tile(page).isChecked()], [0, false]);

  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Done.").waitFor();
  assertEquals(await page.locator(".avatar-picture").textContent(), "🦊");
  noProblems(a);
});

test("a form that is sent before the image is ready waits for it", async (town) => {
  await using a = await town.open(town.ada, "/groups/new");
  const { page } = a;
  const whole = await drawn(page);
  // Reading an image waits until this test has sent the form.
  await page.evaluate(() => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const read = globalThis.createImageBitmap;
    const slow = async (...given: Parameters<typeof read>) => {
      await promise;
      return await read(...given);
    };
    Object.assign(globalThis, { createImageBitmap: slow, readOn: resolve });
  });
  await page.getByRole("textbox", { name: "Name" }).fill("Hurried");
  await file(page).setInputFiles(whole);
  await page.getByText("The image is being made ready…").waitFor();
  await page.getByRole("button", { name: "Create group" }).click();
  assertEquals(new URL(page.url()).pathname, "/groups/new", "it waits");
  await page.evaluate(() => (globalThis as unknown as { readOn(): void }).readOn());
  await page.waitForURL(/\/chat\/[\w-]+$/);
  const seen = await imageIn(page, "header .head-link");
  assertEquals([seen.width, seen.height], [256, 256]);
  noProblems(a);
});

test("without JavaScript the image goes as it is, and a link to join shows it", async (town) => {
  const id = await makeGroup(town);
  await using a = await town.open(town.ada, `/chat/${id}/info`, { javaScriptEnabled: false });
  await using tools = await town.open(town.ada, "/chat");
  const image = await drawn(tools.page, { width: 300, height: 300 });
  await a.page.getByText("At most 60 KB.").waitFor();
  await file(a.page).setInputFiles(image);
  await a.page.getByRole("button", { name: "Save" }).click();
  await a.page.getByText("Done.").waitFor();
  const [path] = await a.page.locator("img.avatar-image").evaluateAll((images) =>
    images.map((image) => new URL((image as HTMLImageElement).src).pathname)
  );
  const bytes = new Uint8Array(await (await town.ada.fetch(path)).arrayBuffer());
  assertEquals(bytes, new Uint8Array(image.buffer));

  const huge = { ...image, buffer: image.buffer, name: "wide.png" };
  huge.buffer = (await drawn(tools.page, { width: 1_025, height: 10 })).buffer;
  await file(a.page).setInputFiles(huge);
  await a.page.getByRole("button", { name: "Save" }).click();
  await a.page.getByRole("alert").getByText("over 1,024 pixels").waitFor();

  const { link } = await town.ada.json<{ link: string }>(`/api/rooms/${id}/link`, {}, "POST");
  await using e = await town.open(town.eve, `/join/${link}`);
  assertEquals((await imageIn(e.page, "main")).path, path);
  noProblems(e);
});

test("axe finds nothing on the pages with an image, light and dark", async (town) => {
  const id = await makeGroup(town);
  for (const colorScheme of ["light", "dark"] as const) {
    await using a = await town.open(town.ada, `/chat/${id}/info`, {
      ...PHONE,
      colorScheme,
      bypassCSP: true,
    });
    await file(a.page).setInputFiles(await drawn(a.page));
    await tile(a.page).waitFor({ state: "attached" });
    assertEquals(await violations(a.page), []);
    await a.page.getByRole("button", { name: "Save" }).click();
    await a.page.getByText("Done.").waitFor();
    assertEquals(await violations(a.page), []);
    noProblems(a);
  }
});
