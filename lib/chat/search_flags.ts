/** What a message has, as bits of the search index. */

import { type FileKind, kindOf } from "./files.ts";
import type { Has } from "./search_query.ts";
import type { MessageState } from "./events.ts";

/** One bit each; they are stored, so a bit keeps its meaning. */
const BITS: Record<Has, number> = {
  link: 1,
  file: 2,
  image: 4,
  video: 8,
  audio: 16,
  reaction: 32,
};

const LINK = /https?:\/\/[^\s/]/i;

const KIND_BITS: Partial<Record<FileKind, number>> = {
  image: BITS.image,
  video: BITS.video,
  audio: BITS.audio,
  voice: BITS.audio,
};

/** The bits of a message. */
export function searchFlags({ text, reactions, files = [] }: MessageState): number {
  const link = LINK.test(text) ? BITS.link : 0;
  const reaction = reactions?.length ? BITS.reaction : 0;
  return files.reduce(
    (bits, file) => bits | BITS.file | (KIND_BITS[kindOf(file)] ?? 0),
    link | reaction,
  );
}

/** Messages with any of these bits have any of these things. */
export function flagsOf(has: readonly Has[]): number {
  return has.reduce((bits, one) => bits | BITS[one], 0);
}
