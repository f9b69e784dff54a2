/** Bytes on storage that speaks S3: a real server of the protocol. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { openFile } from "../../lib/store/file_access.ts";
import { sweepFiles } from "../../lib/store/file_sweep.ts";
import { S3Blobs, S3Error } from "../../lib/store/s3_blobs.ts";
import { appendUpload, createUpload } from "../../lib/store/uploads.ts";
import {
  appenderOf,
  assertBytes,
  auditFiles,
  brokenStream,
  bytesOf,
  collect,
  deleteMessage,
  fileKeys,
  filesIn,
  pngOf,
  postFiles,
  streamOf,
  upload,
} from "../helpers/files.ts";
import { freshKv } from "../helpers/fresh_kv.ts";
import { createPair } from "../helpers/people.ts";
import { allowsAll } from "../helpers/permissions.ts";
import { type S3Server, startS3 } from "../helpers/s3.ts";

let server: S3Server;
let s3: S3Blobs;

function test(name: string, run: () => Promise<void>): void {
  Deno.test({ name, ignore: !allowsAll, fn: run });
}

if (allowsAll) {
  Deno.test.beforeAll(async () => {
    server = await startS3();
    s3 = new S3Blobs(server.options);
  });
  Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());
}

test("a piece is written, listed, read in part and removed", async () => {
  const bytes = bytesOf(100_000);
  await s3.put("one", "a", bytes);
  await s3.put("one", "b", bytesOf(10));
  await s3.put("other", "c", bytesOf(10));
  assertEquals((await s3.list("one")).sort(), ["a", "b"]);
  assertEquals([await s3.exists("one", "a"), await s3.exists("one", "c")], [true, false]);
  assertBytes(await collect(s3.get("one", "a", { start: 0, end: 100_000 })), bytes);
  assertBytes(
    await collect(s3.get("one", "a", { start: 500, end: 70_001 })),
    bytes.slice(500, 70_001),
  );
  await s3.remove("one", ["a", "b", "never was"]);
  assertEquals([await s3.list("one"), await s3.list("other")], [[], ["c"]]);
  await assertRejects(() => collect(s3.get("one", "a", { start: 0, end: 1 })), S3Error, "404");
  await s3.remove("other", ["c"]);
});

test("a stranger's key, a wrong secret and a bucket that is not there are told by name", async () => {
  await s3.check(); // premise
  const stranger = new S3Blobs({ ...server.options, accessKeyId: "stranger" });
  await assertRejects(() => stranger.check(), S3Error, "403 InvalidAccessKeyId");
  await assertRejects(() => stranger.put("x", "y", bytesOf(1)), S3Error, "403");
  const thief = new S3Blobs({ ...server.options, secretAccessKey: "guessed" });
  await assertRejects(() => thief.check(), S3Error, "403 SignatureDoesNotMatch");
  await assertRejects(() => thief.put("x", "y", bytesOf(1)), S3Error, "SignatureDoesNotMatch");
  const elsewhere = new S3Blobs({ ...server.options, bucket: "nowhere" });
  await assertRejects(() => elsewhere.check(), S3Error, "404 NoSuchBucket");
});

test("what fails for a moment is tried again, what is refused is not", async () => {
  const answers = [503, 500, 200, 403];
  let asked = 0;
  const flaky = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("<Code>SlowDown</Code>", { status: answers[asked++] }),
  );
  const endpoint = `http://127.0.0.1:${flaky.addr.port}`;
  const blobs = new S3Blobs({ ...server.options, endpoint });
  await blobs.put("a", "b", bytesOf(10));
  assertEquals(asked, 3);
  await assertRejects(() => blobs.put("a", "b", bytesOf(10)), S3Error, "403 SlowDown");
  assertEquals(asked, 4);
  await flaky.shutdown();
});

test("a list of several pages is read to its end", async () => {
  const asked: (string | null)[] = [];
  const paged = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    const after = new URL(url).searchParams.get("start-after");
    asked.push(after);
    const names = after ? ["c"] : ["a", "b"];
    const keys = names.map((name) => `<Contents><Key>files/one/${name}</Key></Contents>`).join("");
    const xml = `<ListBucketResult><IsTruncated>${!after}</IsTruncated>${keys}</ListBucketResult>`;
    return new Response(xml);
  });
  const endpoint = `http://127.0.0.1:${paged.addr.port}`;
  assertEquals(await new S3Blobs({ ...server.options, endpoint }).list("one"), ["a", "b", "c"]);
  assertEquals(asked, [null, "files/one/b"]);
  await paged.shutdown();
});

test("a file goes the whole way: broken off, resumed, posted, read, deleted, swept", async () => {
  using kv = await freshKv();
  const { ada, ben, room } = await createPair(kv);
  const files = filesIn(kv, { s3 });
  const appender = appenderOf(kv);
  const bytes = pngOf(2_600_000);
  const { id } = await createUpload(files, ada.id, { name: "a", type: "", size: bytes.length });
  await assertRejects(
    () => appendUpload(files, ada.id, { id, offset: 0, body: brokenStream(bytes, 1_500_000) }),
  );
  const rest = { id, offset: 1_500_000, body: streamOf(bytes.subarray(1_500_000)) };
  await appendUpload(files, ada.id, rest);
  await sweepFiles(files);
  assertEquals((await server.keys()).length, 4); // the half piece was written anew
  assertEquals((await fileKeys(kv)).chunk, undefined);
  const { seq } = await postFiles(appender, { room: room.id, by: ada.id, files: [id] });
  const file = await openFile(files, room, { user: ben.id, id });
  assertBytes(await collect(file.read({ start: 0, end: file.size })), bytes);
  assertBytes(
    await collect(file.read({ start: 737_270, end: 2_300_000 })),
    bytes.slice(737_270, 2_300_000),
  );
  assertEquals(await upload(files, ben.id, bytes).then(() => server.keys()).then(atMost), 8);
  await sweepFiles(files);
  assertEquals((await server.keys()).length, 4);
  await deleteMessage(appender, { room: room.id, by: ada.id, message: seq });
  await sweepFiles(files);
  assertEquals((await server.keys()).length, 4); // the other's upload has the same content
  await sweepFiles(files, Date.now() + 2 * 24 * 60 * 60 * 1000);
  assertEquals(await server.keys(), []);
  assertEquals(await auditFiles(kv), []);
});

function atMost(keys: string[]): number {
  assert(keys.length <= 8);
  return 8;
}

test("files that were in KV before are still read there, and shared with new ones", async () => {
  using kv = await freshKv();
  const { ada, ben, room } = await createPair(kv);
  const bytes = pngOf(100_000);
  const id = await upload(filesIn(kv), ada.id, bytes);
  await postFiles(appenderOf(kv), { room: room.id, by: ada.id, files: [id] });
  const files = filesIn(kv, { s3 });
  const file = await openFile(files, room, { user: ben.id, id });
  assertBytes(await collect(file.read({ start: 0, end: file.size })), bytes);
  await upload(files, ben.id, bytes);
  await sweepFiles(files);
  assertEquals(await server.keys(), []);
});
