/**
 * SHA-256 of a stream, and what else one look at all bytes tells. WebCrypto digests only what is in
 * memory as a whole, so this one file uses Node's, which Deno and every runtime like it have.
 */

import { createHash } from "node:crypto";
import { SNIFF_BYTES } from "./sniff.ts";

/** What is known of bytes that were read to their end. */
export interface Digest {
  /** In hex. */
  hash: string;
  size: number;
  /** The first bytes, for `sniff`. */
  head: Uint8Array;
  /** UTF-8 without control characters other than white space. */
  isText: boolean;
}

/** Reads a stream to its end. */
export async function digest(bytes: AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = createHash("sha256");
  const head = new Uint8Array(SNIFF_BYTES);
  const text = new TextCheck();
  let size = 0;
  for await (const chunk of bytes) {
    hash.update(chunk);
    if (size < SNIFF_BYTES) head.set(chunk.subarray(0, SNIFF_BYTES - size), size);
    text.take(chunk);
    size += chunk.length;
  }
  const isText = text.end();
  return { hash: hash.digest("hex"), size, head: head.subarray(0, size), isText };
}

// deno-lint-ignore no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/;

class TextCheck {
  #decoder: TextDecoder | null = new TextDecoder("utf-8", { fatal: true });

  take(chunk: Uint8Array): void {
    this.#try((decoder) => decoder.decode(chunk, { stream: true }));
  }

  end(): boolean {
    this.#try((decoder) => decoder.decode());
    return this.#decoder !== null;
  }

  #try(decode: (decoder: TextDecoder) => string): void {
    if (!this.#decoder) return;
    try {
      if (CONTROLS.test(decode(this.#decoder))) this.#decoder = null;
    } catch {
      this.#decoder = null;
    }
  }
}
