/** Which messages of a block a search wants. One pass over the block's text, most blocks less. */

import { findTerm, type SearchTerm } from "../chat/search_text.ts";
import { type SearchBlock, type SearchEntry, textAt } from "./search_blocks.ts";

/** A search whose people are found: what a message must have. */
export interface SearchFilter {
  /** All of them. */
  terms: readonly SearchTerm[];
  /** Any of these authors; `null`: by anybody. */
  by: ReadonlySet<string> | null;
  /** Any of these bits; 0: whatever it has. */
  flags: number;
  since: number | null;
  until: number | null;
}

/** Whether a message is wanted. */
export function matches(entry: SearchEntry, { terms, by, flags, since, until }: SearchFilter) {
  return (flags === 0 || (entry.flags & flags) !== 0) &&
    (by === null || by.has(entry.by)) &&
    (since === null || entry.at >= since) && (until === null || entry.at < until) &&
    terms.every((term) => findTerm(entry.text, term) >= 0);
}

/** Places in the block of the messages that are wanted, in order. */
export function matchesIn(block: SearchBlock, filter: SearchFilter): number[] {
  if (filter.by !== null && !block.authors.some((author) => filter.by!.has(author))) return [];
  const rarest = rarestTerm(block.text, filter.terms);
  if (rarest === null) return [];
  const found: number[] = [];
  for (const n of candidates(block, rarest)) if (isWanted(block, n, filter)) found.push(n);
  return found;
}

/** The term that comes last for the first time; "" without terms, `null` if one is in no message. */
function rarestTerm(text: string, terms: readonly SearchTerm[]): string | null {
  let rarest = "";
  let latest = -1;
  for (const term of terms) {
    const at = text.indexOf(term.text);
    if (at < 0) return null;
    if (at > latest) [rarest, latest] = [term.text, at];
  }
  return rarest;
}

/** Places of the messages that have the text; of all for "". */
function* candidates({ text, ends }: SearchBlock, part: string): Generator<number> {
  if (part === "") {
    for (let n = 0; n < ends.length; n++) yield n;
    return;
  }
  let n = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, ends[n - 1] + 1)) {
    while (ends[n] < at) n++;
    yield n++;
  }
}

function isWanted(block: SearchBlock, n: number, filter: SearchFilter): boolean {
  const { terms, by, flags, since, until } = filter;
  if (flags !== 0 && (block.flags[n] & flags) === 0) return false;
  if (by !== null && !by.has(block.authors[block.bys[n]])) return false;
  const at = block.ats[n];
  if (since !== null && at < since || until !== null && at >= until) return false;
  if (terms.length === 0 || terms.length === 1 && !terms[0].whole) return true;
  const text = textAt(block, n);
  return terms.every((term) => findTerm(text, term) >= 0);
}
