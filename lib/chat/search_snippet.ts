/**
 * What a result shows of a message: the surroundings of what was found, cut between the characters
 * that people see, in pieces that were found and pieces that were not.
 */

import { findTerm, foldSearch, type SearchTerm } from "./search_text.ts";
import type { SnippetPart } from "./pages.ts";

/** Code units shown of a message, and of these at most so many before the first hit. */
const MAX_LENGTH = 180;
const LEAD = 50;
/** A letter with its marks (those of narrow kana are no marks by name); it folds for itself. */
const CLUSTER = /\P{M}[\p{M}\uff9e\uff9f]*|\p{M}+/gsu;

interface Range {
  from: number;
  to: number;
}

/** The part of a {@link messageLine} that best shows why it was found. */
export function snippetOf(line: string, terms: readonly SearchTerm[]): SnippetPart[] {
  const hits = rangesOf(line, terms);
  const start = Math.max(0, Math.min((hits[0]?.from ?? 0) - LEAD, line.length - MAX_LENGTH));
  const { from, to, edges } = viewOf(line, start);
  const parts = cut(line, { from, to }, hits.map((hit) => widen(hit, edges)));
  if (from > 0) parts.unshift({ text: "…" });
  if (to < line.length) parts.push({ text: "…" });
  return joined(parts);
}

/** Where terms stand in a line, in order and without overlaps. */
function rangesOf(line: string, terms: readonly SearchTerm[]): Range[] {
  if (terms.length === 0) return [];
  const { folded, from, to } = foldWithPlaces(line);
  const found: Range[] = [];
  for (const term of terms) {
    const step = term.text.length;
    for (
      let at = findTerm(folded, term);
      at >= 0;
      at = findTerm(folded, term, { from: at + step })
    ) {
      found.push({ from: from[at], to: to[at + step - 1] });
    }
  }
  return merged(found.sort((a, b) => a.from - b.from));
}

/** The folded line and, for each of its code units, the part of the line that it came from. */
function foldWithPlaces(line: string): { folded: string; from: number[]; to: number[] } {
  let folded = "";
  const [from, to]: [number[], number[]] = [[], []];
  const known = new Map<string, string>();
  for (const { 0: cluster, index } of line.matchAll(CLUSTER)) {
    const part = known.get(cluster) ?? foldSearch(cluster);
    known.set(cluster, part);
    folded += part;
    for (let n = 0; n < part.length; n++) {
      from.push(index);
      to.push(index + cluster.length);
    }
  }
  return { folded, from, to };
}

function merged(ranges: Range[]): Range[] {
  const all: Range[] = [];
  for (const range of ranges) {
    const last = all.at(-1);
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to);
    else all.push({ ...range });
  }
  return all;
}

const characters = new Intl.Segmenter("und", { granularity: "grapheme" });

/** About `MAX_LENGTH` of the line from `start` on, between whole characters, best between words. */
function viewOf(line: string, start: number): Range & { edges: number[] } {
  const margin = Math.max(0, start - LEAD);
  const around = line.slice(margin, start + MAX_LENGTH + LEAD).toWellFormed();
  const edges = [...characters.segment(around)].map(({ index }) => index + margin);
  edges.push(margin + around.length);
  const space = line.indexOf(" ", start) + 1;
  const nearWord = start > 0 && space > 0 && space - start < LEAD / 2 ? space : start;
  const from = start === 0 ? 0 : edges.find((edge) => edge >= nearWord) ?? start;
  const to = edges.findLast((edge) => edge <= from + MAX_LENGTH) ?? line.length;
  return { from, to, edges };
}

/** The range up to the edges of the characters that it begins and ends in. */
function widen({ from, to }: Range, edges: readonly number[]): Range {
  return {
    from: edges.findLast((edge) => edge <= from) ?? from,
    to: edges.find((edge) => edge >= to) ?? to,
  };
}

function cut(line: string, { from, to }: Range, hits: readonly Range[]): SnippetPart[] {
  const parts: SnippetPart[] = [];
  let at = from;
  for (const hit of hits) {
    const [start, end] = [Math.max(hit.from, at), Math.min(hit.to, to)];
    if (start >= end) continue;
    parts.push({ text: line.slice(at, start) }, { text: line.slice(start, end), hit: true });
    at = end;
  }
  parts.push({ text: line.slice(at, to) });
  return parts;
}

/** Without empty pieces, neighbours of a kind as one. */
function joined(parts: readonly SnippetPart[]): SnippetPart[] {
  const all: SnippetPart[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (part.text === "") continue;
    if (last && last.hit === part.hit) last.text += part.text;
    else all.push({ ...part });
  }
  return all;
}
