/**
 * What files hold in here: few contents, so that different people send the same one, most of them
 * small. A file is called as its content, so whoever sees its name knows its bytes.
 */

import type { Bytes } from "../../lib/store/blobs.ts";
import { bytesOf } from "../helpers/files.ts";
import type { Random } from "./random.ts";

/** Bytes of each content. The long ones take several parts, pieces and chunks. */
const SIZES = [40, 41, 500, 2_000, 66_000, 140_000];
/** How often each is sent, by its place above. */
const WEIGHTS = { 0: 6, 1: 4, 2: 4, 3: 4, 4: 2, 5: 1 };

const CONTENTS = new Map(SIZES.map((size, n) => [`content ${n}`, bytesOf(size, n + 1)]));

/** The bytes of a file that is called so. */
export function contentOf(name: string): Bytes {
  return CONTENTS.get(name)!;
}

/** Whether bytes are those of a file that is called so. */
export function isContent(name: string, bytes: Uint8Array): boolean {
  const content = contentOf(name);
  return bytes.length === content.length && bytes.every((byte, i) => byte === content[i]);
}

/** The name of one. */
export function drawContent(random: Random): string {
  return `content ${random.weighted(WEIGHTS)}`;
}

/** A file as a browser has it. What is in it can be read at once, without the runtime's own tasks. */
export class SimFile extends File {
  readonly content: Bytes;

  constructor(name: string, bytes = contentOf(name)) {
    super([bytes], name);
    this.content = bytes;
  }

  override slice(start?: number, end?: number): SimFile {
    return new SimFile(this.name, this.content.subarray(start, end));
  }
}
