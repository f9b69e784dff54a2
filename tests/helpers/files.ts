/** Files for tests: bytes that are known, uploads and posts of them, and what must be true after. */

import { assert, assertEquals } from "@std/assert";
import { Appender } from "../../lib/live/appender.ts";
import type { BlobStore, Bytes } from "../../lib/store/blobs.ts";
import { concat } from "../../lib/chat/bytes.ts";
import type { Ack } from "../../lib/store/drafts.ts";
import { createFiles, type FileLimits, type Files } from "../../lib/store/file_stores.ts";
import type { FileRecord } from "../../lib/store/files.ts";
import { newId } from "../../lib/store/ids.ts";
import { type Announcement, appendUpload, createUpload } from "../../lib/store/uploads.ts";

/** Bytes of a length that look like nothing, the same for the same seed. */
export function bytesOf(length: number, seed = 1): Bytes {
  const bytes = new Uint8Array(length);
  let state = seed * 2_654_435_761 >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state & 0xff;
  }
  return bytes;
}

/** A PNG's beginning, then bytes that look like nothing. */
export function pngOf(length: number, seed = 1): Bytes {
  const bytes = bytesOf(length, seed);
  bytes.set(new TextEncoder().encode("\x00PNG\r\n\x1a\n"));
  bytes[0] = 0x89;
  return bytes;
}

/** Bytes as they come by network: in parts that have nothing to do with pieces. */
export async function* streamOf(bytes: Bytes, part = 50_000): AsyncGenerator<Bytes> {
  for (let at = 0; at < bytes.length; at += part) yield bytes.subarray(at, at + part);
}

/** As {@link streamOf}, and the connection breaks after so many bytes. */
export async function* brokenStream(bytes: Bytes, after: number): AsyncGenerator<Bytes> {
  yield* streamOf(bytes.subarray(0, after));
  throw new TypeError("connection reset");
}

/** Everything of a stream at once. */
export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return concat(await Array.fromAsync(stream));
}

/** As `assertEquals`, which takes seconds for megabytes. */
export function assertBytes(actual: Uint8Array, expected: Uint8Array, message?: string): void {
  assertEquals(actual.length, expected.length, message);
  assert(actual.every((byte, i) => byte === expected[i]), message ?? "the bytes differ");
}

/** Files in KV, or in another store. */
export function filesIn(
  kv: Deno.Kv,
  { s3, ...limits }: Partial<FileLimits> & { s3?: BlobStore } = {},
): Files {
  return createFiles(kv, {
    limits: { maxBytes: 25_000_000, quotaBytes: 100_000_000, ...limits },
    s3,
  });
}

/** Uploads at one go; answers the id. */
export async function upload(
  files: Files,
  by: string,
  bytes: Bytes,
  more: Partial<Announcement> = {},
): Promise<string> {
  const file = { name: "a.png", type: "", size: bytes.length, ...more };
  const { id } = await createUpload(files, by, file);
  await appendUpload(files, by, { id, offset: 0, body: streamOf(bytes) });
  return id;
}

/** What stores posts and deletions, alone. */
export function appenderOf(kv: Deno.Kv): Appender {
  return new Appender(kv, { onCommit: () => {} });
}

/** Posts files; answers where. */
export function postFiles(
  appender: Appender,
  post: { room: string; by: string; files: readonly string[]; text?: string; id?: string },
): Promise<Ack> {
  return appender.append({ type: "posted", id: newId(), text: "", ...post });
}

/** Deletes a message. */
export function deleteMessage(
  appender: Appender,
  where: { room: string; by: string; message: number },
): Promise<Ack> {
  return appender.append({ type: "deleted", id: newId(), ...where });
}

/** Every key, with its first part as its kind. */
export async function keysByKind(kv: Deno.Kv): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for await (const { key } of kv.list({ prefix: [] })) {
    counts[String(key[0])] = (counts[String(key[0])] ?? 0) + 1;
  }
  return counts;
}

/** The kinds of keys that only files have. */
const KINDS = [
  "file",
  "file_use",
  "upload_due",
  "loose_file",
  "blob",
  "blob_use",
  "piece",
  "chunk",
];

/** How many keys of files there are, by kind; without those that are zero. `trash` is left out. */
export async function fileKeys(kv: Deno.Kv): Promise<Record<string, number>> {
  const all = await keysByKind(kv);
  return Object.fromEntries(KINDS.flatMap((kind) => all[kind] ? [[kind, all[kind]]] : []));
}

/** What is wrong with the books: quotas, uses and blobs against the records that they count. */
export async function auditFiles(kv: Deno.Kv): Promise<string[]> {
  const problems: string[] = [];
  const taken = new Map<string, number>();
  const uses = new Map<string, Set<string>>();
  for await (const { key, value } of kv.list<FileRecord>({ prefix: ["file"] })) {
    taken.set(value.by, (taken.get(value.by) ?? 0) + value.size);
    if (!value.hash) continue;
    uses.set(value.hash, (uses.get(value.hash) ?? new Set()).add(String(key[1])));
    const blob = await kv.get(["blob", value.hash]);
    if (!blob.value) problems.push(`file ${String(key[1])} has no blob`);
  }
  for await (const { key, value } of kv.list<{ bytes: number }>({ prefix: ["storage"] })) {
    const bytes = taken.get(String(key[1])) ?? 0;
    if (bytes !== value.bytes) {
      problems.push(`${String(key[1])} has ${bytes}, counted are ${value.bytes}`);
    }
  }
  for await (const { key } of kv.list({ prefix: ["blob_use"] })) {
    if (!uses.get(String(key[1]))?.has(String(key[2]))) problems.push(`${key.join("/")} is stale`);
  }
  for await (const { key } of kv.list({ prefix: ["blob"] })) {
    if (!uses.has(String(key[1]))) problems.push(`blob ${String(key[1])} is used by nothing`);
  }
  for await (const { key } of kv.list({ prefix: ["file_use"] })) {
    const file = await kv.get(["file", key[1]]);
    if (!file.value) {
      problems.push(`message ${String(key[3])} shows file ${String(key[1])}, which is gone`);
    }
  }
  return problems;
}
