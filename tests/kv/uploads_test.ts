/** Uploads: parts of any size, interruptions, lies, two at once, and the quota under races. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  ConflictError,
  InvalidError,
  NotFoundError,
  TooLargeError,
} from "../../lib/chat/errors.ts";
import { MIN_PART_BYTES } from "../../lib/chat/limits.ts";
import type { FileRecord } from "../../lib/store/files.ts";
import { keys } from "../../lib/store/keys.ts";
import { KvBlobs } from "../../lib/store/kv_blobs.ts";
import { readBlob } from "../../lib/store/blobs.ts";
import { cancelUpload, sweepFiles } from "../../lib/store/file_sweep.ts";
import { appendUpload, createUpload, getUpload } from "../../lib/store/uploads.ts";
import {
  assertBytes,
  auditFiles,
  brokenStream,
  bytesOf,
  collect,
  fileKeys,
  filesIn,
  keysByKind,
  pngOf,
  streamOf,
  upload,
} from "../helpers/files.ts";
import { allowsFiles, freshKv, kvFile } from "../helpers/fresh_kv.ts";
import { stubKv } from "../helpers/stub_kv.ts";

const PIECE = 737_280;

function begin(files: ReturnType<typeof filesIn>, size: number, by = "ada") {
  return createUpload(files, by, { name: "a", type: "", size });
}

/** The bytes of a finished upload, past all checks. */
async function stored(kv: Deno.Kv, id: string): Promise<Uint8Array> {
  const { value: file } = await kv.get<FileRecord>(keys.file(id));
  const { value: blob } = await kv.get<{ size: number; layout: never }>(keys.blob(file!.hash!));
  return await collect(readBlob(new KvBlobs(kv), blob!.layout, { start: 0, end: blob!.size }));
}

Deno.test("an upload in parts of any sizes, broken off anywhere, is the file", async () => {
  using kv = await freshKv();
  const files = filesIn(kv);
  const sizes = fc.array(fc.integer({ min: MIN_PART_BYTES, max: 900_000 }), {
    minLength: 1,
    maxLength: 8,
  });
  let seed = 1;
  const property = fc.asyncProperty(
    sizes,
    fc.integer({ min: 1, max: 3 * PIECE }),
    async (parts, size) => {
      const bytes = bytesOf(size, ++seed);
      const { id } = await begin(files, size);
      let offset = 0;
      for (const [i, length] of parts.entries()) {
        if (offset === size) break;
        const part = bytes.subarray(offset, offset + length);
        const body = i % 2 ? brokenStream(bytes.subarray(offset), part.length) : streamOf(part);
        const sent = appendUpload(files, "ada", { id, offset, body });
        if (i % 2) await assertRejects(() => sent, InvalidError, "broke off");
        else await sent;
        offset += part.length;
        assertEquals((await getUpload(files, "ada", id)).offset, offset);
      }
      await appendUpload(files, "ada", { id, offset, body: streamOf(bytes.subarray(offset)) });
      assertBytes(await stored(kv, id), bytes);
      const { value } = await kv.get<{ layout: { pieces: string[] } }>(
        keys.blob((await kv.get<FileRecord>(keys.file(id))).value!.hash!),
      );
      assertEquals(value!.layout.pieces.length, Math.ceil(size / PIECE));
    },
  );
  await fc.assert(property, { numRuns: 15 });
  await sweepFiles(files);
  const { chunk } = await fileKeys(kv);
  const needed = await Array.fromAsync(kv.list<{ size: number }>({ prefix: ["blob"] }));
  const least = needed.reduce((sum, { value }) => sum + Math.ceil(value.size / 61_440), 0);
  assertEquals(chunk, least, "a part that was written anew leaves nothing");
});

Deno.test(
  "an upload goes on at another instance, and is hashed there",
  { ignore: !allowsFiles },
  async () => {
    await using file = await kvFile(2);
    const [one, other] = file.kvs.map((kv) => filesIn(kv));
    const bytes = pngOf(1_000_000);
    const { id } = await begin(one, bytes.length);
    await appendUpload(one, "ada", { id, offset: 0, body: streamOf(bytes.subarray(0, 400_001)) });
    const rest = { id, offset: 400_001, body: streamOf(bytes.subarray(400_001)) };
    assertEquals((await appendUpload(other, "ada", rest)).file?.type, "image/png");
    assertBytes(await stored(file.kvs[0], id), bytes);
  },
);

Deno.test("of two requests with the same part one goes on and the file is right", async () => {
  using kv = await freshKv();
  const files = filesIn(kv);
  const bytes = bytesOf(2 * PIECE + 1);
  for (let n = 0; n < 10; n++) {
    const { id } = await begin(files, bytes.length);
    const send = () => appendUpload(files, "ada", { id, offset: 0, body: streamOf(bytes) });
    const sent = await Promise.allSettled([send(), send(), send()]);
    const refused = sent.flatMap((one) => one.status === "rejected" ? [one.reason] : []);
    assert(refused.every((error) => error instanceof ConflictError), String(refused));
    let { offset } = await getUpload(files, "ada", id);
    for (let left = 3; offset < bytes.length && left > 0; left--) {
      const body = streamOf(bytes.subarray(offset));
      ({ offset } = await appendUpload(files, "ada", { id, offset, body }));
    }
    assertBytes(await stored(kv, id), bytes);
  }
  await sweepFiles(files);
  const { piece, blob } = await fileKeys(kv);
  assertEquals([blob, piece], [1, 3]);
});

Deno.test("nothing that comes late changes a file that is finished", async () => {
  using kv = await freshKv();
  const files = filesIn(kv);
  const bytes = pngOf(PIECE + 10);
  const { id } = await begin(files, bytes.length);
  const { promise: finished, resolve } = Promise.withResolvers<void>();
  const late = appendUpload(files, "ada", {
    id,
    offset: 0,
    body: (async function* () {
      yield bytesOf(PIECE, 666);
      await finished;
      yield bytesOf(10, 666);
    })(),
  });
  await appendUpload(files, "ada", { id, offset: 0, body: streamOf(bytes) });
  resolve();
  await assertRejects(() => late, ConflictError);
  assertBytes(await stored(kv, id), bytes);
  assertEquals((await fileKeys(kv)).piece, 2);
});

Deno.test("an upload that is swept or cancelled under a request leaves nothing behind", async () => {
  using kv = await freshKv();
  const files = filesIn(kv);
  const { id } = await begin(files, 2 * PIECE);
  const sent = appendUpload(files, "ada", {
    id,
    offset: 0,
    body: (async function* () {
      yield bytesOf(PIECE);
      yield bytesOf(1);
      await cancelUpload(files, "ada", id);
      await sweepFiles(files);
      yield bytesOf(PIECE - 1);
    })(),
  });
  await assertRejects(() => sent, ConflictError);
  await sweepFiles(files, Date.now() + 2 * 60 * 60 * 1000);
  await sweepFiles(files, Date.now() + 48 * 60 * 60 * 1000);
  assertEquals(await keysByKind(kv), { storage: 1 });
});

Deno.test("a body that goes on beyond the file is refused, with what was good of it kept", async () => {
  using kv = await freshKv();
  const files = filesIn(kv);
  const bytes = bytesOf(PIECE + 100);
  const { id } = await begin(files, bytes.length);
  async function* endless() {
    for (;;) yield await Promise.resolve(bytesOf(100_000));
  }
  const send = (body: AsyncIterable<Uint8Array>, offset: number, length?: number) =>
    appendUpload(files, "ada", { id, offset, body, length });
  await assertRejects(() => send(endless(), 0, PIECE + 101), TooLargeError, "more bytes");
  assertEquals((await getUpload(files, "ada", id)).offset, 0);
  await assertRejects(() => send(endless(), 0), TooLargeError, "more bytes");
  const { offset } = await getUpload(files, "ada", id);
  assertEquals(offset, PIECE);
  await send(streamOf(bytes.subarray(PIECE)), offset);
});

Deno.test("a part that brings next to nothing is not stored, unless it is the end", async () => {
  using real = await freshKv();
  let written = 0;
  const kv = stubKv(real, {
    commit(commit, run) {
      for (const value of commit.values) if (value instanceof Uint8Array) written += value.length;
      return run();
    },
  });
  const files = filesIn(kv);
  const bytes = bytesOf(3 * MIN_PART_BYTES + 5);
  const { id } = await begin(files, bytes.length);
  const send = (body: AsyncIterable<Uint8Array>, offset: number) =>
    appendUpload(files, "ada", { id, offset, body });
  const small = bytes.subarray(0, MIN_PART_BYTES - 1);
  await assertRejects(() => send(streamOf(small), 0), InvalidError, "61440 bytes");
  await assertRejects(() => send(brokenStream(bytes, 1_000), 0), InvalidError, "broke off");
  assertEquals([(await getUpload(files, "ada", id)).offset, written], [0, 0]);
  let offset = 0;
  for (let n = 0; n < 3; n++) {
    const part = bytes.subarray(offset, offset + MIN_PART_BYTES);
    ({ offset } = await send(streamOf(part), offset));
  }
  assertEquals(offset, 3 * MIN_PART_BYTES);
  await send(streamOf(bytes.subarray(offset)), offset);
  assertBytes(await stored(kv, id), bytes);
});

Deno.test("an upload that has expired is gone for its uploader before it is swept", async () => {
  using kv = await freshKv();
  const files = filesIn(kv);
  const { id } = await begin(files, 100);
  const { value } = await kv.get<FileRecord>(keys.file(id));
  await kv.set(keys.file(id), { ...value, expiresAt: Date.now() - 1 });
  const send = () => appendUpload(files, "ada", { id, offset: 0, body: streamOf(bytesOf(100)) });
  await assertRejects(() => getUpload(files, "ada", id), NotFoundError);
  await assertRejects(send, NotFoundError);
});

Deno.test("the last answer may be lost: an empty part at the end answers it again", async () => {
  using kv = await freshKv();
  const files = filesIn(kv);
  const id = await upload(files, "ada", pngOf(100));
  const again = await appendUpload(files, "ada", { id, offset: 100, body: streamOf(bytesOf(0)) });
  assertEquals(again.file?.type, "image/png");
});

Deno.test("a crash between the last byte and the end of the upload is made good", async () => {
  using real = await freshKv();
  let crashes = true;
  const kv = stubKv(real, {
    commit(commit, run) {
      const finishes = commit.values.some((value) => (value as FileRecord)?.hash);
      if (crashes && finishes) throw new Error("the machine stopped");
      return run();
    },
  });
  const files = filesIn(kv);
  const bytes = pngOf(1_000);
  const { id } = await begin(files, 1_000);
  const send = (offset: number) =>
    appendUpload(files, "ada", { id, offset, body: streamOf(bytes.subarray(offset)) });
  await assertRejects(() => send(0), Error, "stopped");
  crashes = false;
  const { offset, file } = await getUpload(files, "ada", id);
  assertEquals([offset, file], [1_000, undefined]);
  assertEquals((await send(1_000)).file?.type, "image/png");
});

Deno.test("a quota holds exactly, however many announce at once and wherever", {
  ignore: !allowsFiles,
}, async () => {
  await using file = await kvFile(2);
  const instances = file.kvs.map((kv) => filesIn(kv, { quotaBytes: 1_000 }));
  const tries = Array.from({ length: 24 }, (_, n) => begin(instances[n % 2], 90));
  const results = await Promise.allSettled(tries);
  const taken = results.filter(({ status }) => status === "fulfilled").length;
  const refused = results.flatMap((one) => one.status === "rejected" ? [one.reason] : []);
  assertEquals(taken, 11);
  assert(refused.every((error) => error instanceof TooLargeError), String(refused));
  await begin(instances[0], 10);
  await assertRejects(() => begin(instances[1], 1), TooLargeError, "place for 0 MB");
  await begin(instances[1], 1_000, "ben");
  assertEquals(await auditFiles(file.kvs[0]), []);
});

Deno.test("what cannot be measured of a file's type is not kept of it", async () => {
  using kv = await freshKv();
  const files = filesIn(kv);
  const claims = { width: 4, height: 3, duration: 5, waveform: [1, 2] };
  const webm = new TextEncoder().encode("\x1aE…");
  webm.set([0x1a, 0x45, 0xdf, 0xa3]);
  const cases: [bytes: Uint8Array<ArrayBuffer>, type: string, keeps: object][] = [
    [pngOf(100), "audio/mp4", { width: 4, height: 3 }],
    [new TextEncoder().encode("OggS\0"), "", { duration: 5, waveform: [1, 2] }],
    [new TextEncoder().encode("plain"), "image/png", {}],
    [webm, "audio/webm", {}],
  ];
  for (const [bytes, type, keeps] of cases) {
    const id = await upload(files, "ada", bytes, { type, ...claims });
    const { id: _, name: __, type: ___, size: ____, ...rest } = (await getUpload(files, "ada", id))
      .file!;
    assertEquals(rest, keeps);
  }
});
