/**
 * Blocks of the search index: the folded texts of a run of a room's messages, with what filters
 * ask for, below the 64 KiB of a KV value. A block in memory is one string, so that looking for a
 * part of a word in a thousand messages is one pass of the runtime over it.
 */

import { searchFlags } from "../chat/search_flags.ts";
import { foldSearch, messageLine } from "../chat/search_text.ts";
import type { StoredMessage } from "./drafts.ts";

/** A message as the index has it. */
export interface SearchEntry {
  seq: number;
  at: number;
  by: string;
  flags: number;
  /** Folded, without line ends. */
  text: string;
}

/** A block as it is stored. */
export interface StoredBlock {
  /** The commit of the index that wrote it, see `SearchHead`. */
  rev: number;
  /** The texts in UTF-8, each with a line end. */
  text: Uint8Array;
  seqs: Uint32Array;
  ats: Float64Array;
  /** Places in `authors`. */
  bys: Uint16Array;
  flags: Uint8Array;
  authors: string[];
}

/** A block in memory. */
export interface SearchBlock extends Omit<StoredBlock, "text"> {
  text: string;
  /** Where each text ends in `text`. */
  ends: Uint32Array;
}

/** Bytes of one block; a KV value may have 64 KiB. */
const MAX_BLOCK_BYTES = 58_000;
/** Bytes of one text; folding can make 18 characters of one, in texts that nobody writes. */
const MAX_TEXT_BYTES = 40_000;
/** What the index keeps for each message and author besides the text. */
const ENTRY_BYTES = 4 + 8 + 2 + 1 + 1;
const AUTHOR_BYTES = 20;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What of a message is searched; `null` for a deleted one. */
export function entryOf(message: StoredMessage): SearchEntry | null {
  const { seq, at, by, deleted } = message;
  if (deleted) return null;
  const text = limited(foldSearch(messageLine(message)));
  return { seq, at, by, flags: searchFlags(message), text };
}

function limited(text: string): string {
  if (text.length * 3 <= MAX_TEXT_BYTES) return text;
  const bytes = encoder.encode(text);
  return bytes.length <= MAX_TEXT_BYTES ? text : decoder.decode(bytes.subarray(0, MAX_TEXT_BYTES));
}

/** Puts entries, in order of `seq`, into as few blocks as hold them; `rev` is yet to be set. */
export function toBlocks(entries: readonly SearchEntry[]): SearchEntry[][] {
  const blocks: SearchEntry[][] = [];
  let authors = new Set<string>();
  let bytes = Infinity;
  for (const entry of entries) {
    const size = sizeOf(entry) + (authors.has(entry.by) ? 0 : AUTHOR_BYTES);
    if (bytes + size > MAX_BLOCK_BYTES) {
      blocks.push([]);
      authors = new Set();
      bytes = AUTHOR_BYTES;
    }
    blocks.at(-1)!.push(entry);
    authors.add(entry.by);
    bytes += size;
  }
  return blocks;
}

function sizeOf({ text }: SearchEntry): number {
  return ENTRY_BYTES + encoder.encode(text).length;
}

/** A block to be stored. */
export function encodeBlock(entries: readonly SearchEntry[], rev: number): StoredBlock {
  const authors = [...new Set(entries.map(({ by }) => by))];
  const places = new Map(authors.map((author, place) => [author, place]));
  return {
    rev,
    text: encoder.encode(entries.map(({ text }) => `${text}\n`).join("")),
    seqs: Uint32Array.from(entries, ({ seq }) => seq),
    ats: Float64Array.from(entries, ({ at }) => at),
    bys: Uint16Array.from(entries, ({ by }) => places.get(by)!),
    flags: Uint8Array.from(entries, ({ flags }) => flags),
    authors,
  };
}

/** A block that was stored, to be searched. */
export function decodeBlock({ text, ...rest }: StoredBlock): SearchBlock {
  const decoded = decoder.decode(text);
  const ends = new Uint32Array(rest.seqs.length);
  for (let n = 0, at = 0; n < ends.length; n++, at++) {
    at = decoded.indexOf("\n", at);
    ends[n] = at;
  }
  return { ...rest, text: decoded, ends };
}

/** The entries of a block. */
export function entriesIn(block: SearchBlock): SearchEntry[] {
  return Array.from(block.seqs, (_, n) => entryAt(block, n));
}

function entryAt(block: SearchBlock, n: number): SearchEntry {
  return {
    seq: block.seqs[n],
    at: block.ats[n],
    by: block.authors[block.bys[n]],
    flags: block.flags[n],
    text: textAt(block, n),
  };
}

/** The folded text of the n-th message. */
export function textAt({ text, ends }: SearchBlock, n: number): string {
  return text.slice(n === 0 ? 0 : ends[n - 1] + 1, ends[n]);
}
