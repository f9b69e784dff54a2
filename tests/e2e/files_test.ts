/** Files between two people, in browsers: sending them in every way, seeing them, losing none. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Buffer } from "node:buffer";
import type { Locator, Page } from "playwright-core";
import { MAX_VOICE_MS } from "../../lib/chat/limits.ts";
import { violations } from "../helpers/axe.ts";
import { openTab, type Tab, untilKept, untilStill, useSession, visit } from "../helpers/browser.ts";
import { type Client, register } from "../helpers/client.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { drawn, film, pdf, phonePhoto, type TestFile, tone } from "../helpers/pictures.ts";
import { PHONE as SMALL, startTalk, type Talk } from "../helpers/talk.ts";

/** With Ada's tab in the room, and Bob's. */
type Tabs = Talk & { a: Tab; b: Tab };

const PHONE = { ...SMALL, hasTouch: true };

function test(name: string, run: (talk: Tabs) => Promise<void>, env = {}): void {
  Deno.test({
    name,
    ignore: !chromiumPath,
    async fn() {
      await using talk = await startTalk({ env });
      await using a = await talk.enter(talk.ada);
      await using b = await talk.enter(talk.bob, PHONE);
      for (const { page } of [a, b]) {
        await page.getByRole("button", { name: "Record a voice note" }).waitFor();
      }
      await run({ ...talk, a, b });
      assertEquals([...a.problems, ...b.problems], []);
    },
  });
}

async function choose(page: Page, ...files: TestFile[]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByLabel("Attach files").click();
  await (await chooser).setFiles(files);
}

const chips = (page: Page) => page.getByRole("list", { name: "Files to send" }).locator("li");
const sent = (page: Page) => page.locator('[data-state="stored"]');
/** The recorder's clock once so many seconds have gone by. */
const recorded = (page: Page, seconds: number) =>
  page.getByRole("region", { name: "Voice note" })
    .getByText(new RegExp(`^0:(?:0[${seconds}-9]|[1-5]\\d)$`));
const send = (page: Page) => page.getByRole("button", { name: "Send", exact: true }).click();

/** Uploads files as an API client does; answers with their ids. */
async function upload(client: Client, files: TestFile[]): Promise<string[]> {
  const ids = [];
  for (const file of files) ids.push(await uploadOne(client, file));
  return ids;
}

async function uploadOne(client: Client, file: TestFile, extra = {}): Promise<string> {
  const { name, mimeType: type, buffer } = file;
  const about = { name, type, size: buffer.length, ...extra };
  const { id } = await client.json<{ id: string }>("/api/files", about);
  const response = await client.fetch(`/api/files/${id}`, {
    method: "PATCH",
    headers: { "upload-offset": "0" },
    body: new Uint8Array(buffer),
  });
  assertEquals(response.status, 200, await response.text());
  return id;
}

/** A message of one file. */
async function post(client: Client, room: string, file: TestFile, extra = {}): Promise<void> {
  const id = await uploadOne(client, file, extra);
  await client.json(`/api/rooms/${room}/posts`, { id: `p-${id}`, text: "", files: [id] });
}

async function bytesAt(client: Client, path: string): Promise<Uint8Array> {
  const response = await client.fetch(path);
  assertEquals(response.status, 200, path);
  return new Uint8Array(await response.arrayBuffer());
}

async function pathOf(link: Locator): Promise<string> {
  return new URL(await link.evaluate((node) => (node as HTMLAnchorElement).href)).pathname;
}

test("two pictures and a PDF with a caption reach the other, and nobody else", async (talk) => {
  const { a, b, bob, origin } = talk;
  const pictures = [
    await drawn(a.page, { name: "one.png" }),
    await drawn(a.page, { name: "two.png" }),
  ];
  await choose(a.page, ...pictures, pdf());
  await chips(a.page).nth(2).waitFor();
  await a.page.getByLabel("Message to").fill("From the harbour");
  await a.page.keyboard.press("Enter");
  await sent(a.page).waitFor();
  await chips(a.page).first().waitFor({ state: "detached" });

  const message = b.page.locator("[data-key]", { hasText: "From the harbour" });
  await message.getByRole("link", { name: "Open one.png" }).waitFor();
  await b.page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>("[data-picture] img")]
      .filter((image) => image.complete && image.naturalWidth === 600).length === 2
  );
  await message.getByText("PDF · ").waitFor();
  assertEquals(await message.getByRole("link", { name: "Download report.pdf" }).count(), 1);

  const path = await pathOf(message.getByRole("link", { name: "Open one.png" }));
  assertMatch(path, /^\/api\/rooms\/[\w-]+\/files\/[\w-]+$/);
  await bytesAt(bob, path);
  const eve = await register(origin, "eve", "Eve");
  const refused = await eve.fetch(path);
  assertEquals(refused.status, 404);
  await refused.body?.cancel();
});

test("a photo is upright, at most 2560 long, and says nothing of where it was taken", async (talk) => {
  const { a, b, bob } = talk;
  const photo = await phonePhoto(a.page, { width: 4_000, height: 3_000 });
  const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
  assert(text(photo.buffer).includes("GPS!"), "the premise");
  await choose(a.page, photo, await phonePhoto(a.page, { width: 80, height: 60 }));
  await chips(a.page).nth(1).waitFor();
  await send(a.page);
  const links = b.page.locator("a[data-picture]");
  await links.nth(1).waitFor();
  const sizes = await b.page.locator("a[data-picture] img").evaluateAll((images) =>
    images.map((image) => [image.getAttribute("width"), image.getAttribute("height")])
  );
  assertEquals(sizes, [["1920", "2560"], ["60", "80"]]);
  for (const link of await links.all()) {
    const stored = text(await bytesAt(bob, await pathOf(link)));
    assert(stored.startsWith("\xff\xd8\xff"), "a JPEG");
    assert(!stored.includes("GPS!") && !stored.includes("Exif"));
  }
  // Its left half was red; turned upright, its upper half is.
  const isUpright = await b.page.locator("a[data-picture] img").first().evaluate(async (node) => {
    const image = node as HTMLImageElement;
    await image.decode();
    const context = new OffscreenCanvas(10, 10).getContext("2d")!;
    context.drawImage(image, 0, 0, 10, 10);
    const [red, , blue] = context.getImageData(5, 1, 1, 1).data;
    return red > blue;
  });
  assert(isUpright);
});

test("files are dropped on the room and pasted; one is removed, too many are said to be", async (talk) => {
  const { a } = talk;
  const { page } = a;
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["dropped"], "dropped.txt", { type: "text/plain" }));
    Object.assign(globalThis, { dropped: data });
    const say = (type: string) => {
      const event = new DragEvent(type, { dataTransfer: data, bubbles: true });
      document.querySelector("[role=log]")!.dispatchEvent(event);
    };
    say("dragenter");
    const dragging = setInterval(() => say("dragover"), 100); // as browsers do until the drop
    addEventListener("drop", () => clearInterval(dragging), { once: true });
  });
  await page.getByText("Drop files here").waitFor();
  await page.evaluate(() => {
    const { dropped } = globalThis as unknown as { dropped: DataTransfer };
    const target = document.elementFromPoint(innerWidth * 0.6, innerHeight / 2)!;
    const init = { dataTransfer: dropped, bubbles: true, cancelable: true };
    target.dispatchEvent(new DragEvent("drop", init));
  });
  await page.getByText("Drop files here").waitFor({ state: "detached" });
  await chips(page).filter({ hasText: "dropped.txt" }).waitFor();

  const paste = (html: boolean) =>
    page.getByLabel("Message to").evaluate((field, html) => {
      const data = new DataTransfer();
      data.items.add(new File(["x"], "pasted.txt", { type: "text/plain" }));
      if (html) data.items.add("<b>cells</b>", "text/html");
      if (html) data.items.add("cells", "text/plain");
      const event = new ClipboardEvent("paste", { clipboardData: data, cancelable: true });
      return field.dispatchEvent(event);
    }, html);
  assertEquals(await paste(true), true, "text with a picture of itself stays text");
  assertEquals(await paste(false), false);
  await chips(page).filter({ hasText: "pasted.txt" }).waitFor();
  assertEquals(await chips(page).count(), 2);

  await page.getByRole("button", { name: "Remove dropped.txt" }).click();
  await chips(page).nth(1).waitFor({ state: "detached" });
  assertEquals(await chips(page).count(), 1);
  const part = "**/api/files/*";
  await page.route(part, (route) => {
    if (route.request().method() !== "PATCH") return route.fallback(); // else it takes for ever
  });
  await choose(page, pdf("regretted.pdf"));
  await chips(page).getByRole("progressbar", { name: /^regretted.pdf: Uploading/ }).waitFor();
  const dropped = page.waitForRequest((request) => request.method() === "DELETE");
  await page.getByRole("button", { name: "Cancel regretted.pdf" }).click();
  await dropped;
  await chips(page).nth(1).waitFor({ state: "detached" });
  assertEquals(await chips(page).count(), 1);
  await page.unroute(part);
  await choose(page, ...Array.from({ length: 10 }, (_, n) => pdf(`${n}.pdf`)));
  await page.getByText("A message takes 10 files. 1 of yours were left out.").waitFor();
  assertEquals(await chips(page).count(), 10);
});

test("what is too big or empty is said before anything is sent", async ({ a }) => {
  const asked: string[] = [];
  a.page.on("request", (request) => {
    if (request.url().includes("/api/files")) asked.push(request.url());
  });
  await a.page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(25_000_001)], "film.mov", { type: "video/quicktime" }));
    const event = new ClipboardEvent("paste", { clipboardData: data, cancelable: true });
    document.querySelector("#composer")!.dispatchEvent(event);
  });
  await a.page.getByText("“film.mov” is 25 MB; a file may have up to 25 MB.").waitFor();
  await choose(a.page, { ...pdf("nothing.txt"), buffer: pdf().buffer.subarray(0, 0) });
  await a.page.getByText("“nothing.txt” is empty.").waitFor();
  assertEquals(await chips(a.page).count(), 0);
  assertEquals(asked, []);
});

test("what is over the quota says so on the file, and goes when there is room", async ({ a }) => {
  const { page } = a;
  const big = { ...pdf("big.pdf"), buffer: Buffer.concat([pdf().buffer, Buffer.alloc(6_000)]) };
  const stored = page.waitForResponse((response) => response.request().method() === "PATCH");
  await choose(page, big);
  await stored;
  await choose(page, { ...big, name: "too much.pdf" });
  const refused = chips(page).filter({ hasText: "too much.pdf" });
  await refused.getByRole("alert").waitFor();
  await send(page);
  await page.getByText("Remove the file that failed, or try it again.").waitFor();
  const freed = page.waitForResponse((response) => response.request().method() === "DELETE");
  await page.getByRole("button", { name: "Remove big.pdf" }).click();
  await freed;
  await refused.getByRole("button", { name: "Try again" }).click();
  await refused.getByRole("alert").waitFor({ state: "detached" });
  await send(page);
  await sent(page).getByRole("link", { name: "Download too much.pdf" }).waitFor();
}, { UPLOAD_QUOTA_BYTES: "10000" });

test("a message waits for its files, is not lost by a reload, and can be cancelled", async (talk) => {
  const { a, b } = talk;
  const { page } = a;
  let cut = true;
  await page.route(
    "**/api/files/*",
    (route) => cut ? route.abort("connectionrefused") : route.fallback(),
  );
  await choose(page, await drawn(page, { name: "slow.png" }));
  await chips(page).getByText("Waiting for the connection…").waitFor();
  await page.getByLabel("Message to").fill("with a slow picture");
  await page.keyboard.press("Enter");
  const waiting = page.locator('[data-state="pending"]', { hasText: "with a slow picture" });
  await waiting.getByRole("progressbar").waitFor();
  await waiting.locator("img").waitFor();
  // What is written after it need not wait for it.
  await page.getByLabel("Message to").fill("and a quick word");
  await page.keyboard.press("Enter");
  await sent(b.page).filter({ hasText: "and a quick word" }).waitFor();

  await untilKept(page, talk.ada.me.id, 1);
  await page.reload();
  await waiting.locator("img").waitFor();
  assertEquals(await b.page.locator("a[data-picture]").count(), 0);
  cut = false;
  await b.page.getByRole("link", { name: "Open slow.png" }).waitFor();
  await sent(page).filter({ hasText: "with a slow picture" }).waitFor();

  cut = true;
  await choose(page, await drawn(page, { name: "regretted.png" }));
  await chips(page).nth(0).waitFor();
  await send(page);
  const regretted = page.locator('[data-state="pending"]');
  await regretted.getByRole("button", { name: "Cancel" }).click();
  await regretted.waitFor({ state: "detached" });
  await untilKept(page, talk.ada.me.id, 0);
  cut = false;
  await page.reload();
  await sent(page).nth(1).waitFor();
  assertEquals(await page.locator('[data-state="pending"]').count(), 0);
});

test("what a device cannot keep over a reload must be chosen again, and is said to be", async (talk) => {
  const { page } = talk.a;
  await page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, key) {
      const hasBytes = value.files?.some((file: { blob?: Blob }) => file.blob);
      if (hasBytes) throw new DOMException("no space", "QuotaExceededError");
      return put.call(this, value, key);
    };
  });
  await page.route("**/api/files/*", (route) => route.abort("connectionrefused"));
  await choose(page, pdf());
  await chips(page).first().waitFor();
  await send(page);
  await page.locator('[data-state="pending"]').getByRole("progressbar").waitFor();
  await untilKept(page, talk.ada.me.id, 1);
  await page.reload();
  await page.getByText("This file must be chosen again.").waitFor();
  await page.getByRole("button", { name: "Discard" }).click();
  await page.locator('[data-state="failed"]').waitFor({ state: "detached" });
});

test("nothing moves while pictures load", async (talk) => {
  const { a, b, ada, room, origin } = talk;
  const shapes = [[900, 600], [300, 3_000], [2_000, 100], [640, 640]];
  for (const [n, [width, height]] of shapes.entries()) {
    const file = await drawn(a.page, { name: `${n}.png`, width, height });
    await post(ada, room, file, { width, height });
  }
  await ada.json(`/api/rooms/${room}/posts`, { id: "end", text: "the end" });
  let release = () => {};
  const held = new Promise<void>((resolve) => release = resolve);
  await b.page.route("**/files/*", async (route) => {
    await held;
    await route.fallback();
  });
  await b.page.reload();
  await b.page.locator("a[data-picture]").nth(3).waitFor();
  await untilStill(b.page);
  const tops = () =>
    b.page.locator("[data-key]").evaluateAll((nodes) =>
      nodes.map((node) => Math.round(node.getBoundingClientRect().top))
    );
  const before = await tops();
  const log = b.page.getByRole("log");
  const height = () => log.evaluate((node) => node.scrollHeight);
  const tall = await height();
  release();
  await log.evaluate((node) => node.scrollTop = -node.scrollHeight);
  await b.page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>("[data-picture] img")]
      .every((image) => image.complete && image.naturalWidth > 0)
  );
  assertEquals(await height(), tall);
  await log.evaluate((node) => node.scrollTop = 0);
  assertEquals(await tops(), before);

  // So it is in a room that is opened from the list, from its first moment on.
  await visit(b.page, `${origin}/chat`);
  await b.page.waitForLoadState("networkidle");
  await b.page.evaluate(() => {
    const seen: number[][] = [];
    Object.assign(globalThis, { seen });
    requestAnimationFrame(function look() {
      const nodes = [...document.querySelectorAll("[data-key]")];
      if (nodes.length >= 5) {
        seen.push(nodes.map((node) => Math.round(node.getBoundingClientRect().height)));
      }
      requestAnimationFrame(look);
    });
  });
  await b.page.getByRole("link", { name: /Ada/ }).click();
  await b.page.locator("a[data-picture] img").nth(3).waitFor();
  await b.page.waitForTimeout(500);
  const heights = await b.page.evaluate(() =>
    (globalThis as unknown as { seen: number[][] }).seen.map((line) => line.join())
  );
  assertEquals(new Set(heights).size, 1, heights.join("\n"));
});

test("pictures are seen large, by keyboard and by finger", async (talk) => {
  const { a, b, ada, room } = talk;
  for (const name of ["first.png", "second.png", "third.png"]) {
    const size = { width: 2_000, height: 1_500 };
    await post(ada, room, await drawn(a.page, { name, ...size }), size);
  }
  const link = a.page.getByRole("link", { name: "Open second.png" });
  await a.page.locator("[data-files-drawn]").first().waitFor({ state: "attached" });
  await link.focus();
  await a.page.keyboard.press("Enter");
  const dialog = a.page.getByRole("dialog", { name: "Pictures" });
  await dialog.getByText("2 of 3").waitFor();
  await a.page.keyboard.press("ArrowRight");
  await dialog.getByText("3 of 3").waitFor();
  await dialog.getByRole("img", { name: "third.png" }).waitFor();
  await a.page.keyboard.press("ArrowRight");
  await a.page.keyboard.press("Home");
  await dialog.getByText("1 of 3").waitFor();
  await a.page.keyboard.press("+");
  assertEquals(
    await dialog.getByRole("button", { name: "Full size" }).getAttribute("aria-pressed"),
    "true",
  );
  const drawnWidth = await dialog.getByRole("img").evaluate((node) => node.clientWidth);
  assertEquals(drawnWidth, 2_000, "as large as it is");
  const href = await dialog.getByRole("link", { name: "Download" }).getAttribute("href");
  assert(href?.endsWith("?save") || href?.startsWith("blob:"), String(href));
  // The focus stays inside.
  for (let n = 0; n < 8; n++) await a.page.keyboard.press("Tab");
  assert(
    await dialog.evaluate((node) =>
      node.contains(document.activeElement) || document.activeElement === document.body
    ),
  );
  await a.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assertEquals(await link.evaluate((node) => node === document.activeElement), true);

  const { page } = b;
  await page.locator("[data-files-drawn]").first().waitFor({ state: "attached" });
  await page.getByRole("link", { name: "Open second.png" }).tap();
  const large = page.getByRole("dialog", { name: "Pictures" });
  await large.getByText("2 of 3").waitFor();
  const swipe = (dx: number, dy: number) =>
    large.locator("img").evaluate((node, [dx, dy]) => {
      const touch = (x: number, y: number) =>
        new Touch({ identifier: 1, target: node, clientX: x, clientY: y });
      const from = touch(200, 300);
      const to = touch(200 + dx, 300 + dy);
      const init = { bubbles: true };
      node.dispatchEvent(new TouchEvent("touchstart", { ...init, touches: [from] }));
      node.dispatchEvent(new TouchEvent("touchend", { ...init, changedTouches: [to] }));
    }, [dx, dy]);
  await swipe(-150, 5);
  await large.getByText("3 of 3").waitFor();
  await swipe(150, 5);
  await large.getByText("2 of 3").waitFor();
  await swipe(0, 200);
  await large.waitFor({ state: "detached" });
});

test("audio and video play in their message, from any place in them", async (talk) => {
  const { a, b, ada, room } = talk;
  await post(ada, room, tone(20));
  await post(ada, room, await film(a.page), { width: 320, height: 180 });
  const statuses: number[] = [];
  b.page.on("response", (response) => {
    if (response.url().includes("/files/")) statuses.push(response.status());
  });
  await b.page.reload();
  for (const selector of ["audio", "video"]) {
    const media = b.page.locator(selector);
    await media.scrollIntoViewIfNeeded();
    await media.evaluate(async (node) => {
      const media = node as HTMLMediaElement;
      media.muted = true;
      await media.play();
      if (Number.isFinite(media.duration) && media.duration > 10) media.currentTime = 15;
      const from = media.currentTime;
      while (media.currentTime <= from && !media.ended) {
        await new Promise((resolve) =>
          media.addEventListener("timeupdate", resolve, { once: true })
        );
      }
    });
  }
  assert(statuses.includes(206), `ranges: ${statuses}`);
  assertEquals(await b.page.locator("audio").getAttribute("aria-label"), "tone.wav");
});

test("a voice note is recorded, listened to, sent, and played faster by keyboard", async (talk) => {
  const { a, b } = talk;
  const { page } = a;
  await page.getByRole("button", { name: "Record a voice note" }).click();
  const recorder = page.getByRole("region", { name: "Voice note" });
  await recorded(page, 1).waitFor();
  await page.keyboard.press("Escape");
  await recorder.waitFor({ state: "detached" });
  assertEquals(await sent(page).count(), 0);

  await page.getByRole("button", { name: "Record a voice note" }).click();
  await recorded(page, 2).waitFor();
  await page.getByRole("button", { name: "Stop and listen" }).click();
  await recorder.getByRole("button", { name: "Play voice note" }).waitFor();
  const said = await recorder.getByRole("slider").getAttribute("aria-valuetext");
  assertMatch(said!, /^0 seconds of ([2-9]|\d\d) seconds$/);
  await page.getByRole("button", { name: "Send voice note" }).click();
  await sent(page).getByRole("slider").waitFor();

  const slider = b.page.getByRole("slider", { name: "Position in the voice note" });
  await slider.waitFor();
  assertEquals(await slider.getAttribute("aria-valuetext"), said);
  const bars = await slider.locator("path").first().getAttribute("d");
  assert(new Set(bars!.match(/v[\d.]+/g)).size > 3, "loud and quiet moments differ");
  await slider.focus();
  await b.page.keyboard.press("ArrowRight");
  assertEquals(await slider.getAttribute("aria-valuenow"), "1");
  await b.page.keyboard.press("Home");
  const speed = b.page.getByRole("button", { name: "Speed" });
  for (const label of ["1.5×", "2×"]) {
    await speed.click();
    assertMatch((await speed.textContent())!, new RegExp(label));
  }
  await slider.focus();
  await b.page.keyboard.press("Space");
  await b.page.getByRole("button", { name: "Pause" }).waitFor();
  assertEquals(
    await b.page.locator("audio").evaluate((node) => (node as HTMLAudioElement).playbackRate),
    2,
  );
  await b.page.getByRole("button", { name: "Play voice note" }).waitFor();
  await page.getByRole("link", { name: /Bob/ }).getByText("Voice note").waitFor();
});

test("a voice note ends by itself after ten minutes, says so, stays and can be sent", async (talk) => {
  const { a, b } = talk;
  const { page } = a;
  const stop = page.getByRole("button", { name: "Stop and listen" });
  const now = () => page.evaluate(() => performance.now());
  await page.clock.install();
  const before = await now(); // not after the recording began
  await page.getByRole("button", { name: "Record a voice note" }).click();
  await recorded(page, 1).waitFor();
  const unsure = await now() - before; // when in this time it began
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 60_000));
  const most = await now() - before; // so long at most it has gone on by now
  await page.clock.fastForward(MAX_VOICE_MS - most - 100);
  await page.getByText(/^0:\d\d left$/).waitFor();
  await page.getByRole("status").getByText("Recording ends in 30 seconds").waitFor();
  assertEquals(await stop.count(), 1, "not a moment before");
  await page.clock.fastForward(unsure + 100);
  await page.clock.resume();
  await stop.waitFor({ state: "detached" });
  const told = "The recording ended: 10 minutes are the most.";
  await page.getByRole("status").getByText(told).waitFor();
  assertEquals(await page.getByText(told).last().isVisible(), true);
  await page.getByRole("button", { name: "Play voice note" }).waitFor();
  assertEquals(await sent(page).count(), 0, "nothing is sent by itself");
  await page.getByRole("button", { name: "Send voice note" }).click();
  await sent(page).getByRole("slider").waitFor();
  const slider = b.page.getByRole("slider", { name: "Position in the voice note" });
  await slider.waitFor();
  assertMatch((await slider.getAttribute("aria-valuetext"))!, / of 10 minutes( \d+ seconds?)?$/);
  assertEquals(await page.getByRole("region", { name: "Voice note" }).count(), 0);
});

test("a microphone that is refused is said to be, and writing goes on", async ({ a }) => {
  const { page } = a;
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException("no", "NotAllowedError"));
  });
  await page.getByLabel("Message to").fill("");
  await page.getByRole("button", { name: "Record a voice note" }).click();
  await page.getByRole("alert").getByText("The microphone is not allowed.").waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await page.waitForFunction(() => document.activeElement?.id === "composer");
});

test("a picture that cannot be loaded says so, and is tried again", async (talk) => {
  const { a, b, ada, room } = talk;
  await b.page.route("**/files/*", (route) => route.fulfill({ status: 503 }));
  b.page.on("console", () => b.problems.length = 0); // the browser tells of the failure
  await post(ada, room, await drawn(a.page), { width: 600, height: 400 });
  const again = b.page.getByRole("button", { name: "picture.png could not be loaded. Try again" });
  await again.waitFor();
  await b.page.unroute("**/files/*");
  await again.click();
  await b.page.waitForFunction(() =>
    document.querySelector<HTMLImageElement>("[data-picture] img")?.naturalWidth === 600
  );
});

test("without JavaScript files are pictures, players and links", async (talk) => {
  const { a, ada, browser, origin, room } = talk;
  for (let n = 0; n < 2; n++) await post(ada, room, await drawn(a.page, { name: `${n}.png` }));
  await post(ada, room, tone(2));
  await post(ada, room, pdf());
  const many = [];
  for (let n = 0; n < 6; n++) {
    many.push(await drawn(a.page, { name: `many${n}.png`, width: 40 + n }));
  }
  const ids = await upload(ada, many);
  await ada.json(`/api/rooms/${room}/posts`, { id: "many", text: "Six of them", files: ids });
  await using plain = await openTab(browser, { javaScriptEnabled: false });
  await useSession(plain.page, origin, ada.cookie);
  await plain.page.goto(`${origin}/chat/${room}`);
  for (const link of await plain.page.locator("a[data-picture]").all()) {
    await bytesAt(ada, await pathOf(link));
  }
  assertEquals(await plain.page.locator("a[data-picture] img").count(), 2 + 4);
  assertEquals(await plain.page.locator("audio[controls]").count(), 1);
  assertEquals(await plain.page.getByRole("link", { name: "Download report.pdf" }).count(), 1);
  await plain.page.goto(
    origin + await pathOf(plain.page.getByRole("link", { name: "Open many3.png and 2 more" })),
  );
  assertEquals(await plain.page.locator("a[data-picture] img").count(), 6);

  await plain.page.goto(`${origin}/chat/${room}`);
  await plain.page.getByLabel("Attach files").setInputFiles([pdf("by form.pdf")]);
  await plain.page.getByLabel("Message to").fill("by form");
  await send(plain.page);
  const posted = plain.page.locator("[data-key]", { hasText: "by form" });
  await posted.getByRole("link", { name: "Download by form.pdf" }).waitFor();
});

test("axe finds no violation in files, on their way, large, and recorded", async (talk) => {
  const { a, ada, browser, origin, room } = talk;
  const waveform = Array.from({ length: 64 }, (_, n) => n);
  await post(ada, room, tone(2), { duration: 2_000, waveform });
  await post(ada, room, tone(2));
  await post(ada, room, pdf());
  await post(ada, room, await film(a.page), { width: 320, height: 180 });
  await post(ada, room, await drawn(a.page), { width: 600, height: 400 });
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await using tab = await openTab(browser, { bypassCSP: true, colorScheme });
    const { page } = tab;
    await useSession(page, origin, ada.cookie);
    await visit(page, `${origin}/chat/${room}`);
    await page.getByRole("slider").waitFor();
    await page.route("**/api/files/*", (route) => route.abort("connectionrefused"));
    await choose(page, pdf("a.pdf"), await drawn(page));
    await chips(page).nth(1).waitFor();
    const look = async (what: string) => {
      const lines = await violations(page);
      found.push(...lines.map((line) => `${what} ${colorScheme}: ${line}`));
    };
    await look("room");
    await send(page);
    await page.locator('[data-state="pending"]').getByRole("progressbar").waitFor();
    await look("on the way");
    await page.locator('[data-state="pending"]').getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("link", { name: "Open picture.png" }).click();
    await page.getByRole("dialog", { name: "Pictures" }).getByRole("img").waitFor();
    await look("large");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Record a voice note" }).click();
    await recorded(page, 1).waitFor();
    await look("recording");
  }
  assertEquals(found, []);
});
