/** Files opened by themselves in Chromium: what is safe is shown by the browser, the rest is saved. */

import { assert, assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import type { UploadState } from "../../lib/chat/file_refs.ts";
import { launchBrowser, openTab, useSession } from "../helpers/browser.ts";
import { type Client, register } from "../helpers/client.ts";
import { chromiumPath } from "../helpers/permissions.ts";
import { startServer, type TestServer } from "../helpers/server.ts";

let server: TestServer;
let browser: Browser;
let ada: Client;
let room: string;

function test(name: string, run: () => Promise<void>): void {
  Deno.test({ name, ignore: !chromiumPath, fn: run });
}

if (chromiumPath) {
  Deno.test.beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    ada = await register(server.origin, "ada");
    const ben = await register(server.origin, "ben");
    room = (await ada.room(ben.me)).id;
  });
  Deno.test.afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
  });
}

/** The address of a file in a message. */
async function share(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { id } = await ada.json<UploadState>("/api/files", { name, size: bytes.length });
  const headers = { "upload-offset": "0" };
  const sent = await ada.fetch(`/api/files/${id}`, { method: "PATCH", headers, body: bytes });
  await sent.body?.cancel();
  await ada.json(`/api/rooms/${room}/posts`, { id: crypto.randomUUID(), text: "", files: [id] });
  return `${server.origin}/api/rooms/${room}/files/${id}`;
}

/** A second of a tone. */
function tone(): Uint8Array<ArrayBuffer> {
  const samples = 8_000;
  const view = new DataView(new ArrayBuffer(44 + samples));
  const write = (at: number, text: string) =>
    [...text].forEach((char, i) => view.setUint8(at + i, char.charCodeAt(0)));
  write(0, "RIFF");
  view.setUint32(4, 36 + samples, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, samples, true);
  view.setUint32(28, samples, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  write(36, "data");
  view.setUint32(40, samples, true);
  for (let i = 0; i < samples; i++) view.setUint8(44 + i, 128 + 100 * Math.sin(i / 5));
  return new Uint8Array(view.buffer);
}

/** One red pixel. */
const PIXEL = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
);

async function open(path: string, look: (page: Page) => Promise<void>): Promise<void> {
  await using tab = await openTab(browser, { acceptDownloads: true });
  await useSession(tab.page, server.origin, ada.cookie);
  const download = tab.page.waitForEvent("download", { timeout: 30_000 }).then(
    (d) => d,
    () => null,
  );
  await tab.page.goto(path).catch(() => {}); // a navigation that becomes a download is aborted
  if (path.endsWith("#saved")) assert(await download, "premise: it is saved");
  await look(tab.page);
  assertEquals(tab.problems, []);
}

test("an image is shown and a sound is played by the browser's own page", async () => {
  await open(await share("a.png", PIXEL), async (page) => {
    assertEquals(await page.evaluate("document.images[0].naturalWidth"), 1);
  });
  await open(await share("b.wav", tone()), async (page) => {
    await page.waitForFunction("document.querySelector('video,audio')?.readyState > 0");
    assertEquals(await page.evaluate("document.querySelector('video,audio').duration"), 1);
  });
});

test("a page and a drawing that could run a script are saved and not opened", async () => {
  const script = "<script>document.title='ran'</script>";
  const svg = `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`;
  for (const [name, text] of [["page.html", script], ["drawing.svg", svg]]) {
    const path = await share(name, new TextEncoder().encode(text));
    await open(`${path}#saved`, async (page) => {
      assertEquals([page.url(), await page.title()], ["about:blank", ""]);
    });
  }
});
