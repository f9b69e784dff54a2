/** Files through the store: sent, posted, read, forwarded, deleted; and that nothing is left behind. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { InvalidError, NotFoundError, TooLargeError } from "../../lib/chat/errors.ts";
import { listEvents } from "../../lib/store/events.ts";
import { copyFile, openFile } from "../../lib/store/file_access.ts";
import { cancelUpload, sweepFiles } from "../../lib/store/file_sweep.ts";
import { KvBlobs } from "../../lib/store/kv_blobs.ts";
import { appendUpload, createUpload, getUpload } from "../../lib/store/uploads.ts";
import {
  appenderOf,
  assertBytes,
  auditFiles,
  bytesOf,
  collect,
  deleteMessage,
  fileKeys,
  filesIn,
  keysByKind,
  pngOf,
  postFiles,
  streamOf,
  upload,
} from "../helpers/files.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { createPair } from "../helpers/people.ts";
import { type Commit, stubKv } from "../helpers/stub_kv.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

async function setup(kv: Deno.Kv, limits: Parameters<typeof filesIn>[1] = {}) {
  const { ada, ben, room } = await createPair(kv);
  return { files: filesIn(kv, limits), appender: appenderOf(kv), ada: ada.id, ben: ben.id, room };
}

Deno.test("a posted file is read by the other member, whole and in part", async () => {
  using kv = await freshKv();
  const { files, appender, ada, ben, room } = await setup(kv);
  const bytes = pngOf(2_000_000);
  const id = await upload(files, ada, bytes, { name: "soup.png", width: 40, height: 30 });
  await postFiles(appender, { room: room.id, by: ada, files: [id], text: "Soup" });
  const { events: [event] } = await listEvents(kv, room.id, {});
  assert(event.type === "posted");
  assertEquals(event.files, [
    { id, name: "soup.png", type: "image/png", size: 2_000_000, width: 40, height: 30 },
  ]);
  const file = await openFile(files, room, { user: ben, id });
  assertBytes(await collect(file.read({ start: 0, end: file.size })), bytes);
  for (const [start, end] of [[0, 1], [61_439, 61_441], [737_279, 1_500_001], [1_999_999, 2e6]]) {
    assertBytes(await collect(file.read({ start, end })), bytes.slice(start, end));
  }
});

Deno.test("no commit of an upload is above what KV takes, and pieces are all that is in memory", async () => {
  using real = await freshKv();
  const commits: (Commit & { bytes: number })[] = [];
  const kv = stubKv(real, {
    commit(commit, run) {
      const bytes = commit.values.reduce(
        (sum: number, value) => sum + (value instanceof Uint8Array ? value.length : 0),
        0,
      );
      commits.push({ ...commit, bytes });
      return run();
    },
  });
  const { files, ada } = await setup(kv);
  await upload(files, ada, bytesOf(5_000_000));
  assert(commits.length > 7, "premise: the upload took several commits");
  for (const { bytes, values } of commits) {
    assert(bytes < 800_000, `${bytes}`);
    for (const value of values) if (value instanceof Uint8Array) assert(value.length <= 65_536);
  }
});

Deno.test("reading a range takes only its chunks, a few at a time", async () => {
  using real = await freshKv();
  const reads: number[] = [];
  const kv = stubKv(real, {
    read: (keys) => {
      const asked = keys as Deno.KvKey[];
      if (asked[0][0] === "chunk") reads.push(asked.length);
    },
  });
  const blobs = new KvBlobs(kv);
  await blobs.put("b", "p", bytesOf(blobs.pieceBytes));
  assertEquals((await collect(blobs.get("b", "p", { start: 60_000, end: 62_000 }))).length, 2_000);
  assertEquals(reads.splice(0), [2]);
  for await (const _ of blobs.get("b", "p", { start: 0, end: blobs.pieceBytes })) break;
  assertEquals(reads, [4]);
});

Deno.test("a plain post costs its entry and the head, and no read", async () => {
  using real = await freshKv();
  const { room, ada } = await setup(real);
  const commits: Commit[] = [];
  const reads: unknown[] = [];
  const kv = stubKv(real, {
    commit: (commit, run) => (commits.push(commit), run()),
    read: (what) => void reads.push(what),
    list: () => void reads.push("list"),
  });
  const appender = appenderOf(kv);
  await appender.append({ type: "posted", room: room.id, by: ada, id: "1 warm", text: "x" });
  commits.length = reads.length = 0;
  await appender.append({ type: "posted", room: room.id, by: ada, id: "2 plain", text: "x" });
  assertEquals(commits.map(({ checks, mutations }) => [checks, mutations]), [[1, 2]]);
  assertEquals(reads, []);
});

Deno.test("the same content is stored once, whoever sends it", async () => {
  using kv = await freshKv();
  const { files, ada, ben } = await setup(kv);
  const bytes = bytesOf(800_000);
  const ids = [await upload(files, ada, bytes), await upload(files, ben, bytes)];
  assert(ids[0] !== ids[1]);
  await sweepFiles(files);
  assertEquals(await fileKeys(kv), {
    file: 2,
    upload_due: 2,
    blob: 1,
    blob_use: 2,
    piece: 2,
    chunk: 14,
  });
  assertEquals(await auditFiles(kv), []);
});

Deno.test("the same content sent by many at once is stored once", async () => {
  using kv = await freshKv();
  const { files, ada, ben } = await setup(kv);
  const bytes = bytesOf(200_000);
  await Promise.all(Array.from({ length: 8 }, (_, i) => upload(files, i % 2 ? ada : ben, bytes)));
  await sweepFiles(files);
  const { file, blob, blob_use, piece } = await fileKeys(kv);
  assertEquals([file, blob, blob_use, piece], [8, 1, 8, 1]);
  assertEquals(await auditFiles(kv), []);
});

Deno.test("a deleted message takes its files with it at once, and their bytes with the sweep", async () => {
  using kv = await freshKv();
  const { files, appender, ada, ben, room } = await setup(kv);
  const before = await keysByKind(kv);
  const id = await upload(files, ada, pngOf(900_000));
  const { seq } = await postFiles(appender, { room: room.id, by: ada, files: [id] });
  await openFile(files, room, { user: ben, id });
  await deleteMessage(appender, { room: room.id, by: ada, message: seq });
  const denied = await assertRejects(
    () => openFile(files, room, { user: ben, id }),
    NotFoundError,
  );
  const { events: [event] } = await listEvents(kv, room.id, {});
  assertEquals([event.type === "posted" && event.files, denied.message], [
    undefined,
    "There is no such file.",
  ]);
  await sweepFiles(files);
  assertEquals(await fileKeys(kv), { upload_due: 1 });
  await sweepFiles(files, Date.now() + 2 * DAY_MS);
  const { storage: _, head, log, gone, ...rest } = await keysByKind(kv);
  assertEquals([log, gone], [(before.log ?? 0) + 2, 1]);
  assertEquals([rest.trash, rest.emptied, rest.file, rest.blob], Array(4).fill(undefined));
  assertEquals(head, (before.head ?? 0) + 1);
  assertEquals((await kv.get<{ bytes: number }>(["storage", ada])).value?.bytes, 0);
});

Deno.test("content that another message shows stays when one is deleted", async () => {
  using kv = await freshKv();
  const { files, appender, ada, ben, room } = await setup(kv);
  const bytes = pngOf(100_000);
  const [own, others] = [await upload(files, ada, bytes), await upload(files, ben, bytes)];
  const { seq } = await postFiles(appender, { room: room.id, by: ada, files: [own] });
  await postFiles(appender, { room: room.id, by: ben, files: [others] });
  await deleteMessage(appender, { room: room.id, by: ada, message: seq });
  await sweepFiles(files);
  const file = await openFile(files, room, { user: ada, id: others });
  assertBytes(await collect(file.read({ start: 0, end: file.size })), bytes);
  assertEquals(await auditFiles(kv), []);
});

Deno.test("one upload may be posted twice, and goes with the second deletion", async () => {
  using kv = await freshKv();
  const { files, appender, ada, ben, room } = await setup(kv);
  const id = await upload(files, ada, pngOf(1_000));
  const first = await postFiles(appender, { room: room.id, by: ada, files: [id] });
  const second = await postFiles(appender, { room: room.id, by: ada, files: [id] });
  await deleteMessage(appender, { room: room.id, by: ada, message: first.seq });
  await sweepFiles(files);
  await openFile(files, room, { user: ben, id });
  await deleteMessage(appender, { room: room.id, by: ada, message: second.seq });
  await sweepFiles(files);
  assertEquals((await fileKeys(kv)).file, undefined);
});

Deno.test("nobody posts a file that is not theirs, not finished or not there", async () => {
  using kv = await freshKv();
  const { files, appender, ada, ben, room } = await setup(kv);
  const id = await upload(files, ada, pngOf(1_000));
  const open = await createUpload(files, ada, { name: "x", type: "", size: 10 });
  const post = (by: string, ids: string[]) =>
    postFiles(appender, { room: room.id, by, files: ids });
  await post(ada, [id]); // premise
  for (const [by, ids] of [[ben, [id]], [ada, [open.id]], [ada, ["nothing"]], [ada, [id, "x"]]]) {
    await assertRejects(() => post(by as string, ids as string[]), NotFoundError, "gone");
  }
  assertEquals((await listEvents(kv, room.id, {})).events.length, 1);
});

Deno.test("a post that is repeated after its file went answers its first place", async () => {
  using kv = await freshKv();
  const { files, appender, ada, room } = await setup(kv);
  const id = await upload(files, ada, pngOf(1_000));
  const post = { room: room.id, by: ada, files: [id], id: "once" };
  const first = await postFiles(appender, post);
  await deleteMessage(appender, { room: room.id, by: ada, message: first.seq });
  await sweepFiles(files);
  assertEquals(await postFiles(appender, post), first);
});

Deno.test("an edit keeps the files and may empty the text beside them, but no bare text", async () => {
  using kv = await freshKv();
  const { files, appender, ada, room } = await setup(kv);
  const id = await upload(files, ada, pngOf(1_000));
  const { seq } = await postFiles(appender, { room: room.id, by: ada, files: [id], text: "Soup" });
  const edit = (message: number, by = ada) =>
    appender.append({ type: "edited", room: room.id, by, id: `e${message}`, message, text: "" });
  await edit(seq);
  const { events: [event] } = await listEvents(kv, room.id, {});
  assert(event.type === "posted");
  assertEquals([event.text, event.files?.length], ["", 1]);
  const bare = await appender.append({
    type: "posted",
    room: room.id,
    by: ada,
    id: "b",
    text: "x",
  });
  await assertRejects(() => edit(bare.seq), InvalidError, "text is empty");
});

Deno.test("a stranger, another room and a later member are told the same: there is nothing", async () => {
  using kv = await freshKv();
  const { files, appender, ada, ben, room } = await setup(kv);
  const id = await upload(files, ada, pngOf(1_000));
  const { seq } = await postFiles(appender, { room: room.id, by: ada, files: [id] });
  await openFile(files, room, { user: ben, id }); // premise
  const tries = [
    [room, { user: "stranger", id }],
    [{ ...room, id: "another" }, { user: ben, id }],
    [{ ...room, since: { [ben]: seq + 1 } }, { user: ben, id }],
    [room, { user: ben, id: "nothing" }],
    [room, { user: ben, id: "x".repeat(4_000) }],
  ] as const;
  for (const [where, who] of tries) {
    await assertRejects(() => openFile(files, where, who), NotFoundError, "There is no such file.");
  }
  const own = await upload(files, ada, pngOf(1_000, 2));
  await assertRejects(() => openFile(files, room, { user: ada, id: own }), NotFoundError);
  assertEquals(
    (await openFile(files, { ...room, since: { [ben]: seq } }, { user: ben, id })).size,
    1_000,
  );
});

Deno.test("forwarding makes a file of one's own without its bytes, as long as one may read it", async () => {
  using kv = await freshKv();
  const { files, appender, ada, ben, room } = await setup(kv, { quotaBytes: 1_500 });
  const id = await upload(files, ada, pngOf(1_000), { name: "soup.png", width: 4, height: 3 });
  const { seq } = await postFiles(appender, { room: room.id, by: ada, files: [id] });
  await assertRejects(() => copyFile(files, room, { user: "stranger", id }), NotFoundError);
  const copy = await copyFile(files, room, { user: ben, id });
  await assertRejects(() => copyFile(files, room, { user: ben, id }), TooLargeError);
  const { seq: forwarded } = await postFiles(appender, { room: room.id, by: ben, files: [copy] });
  await deleteMessage(appender, { room: room.id, by: ada, message: seq });
  await sweepFiles(files);
  await assertRejects(() => copyFile(files, room, { user: ben, id }), NotFoundError);
  const file = await openFile(files, room, { user: ada, id: copy });
  assertBytes(await collect(file.read({ start: 0, end: file.size })), pngOf(1_000));
  const { events } = await listEvents(kv, room.id, { around: forwarded });
  const event = events.find(({ seq }) => seq === forwarded);
  assertEquals(event?.type === "posted" && event.files, [
    { id: copy, name: "soup.png", type: "image/png", size: 1_000, width: 4, height: 3 },
  ]);
  assertEquals(await auditFiles(kv), []);
});

Deno.test("an upload that nobody posts goes after a day, one that is posted stays", async () => {
  using kv = await freshKv();
  const { files, appender, ada, ben, room } = await setup(kv);
  const posted = await upload(files, ada, pngOf(1_000));
  await postFiles(appender, { room: room.id, by: ada, files: [posted] });
  await upload(files, ada, pngOf(2_000));
  const { id } = await createUpload(files, ada, { name: "half", type: "", size: 900_000 });
  await appendUpload(files, ada, { id, offset: 0, body: streamOf(bytesOf(800_000)) });
  await sweepFiles(files, Date.now() + DAY_MS - 60_000);
  assertEquals((await fileKeys(kv)).file, 3);
  await sweepFiles(files, Date.now() + DAY_MS + 60_000);
  await sweepFiles(files, Date.now() + 2 * DAY_MS);
  assertEquals(await fileKeys(kv), {
    file: 1,
    file_use: 1,
    blob: 1,
    blob_use: 1,
    piece: 1,
    chunk: 1,
  });
  assertEquals((await keysByKind(kv)).trash, undefined);
  assertEquals((await openFile(files, room, { user: ben, id: posted })).size, 1_000);
  await assertRejects(() => getUpload(files, ada, id), NotFoundError);
  assertEquals(await auditFiles(kv), []);
});

Deno.test("cancelling ends an upload and gives its place back, but takes nothing from a message", async () => {
  using kv = await freshKv();
  const { files, appender, ada, ben, room } = await setup(kv, { quotaBytes: 2_000 });
  const { id } = await createUpload(files, ada, { name: "x", type: "", size: 2_000 });
  await cancelUpload(files, ben, id);
  assertEquals((await getUpload(files, ada, id)).offset, 0);
  await cancelUpload(files, ada, id);
  const own = await upload(files, ada, pngOf(2_000)); // its place is free again
  await postFiles(appender, { room: room.id, by: ada, files: [own] });
  await cancelUpload(files, ada, own);
  assertEquals((await openFile(files, room, { user: ben, id: own })).size, 2_000);
  assertEquals(await auditFiles(kv), []);
});

Deno.test("a storage that is away keeps its own bytes and nothing else from being swept", async () => {
  using kv = await freshKv();
  const { files, appender, ada, room } = await setup(kv);
  const ids = [];
  for (let n = 0; n < 3; n++) {
    const id = await upload(files, ada, pngOf(500, n + 1));
    const { seq } = await postFiles(appender, { room: room.id, by: ada, files: [id] });
    await deleteMessage(appender, { room: room.id, by: ada, message: seq });
    ids.push(id);
  }
  const [away] = ids.sort();
  const storeOf = (name: "kv" | "s3") => {
    const store = files.storeOf(name);
    const list = (blob: string) => {
      if (blob === away) throw new Error("the storage is away");
      return store.list(blob);
    };
    return new Proxy(store, {
      get(target, key) {
        const member = Reflect.get(target, key);
        return key === "list" ? list : typeof member === "function" ? member.bind(target) : member;
      },
    });
  };
  await assertRejects(() => sweepFiles({ ...files, storeOf }), Error, "away");
  assertEquals((await fileKeys(kv)).piece, 1);
  await sweepFiles(files);
  assertEquals((await fileKeys(kv)).piece, undefined);
});
