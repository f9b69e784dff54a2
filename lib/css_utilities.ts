/**
 * Utilities of newer Tailwind versions that version 1 of twind lacks. Directions are logical (start,
 * end), so that a right-to-left page mirrors by itself.
 */

import type { Rule } from "@twind/core";

type Scale = { theme: (section: string, key: string) => unknown };

function spaced(...properties: string[]) {
  return ({ $$ }: { $$: string }, { theme }: Scale) => {
    const size = theme("spacing", $$);
    return size && Object.fromEntries(properties.map((property) => [property, size]));
  };
}

const NEGATIVE: Record<string, string> = {
  ms: "marginInlineStart",
  me: "marginInlineEnd",
  start: "insetInlineStart",
  end: "insetInlineEnd",
};

/** Tailwind 3.4 utilities that version 1 of twind does not know. */
export const utilityRules = [
  ["size-", spaced("width", "height")],
  ["ps-", spaced("paddingInlineStart")],
  ["pe-", spaced("paddingInlineEnd")],
  ["ms-", spaced("marginInlineStart")],
  ["me-", spaced("marginInlineEnd")],
  ["start-", spaced("insetInlineStart")],
  ["end-", spaced("insetInlineEnd")],
  ["-(ms|me|start|end)-(.+)", ({ 1: side, 2: key }: string[], { theme }: Scale) => {
    const size = theme("spacing", key);
    return size && { [NEGATIVE[side]]: `calc(${size} * -1)` };
  }],
  ["ms-auto", { marginInlineStart: "auto" }],
  ["h-dvh", { height: "100dvh" }],
  ["min-h-dvh", { minHeight: "100dvh" }],
  ["text-start", { textAlign: "start" }],
  ["text-balance", { textWrap: "balance" }],
  ["line-clamp-(\\d)", ({ 1: lines }: string[]) => ({
    display: "-webkit-box",
    overflow: "hidden",
    "-webkit-box-orient": "vertical",
    "-webkit-line-clamp": lines,
  })],
  ["pad-top", { paddingTop: "env(safe-area-inset-top)" }],
  ["pad-bottom", { paddingBottom: "env(safe-area-inset-bottom)" }],
  ["pad-sides", {
    paddingLeft: "env(safe-area-inset-left)",
    paddingRight: "env(safe-area-inset-right)",
  }],
] as unknown as Rule[];
