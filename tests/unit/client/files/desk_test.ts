import { assert, assertEquals } from "@std/assert";
import type { FileDesk } from "../../../../lib/client/files/desk.ts";
import { UploadError } from "../../../../lib/client/files/transfer.ts";
import { openData, room, Tab } from "../../../helpers/chat_harness.ts";
import { FakeBrowser } from "../../../helpers/fake_tabs.ts";
import { microtasks } from "../../../helpers/virtual_clock.ts";

/** A tab in the room `r`, live, with its desk. */
async function setUp(parts: ConstructorParameters<typeof Tab>[1] = {}) {
  const tab = await new Tab(openData(1, 3), parts).live([room({ head: 3 })]);
  const desk = (await tab.room.files.open())!;
  return { tab, desk, posts: () => tab.connection.sentOf("post") };
}

const file = (name: string, bytes = 10, type = "") =>
  new File([new Uint8Array(bytes)], name, { type });

/** Blobs are read outside of microtasks. */
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    assert(turn < 1_000, "it came to nothing");
    await new Promise((resolve) => setTimeout(resolve, 1));
    await microtasks();
  }
}

const states = (desk: FileDesk) => desk.staged("r").value.map(({ progress }) => progress.state);
const names = (desk: FileDesk) => desk.staged("r").value.map(({ file }) => file.name);

Deno.test("files are uploaded as they are chosen and go with the next message, in their order", async () => {
  const { tab, desk, posts } = await setUp();
  desk.choose("r", [file("a.txt"), file("b.txt")]);
  assertEquals(names(desk), ["a.txt", "b.txt"]);
  await until(() => states(desk).every((state) => state === "done"));
  assertEquals(tab.room.post("two files"), true);
  assertEquals(names(desk), []);
  await microtasks();
  assertEquals(posts().map(({ text, files }) => [text, files]), [["two files", ["u1", "u2"]]]);
});

Deno.test("files need no text, and no text and no files are nothing", async () => {
  const { tab, desk, posts } = await setUp();
  assertEquals(tab.room.post(""), false);
  desk.choose("r", [file("a.txt")]);
  assertEquals(tab.room.post("  "), true);
  await until(() => posts().length === 1);
  assertEquals([posts()[0].text, posts()[0].files], ["", ["u1"]]);
});

Deno.test("a message is there at once with its files and sent when they are", async () => {
  const { tab, desk, posts } = await setUp();
  tab.uploads.holding = true;
  desk.choose("r", [file("slow.txt", 3)]);
  tab.room.post("waits");
  tab.room.post("does not wait");
  await until(() => tab.uploads.waiting === 1);
  const entry = tab.room.entries.value.find(({ text }) => text === "waits")!;
  assertEquals([entry.state, entry.files?.[0].name], ["pending", "slow.txt"]);
  assertEquals(posts().map(({ text }) => text), ["does not wait"]);
  tab.uploads.release();
  await until(() => posts().length === 2);
  assertEquals(posts()[1].files, ["u1"]);
  await tab.say({ type: "ack", room: "r", id: posts()[1].id, seq: 5, at: 1 });
  assertEquals(desk.uploads.files.value.size, 0);
});

Deno.test("a file that fails holds its message back with the reason; asked again it goes", async () => {
  const { tab, desk, posts } = await setUp();
  tab.uploads.failures.push(new UploadError("Your files fill your 2 GB.", { kind: "refused" }));
  desk.choose("r", [file("a.txt")]);
  tab.room.post("x");
  await until(() => tab.room.entries.value.at(-1)!.state === "failed");
  const entry = tab.room.entries.value.at(-1)!;
  assertEquals(entry.error, "Your files fill your 2 GB.");
  tab.room.retry(entry.id);
  await until(() => posts().length === 1);
});

Deno.test("what failed before it was sent must be removed or tried again first", async () => {
  const { tab, desk } = await setUp();
  tab.uploads.failures.push(new UploadError("No.", { kind: "refused" }));
  desk.choose("r", [file("a.txt"), file("b.txt")]);
  await until(() => states(desk).includes("failed") && states(desk).includes("done"));
  assertEquals(tab.room.post("x"), false);
  assertEquals(tab.model.notice.value, "Remove the file that failed, or try it again.");
  const { file: failed } = desk.staged("r").value.find((one) => one.progress.state === "failed")!;
  desk.remove("r", failed.key);
  assertEquals(tab.room.post("x"), true);
});

Deno.test("a message that is given up gives up its uploads, here and on the server", async () => {
  const { tab, desk, posts } = await setUp();
  tab.uploads.holding = true;
  desk.choose("r", [file("slow.txt")]);
  tab.room.post("x");
  await until(() => tab.uploads.waiting === 1);
  tab.room.cancel(tab.room.entries.value.at(-1)!.id);
  await until(() => tab.uploads.held.size === 0);
  assertEquals(desk.uploads.files.value.size, 0);
  assertEquals(posts(), []);
});

Deno.test("after a reload a message goes on uploading where it was", async () => {
  const browser = new FakeBrowser();
  const { tab, desk } = await setUp({ browser });
  tab.uploads.holding = true;
  desk.choose("r", [file("slow.txt", 10)]);
  tab.room.post("survives");
  await until(() => tab.uploads.waiting === 1);
  tab.uploads.release();
  await until(() => tab.uploads.waiting === 1);
  tab.model.close();
  await until(() => browser.turns === 0);

  const next = new Tab(openData(1, 3), { browser, name: "n" });
  for (const [id, held] of tab.uploads.held) next.uploads.held.set(id, held);
  await next.live([room({ head: 3 })]);
  await until(() => next.connection.sentOf("post").length === 1);
  assertEquals(next.uploads.calls, ["look u1", "send u1 4", "send u1 8"]);
  assertEquals(next.connection.sentOf("post")[0].text, "survives");
});

Deno.test("a file that one tab uploaded is not uploaded again by another that waited for it", async () => {
  const browser = new FakeBrowser();
  const { tab, desk, posts } = await setUp({ browser });
  tab.uploads.holding = true;
  desk.choose("r", [file("slow.txt")]);
  await until(() => tab.uploads.waiting === 1);
  tab.room.post("once");
  const other = await new Tab(openData(1, 3), { browser, name: "n" }).live([room({ head: 3 })]);
  await until(() => other.room.entries.value.at(-1)?.text === "once");
  tab.uploads.holding = false;
  tab.uploads.release();
  await until(() => posts().length === 1);
  const uploaded = () => other.room.entries.value.at(-1)?.files?.[0].id;
  await until(() => uploaded() === "u1");
  await microtasks();
  assertEquals(other.uploads.calls, []);
  await tab.say({ type: "ack", room: "r", id: posts()[0].id, seq: 5, at: 1 });
  assertEquals(posts()[0].files, ["u1"]);
});

Deno.test("an upload that the server let go meanwhile is made again when asked for", async () => {
  const { tab, desk, posts } = await setUp();
  desk.choose("r", [file("a.txt")]);
  tab.room.post("x");
  await until(() => posts().length === 1);
  const { id } = posts()[0];
  await tab.say({
    type: "error",
    code: "not_found",
    message: "There is no such file.",
    id,
    room: "r",
  });
  assertEquals(tab.room.entries.value.at(-1)!.state, "failed");
  tab.room.retry(id);
  await until(() => posts().length === 2);
  assertEquals(posts()[1].files, ["u2"]);
});

Deno.test("too many, too big and empty files are refused with a sentence, images by their bytes later", async () => {
  const { tab, desk } = await setUp();
  desk.choose("r", [file("big.zip", 101), file("good.txt")]);
  assertEquals(tab.model.notice.value, "“big.zip” is 0.0 MB; a file may have up to 0.0 MB.");
  desk.choose("r", [file("empty.txt", 0)]);
  assertEquals(tab.model.notice.value, "“empty.txt” is empty.");
  desk.choose("r", [file("big.png", 101, "image/png")]);
  assertEquals(names(desk), ["good.txt", "big.png"]);
  desk.choose("r", Array.from({ length: 10 }, (_, n) => file(`${n}.txt`)));
  assertEquals(tab.model.notice.value, "A message takes 10 files. 2 of yours were left out.");
  assertEquals(names(desk).length, 10);
});

Deno.test("files lie beside the text of their own room only", async () => {
  const { desk } = await setUp();
  desk.choose("r", [file("a.txt")]);
  assertEquals(desk.staged("other").value, []);
});

Deno.test("a voice note is a message of its own, with its length and its waveform", async () => {
  const { tab, desk, posts } = await setUp();
  const blob = new Blob([new Uint8Array(5)]);
  const note = desk.voice({ blob, type: "audio/webm", duration: 2_100, waveform: [1, 2] });
  tab.room.postFile(note);
  const [shown] = tab.room.entries.value.at(-1)!.files!;
  assertEquals([shown.name, shown.duration, shown.waveform], ["Voice note.webm", 2_100, [1, 2]]);
  await until(() => posts().length === 1);
});
