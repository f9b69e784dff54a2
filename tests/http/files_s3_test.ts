/** A server that keeps files on storage that speaks S3, and one that cannot. */

import { assert, assertEquals } from "@std/assert";
import type { UploadState } from "../../lib/chat/file_refs.ts";
import { register } from "../helpers/client.ts";
import { assertBytes, pngOf } from "../helpers/files.ts";
import { assertFailsToStart } from "../helpers/failed_start.ts";
import { allowsAll } from "../helpers/permissions.ts";
import { type S3Server, startS3 } from "../helpers/s3.ts";
import { startServer } from "../helpers/server.ts";

let s3: S3Server;

function test(name: string, run: () => Promise<void>): void {
  Deno.test({ name, ignore: !allowsAll, fn: run });
}

if (allowsAll) {
  Deno.test.beforeAll(async () => void (s3 = await startS3()));
  Deno.test.afterAll(async () => await s3[Symbol.asyncDispose]());
}

function env(more: Record<string, string> = {}): Record<string, string> {
  const { endpoint, bucket, accessKeyId, secretAccessKey } = s3.options;
  return {
    S3_ENDPOINT: endpoint,
    S3_BUCKET: bucket,
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
    ...more,
  };
}

test("a file is sent to the bucket, fetched from it in part, and gone from it when deleted", async () => {
  await using server = await startServer({ env: env() });
  const ada = await register(server.origin, "ada");
  const ben = await register(server.origin, "ben");
  const { id: room } = await ada.room(ben.me);
  const bytes = pngOf(1_500_000);
  const { id } = await ada.json<UploadState>("/api/files", { name: "a.png", size: bytes.length });
  const sent = await ada.fetch(`/api/files/${id}`, {
    method: "PATCH",
    headers: { "upload-offset": "0" },
    body: bytes,
  });
  assertEquals((await sent.json()).file.type, "image/png");
  assertEquals((await s3.keys()).length, 3);
  const post = { id: "p", text: "", files: [id] };
  const { seq } = await ada.json<{ seq: number }>(`/api/rooms/${room}/posts`, post);
  const range = { range: "bytes=737275-737290" };
  const part = await ben.fetch(`/api/rooms/${room}/files/${id}`, { headers: range });
  assertEquals(part.status, 206);
  const piece = new Uint8Array(await part.arrayBuffer());
  assertBytes(piece, bytes.subarray(737_275, 737_291));
  await ada.json(`/api/rooms/${room}/changes`, { type: "delete", id: "d", message: seq });
  for (const end = Date.now() + 20_000; (await s3.keys()).length > 0;) {
    assert(Date.now() < end, "the bytes stay in the bucket");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assertEquals(server.errors(), "");
});

test("a bucket that cannot be used is named when the server starts", async () => {
  for (
    const [name, value, says] of [
      ["S3_BUCKET", "nowhere", /^Cannot use the bucket nowhere: .*404 NoSuchBucket/],
      ["S3_ACCESS_KEY_ID", "stranger", /^Cannot use the bucket parley: .*403 InvalidAccessKeyId/],
      ["S3_ENDPOINT", "http://127.0.0.1:9", /^Cannot use the bucket parley: /],
    ] as const
  ) {
    await assertFailsToStart({ PORT: "0", ...env({ [name]: value }) }, says);
  }
});
