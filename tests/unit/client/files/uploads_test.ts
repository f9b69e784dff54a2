import { assert, assertEquals } from "@std/assert";
import type { PendingFile } from "../../../../lib/client/files/pending_file.ts";
import { UploadError } from "../../../../lib/client/files/transfer.ts";
import { MAX_AT_ONCE, Uploads } from "../../../../lib/client/files/uploads.ts";
import type { Lock } from "../../../../lib/client/ports.ts";
import { FakeBrowser } from "../../../helpers/fake_tabs.ts";
import { FakeUploads, pendingFile } from "../../../helpers/fake_uploads.ts";
import { microtasks, VirtualClock } from "../../../helpers/virtual_clock.ts";

interface Options {
  server?: FakeUploads;
  /** The turn of every file. */
  turn?: Lock;
  prepare?: (file: PendingFile) => Promise<PendingFile>;
}

const LONE: Lock = {
  request(held) {
    queueMicrotask(held);
    return () => {};
  },
};

function setUp(
  { prepare = (file) => Promise.resolve(file), server = new FakeUploads(), turn = LONE }: Options =
    {},
) {
  const clock = new VirtualClock();
  const changes: PendingFile[] = [];
  const uploads = new Uploads({
    transport: server,
    partBytes: 4,
    clock,
    random: () => 1,
    prepare,
    turn: () => turn,
    changed: (file) => changes.push(file),
    look: () => {},
  });
  const state = (key: string) => uploads.get(key)?.progress.state;
  return { clock, server, changes, uploads, state };
}

/** Blobs are read outside of microtasks. */
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    assert(turn < 1_000, "it came to nothing");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const lost = new TypeError("Failed to fetch");

Deno.test("a file goes up in parts, and what the server made of it is told", async () => {
  const { server, changes, uploads, state } = setUp();
  uploads.add(pendingFile("a"));
  await until(() => state("a") === "done");
  assertEquals(server.calls, ["begin a", "send u1 0", "send u1 4", "send u1 8"]);
  assertEquals(server.held.get("u1")!.bytes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assertEquals(changes.map(({ upload, ref }) => [upload, ref?.name]), [["u1", undefined], [
    "u1",
    "a.bin",
  ]]);
  assertEquals(uploads.get("a")!.progress, { state: "done", sent: 10, total: 10 });
});

Deno.test("after a lost connection it asks what the server has and goes on from there", async () => {
  const { clock, server, uploads, state } = setUp();
  server.failures.push(null, null, lost);
  uploads.add(pendingFile("a"));
  await until(() => state("a") === "paused");
  assertEquals(server.calls.at(-1), "send u1 4");
  await clock.advance(1_000);
  await until(() => state("a") === "done");
  assertEquals(server.calls.slice(3), ["look u1", "send u1 4", "send u1 8"]);
});

Deno.test("pauses grow while nothing is heard, and a wake ends one", async () => {
  const { clock, server, uploads, state } = setUp();
  server.failures.push(lost, lost, lost);
  uploads.add(pendingFile("a"));
  await until(() => state("a") === "paused");
  await clock.advance(1_000);
  assertEquals(server.calls.length, 2);
  await clock.advance(1_999);
  assertEquals(server.calls.length, 2, "the second pause is longer");
  await clock.advance(1);
  assertEquals(server.calls.length, 3);
  uploads.wake();
  await until(() => state("a") === "done");
});

Deno.test("what the server refuses for good fails with its sentence and can be tried again", async () => {
  const { server, uploads, state } = setUp();
  server.failures.push(new UploadError("Your files fill your 1 GB.", { kind: "refused" }));
  uploads.add(pendingFile("a"));
  await until(() => state("a") === "failed");
  assertEquals(uploads.get("a")!.progress.error, "Your files fill your 1 GB.");
  uploads.retry("a");
  await until(() => state("a") === "done");
});

Deno.test("for now is not for good: it waits as long as the server says", async () => {
  const { clock, server, uploads, state } = setUp();
  server.failures.push(new UploadError("Too fast.", { kind: "later", retryAfterMs: 7_000 }));
  uploads.add(pendingFile("a"));
  await until(() => state("a") === "paused");
  await clock.advance(6_999);
  assertEquals(server.calls, ["begin a"]);
  await clock.advance(1);
  await until(() => state("a") === "done");
});

Deno.test("an upload that the server forgot begins anew, and not for ever", async () => {
  const { server, uploads, state } = setUp();
  uploads.add(pendingFile("a", { upload: "old" }));
  await until(() => state("a") === "done");
  assertEquals(server.calls.slice(0, 3), ["look old", "begin a", "send u1 0"]);
  const gone = new UploadError("Gone.", { kind: "gone" });
  server.failures.push(gone, gone, gone);
  uploads.add(pendingFile("b", { upload: "older" }));
  await until(() => state("b") === "failed");
});

Deno.test("an upload that began before a reload is resumed, not begun", async () => {
  const { server, uploads, state } = setUp();
  server.held.set("u9", { key: "a", size: 10, bytes: [0, 1, 2, 3] });
  uploads.add(pendingFile("a", { upload: "u9" }));
  await until(() => state("a") === "done");
  assertEquals(server.calls, ["look u9", "send u9 4", "send u9 8"]);
});

Deno.test("a file that could not be kept over a reload says that it must be chosen again", async () => {
  const { server, uploads, state } = setUp();
  uploads.add({ ...pendingFile("a"), blob: undefined });
  await until(() => state("a") === "failed");
  assertEquals(uploads.get("a")!.progress.error, "This file must be chosen again.");
  assertEquals(server.calls, []);
});

Deno.test("only so many go at a time; the next one follows", async () => {
  const { server, uploads, state } = setUp();
  server.holding = true;
  for (const key of ["a", "b", "c"]) uploads.add(pendingFile(key, { bytes: 3 }));
  await until(() => server.waiting === MAX_AT_ONCE);
  assertEquals(["a", "b", "c"].map(state), ["sending", "sending", "waiting"]);
  assertEquals(uploads.get("a")!.progress.sent, 1, "progress within a part");
  server.release();
  await until(() => state("a") === "done" && server.waiting === MAX_AT_ONCE);
  assertEquals(state("c"), "sending");
  server.release();
  server.release();
  await until(() => state("b") === "done" && state("c") === "done");
});

Deno.test("a removed file stops at once and is dropped on the server", async () => {
  const { server, uploads } = setUp();
  server.holding = true;
  uploads.add(pendingFile("a"));
  await until(() => server.waiting === 1);
  uploads.remove("a");
  assertEquals(uploads.files.value.size, 0);
  await until(() => server.held.size === 0);
  assertEquals(server.calls.at(-1), "drop u1");
});

Deno.test("a file that is removed while it is being announced leaves nothing on the server", async () => {
  const { server, uploads } = setUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  const begin = server.begin.bind(server);
  server.begin = (file) => promise.then(() => begin(file));
  uploads.add(pendingFile("a"));
  await microtasks();
  uploads.remove("a");
  resolve();
  await until(() => server.calls.length === 2);
  assertEquals(server.calls, ["begin a", "drop u1"]);
});

Deno.test("a removal while it pauses ends the pause", async () => {
  const { clock, server, uploads, state } = setUp();
  server.failures.push(lost);
  uploads.add(pendingFile("a"));
  await until(() => state("a") === "paused");
  uploads.remove("a");
  await microtasks();
  assertEquals([clock.pending, server.calls], [0, ["begin a"]]);
});

Deno.test("an image is made ready before it goes up, and what came of it is told", async () => {
  const { server, changes, uploads, state } = setUp({
    prepare: ({ blob: _, ...file }) =>
      Promise.resolve({ ...file, ...pendingFile(file.key, { bytes: 2 }), width: 4, height: 3 }),
  });
  uploads.add(pendingFile("a", { raw: true }));
  await until(() => state("a") === "done");
  assertEquals(server.held.get("u1")!.bytes, [0, 1]);
  assertEquals(changes.map(({ raw, width, size }) => [raw, width, size])[0], [undefined, 4, 2]);
});

Deno.test("what cannot be made ready fails with a sentence", async () => {
  const { uploads, state } = setUp({
    prepare: () => Promise.reject(new Error("This image is too big for this browser.")),
  });
  uploads.add(pendingFile("a", { raw: true }));
  await until(() => state("a") === "failed");
  assertEquals(uploads.get("a")!.progress.error, "This image is too big for this browser.");
});

Deno.test("a file that two tabs know is uploaded by one, and finished by the other", async () => {
  const { lock } = new FakeBrowser();
  const server = new FakeUploads();
  const [one, two] = [setUp({ server, turn: lock }), setUp({ server, turn: lock })];
  server.holding = true;
  one.uploads.add(pendingFile("a"));
  await until(() => server.waiting === 1);
  const { file } = one.uploads.get("a")!;
  two.uploads.add(file);
  await microtasks();
  assertEquals([one.state("a"), two.state("a")], ["sending", "waiting"]);
  one.uploads.close();
  server.holding = false;
  await until(() => two.state("a") === "done");
  assertEquals(server.calls.filter((call) => !call.startsWith("send")), ["begin a", "look u1"]);
});

Deno.test("a tab that only waits for a file drops nothing on the server when it lets it go", async () => {
  const { lock } = new FakeBrowser();
  const server = new FakeUploads();
  const [one, two] = [setUp({ server, turn: lock }), setUp({ server, turn: lock })];
  server.holding = true;
  one.uploads.add(pendingFile("a"));
  await until(() => server.waiting === 1);
  two.uploads.add(one.uploads.get("a")!.file);
  two.uploads.remove("a");
  server.holding = false;
  server.release();
  await until(() => one.state("a") === "done");
  assert(!server.calls.includes("drop u1"));
});
