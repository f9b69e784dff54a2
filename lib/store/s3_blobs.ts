/**
 * Bytes on storage that speaks S3: a piece is one object, `files/<blob>/<piece>` in one bucket. What
 * fails for a moment is tried again; pieces are never changed, so that does no harm.
 */

import { UPLOAD_PART_BYTES } from "../chat/limits.ts";
import type { BlobStore, Bytes, Range } from "./blobs.ts";
import { jitter } from "./conflicts.ts";
import { type S3Credentials, signedHeaders } from "./s3_signer.ts";

/** Where a bucket is, and how to be let in. */
export interface S3Options extends S3Credentials {
  /** Without a path; the bucket is the path's first part. */
  endpoint: string;
  bucket: string;
}

/** Within which an answer must begin. */
const ANSWER_MS = 30_000;
const TRIES = 4;
/** Requests that remove objects at a time. */
const REMOVALS = 8;

/** What the storage answered instead of doing what it was asked. */
export class S3Error extends Error {
  override name = "S3Error";
  readonly status: number;

  constructor(method: string, status: number, body: string) {
    const code = /<Code>([^<]*)<\/Code>/.exec(body)?.[1] ?? "";
    super(`The storage answered ${status} ${code} to ${method}`.replace("  ", " "));
    this.status = status;
  }
}

export class S3Blobs implements BlobStore {
  readonly name = "s3";
  readonly pieceBytes = UPLOAD_PART_BYTES;
  #options: S3Options;

  constructor(options: S3Options) {
    this.#options = options;
  }

  /** Throws {@link S3Error} unless the bucket is there and may be used. */
  async check(): Promise<void> {
    await this.#listPage("files/", { "max-keys": "1" });
  }

  async put(blob: string, piece: string, body: Bytes): Promise<void> {
    const response = await this.#ask("PUT", keyOf(blob, piece), { body });
    await response.body?.cancel();
  }

  async *get(blob: string, piece: string, { start, end }: Range): AsyncGenerator<Bytes> {
    const headers = { range: `bytes=${start}-${end - 1}` };
    const { body, status } = await this.#ask("GET", keyOf(blob, piece), { headers });
    if (status !== 206 || !body) {
      await body?.cancel();
      throw new Error(`The storage answered ${status} to a range.`);
    }
    yield* body;
  }

  async exists(blob: string, piece: string): Promise<boolean> {
    try {
      const response = await this.#ask("HEAD", keyOf(blob, piece));
      await response.body?.cancel();
      return true;
    } catch (error) {
      if (error instanceof S3Error && error.status === 404) return false;
      throw error;
    }
  }

  async list(blob: string): Promise<string[]> {
    const prefix = keyOf(blob, "");
    const names: string[] = [];
    for (let after: string | undefined = ""; after !== undefined;) {
      const xml = await this.#listPage(prefix, after ? { "start-after": after } : {});
      const keys = [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key);
      names.push(...keys.map((key) => key.slice(prefix.length)));
      after = /<IsTruncated>true</.test(xml) ? keys.at(-1) : undefined;
    }
    return names;
  }

  async remove(blob: string, pieces: readonly string[]): Promise<void> {
    for (let i = 0; i < pieces.length; i += REMOVALS) {
      await Promise.all(
        pieces.slice(i, i + REMOVALS).map(async (piece) => {
          const response = await this.#ask("DELETE", keyOf(blob, piece));
          await response.body?.cancel();
        }),
      );
    }
  }

  async #listPage(prefix: string, query: Record<string, string>): Promise<string> {
    const search = { "list-type": "2", prefix, ...query };
    return await (await this.#ask("GET", "", { query: search })).text();
  }

  /** Asks until there is an answer that another try would not change. */
  async #ask(method: string, key: string, asked: Asked = {}): Promise<Response> {
    for (let tries = 1;; tries++) {
      const response = await this.#askOnce(method, key, asked).catch((error) => {
        if (tries >= TRIES) throw error;
        return null;
      });
      if (response?.ok) return response;
      const isFinal = response && response.status < 500 && response.status !== 429;
      if (response && (isFinal || tries >= TRIES)) {
        throw new S3Error(method, response.status, await response.text());
      }
      await response?.body?.cancel();
      await jitter(tries + 4);
    }
  }

  async #askOnce(
    method: string,
    key: string,
    { headers, query = {}, body }: Asked,
  ): Promise<Response> {
    const url = new URL(`/${this.#options.bucket}${key && `/${key}`}`, this.#options.endpoint);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const signed = await signedHeaders(this.#options, { method, url, headers, body });
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), ANSWER_MS);
    try {
      return await fetch(url, { method, headers: signed, body, signal: deadline.signal });
    } finally {
      clearTimeout(timer);
    }
  }
}

interface Asked {
  headers?: Record<string, string>;
  query?: Record<string, string>;
  body?: Bytes;
}

function keyOf(blob: string, piece: string): string {
  return `files/${blob}/${piece}`;
}
