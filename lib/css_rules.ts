/**
 * Rules that twind's Tailwind preset lacks: utilities of newer Tailwind versions, and the classes
 * of parts that repeat by the hundred (a message, a list row), where one name keeps the page small.
 * Directions are logical (start, end), so that a right-to-left page mirrors by itself.
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

/** Hues of the avatar tones, evenly spread as the eye sees them. */
const TONE_HUES = [195, 235, 275, 320, 5, 45, 85, 150];

const rowRules = [
  ["row", {
    display: "flex",
    alignItems: "center",
    gap: "0.75rem",
    width: "100%",
    minHeight: "4rem",
    padding: "0.5rem 0.75rem",
    borderRadius: "0.875rem",
    textAlign: "start",
    "&:focus-visible": { outlineOffset: "-2px" },
    "&:active": { background: "var(--sunken)" },
    "@media (hover: hover)": { "&:hover": { background: "var(--hover)" } },
  }],
  ["row-current", {
    "--around": "var(--accent-soft)",
    "&,&:hover": { background: "var(--accent-soft) !important" },
  }],
  ["icon-button", {
    display: "grid",
    placeItems: "center",
    flex: "none",
    width: "2.75rem",
    height: "2.75rem",
    borderRadius: "999px",
    color: "var(--muted)",
    transition: "background-color 0.12s, color 0.12s",
    "@media (hover: hover)": {
      "&:hover": { background: "var(--hover)", color: "var(--ink)" },
    },
  }],
  ["button", {
    display: "inline-flex",
    alignItems: "center",
    justifyContent: "center",
    minHeight: "2.75rem",
    padding: "0 1.125rem",
    borderRadius: "0.75rem",
    fontWeight: "600",
    transition: "background-color 0.12s",
  }],
  ["button-main", {
    color: "var(--accent-ink)",
    background: "var(--accent)",
    "&:hover": { background: "var(--accent-strong)" },
  }],
  ["button-quiet", {
    border: "1px solid var(--line)",
    background: "var(--raised)",
    "&:hover": { background: "var(--hover)" },
  }],
  ["field", {
    width: "100%",
    minHeight: "2.75rem",
    padding: "0.5rem 0.875rem",
    border: "1px solid var(--line)",
    borderRadius: "0.75rem",
    background: "var(--raised)",
    fontSize: "1rem",
    "&:focus": { outline: "2px solid var(--accent)", outlineOffset: "-1px" },
    "&[aria-invalid=true]": { borderColor: "var(--danger)" },
  }],
] as unknown as Rule[];

const avatarRules = [
  ["avatar", {
    display: "grid",
    placeItems: "center",
    flex: "none",
    borderRadius: "999px",
    fontWeight: "600",
    userSelect: "none",
    color: "oklch(var(--avatar-ink) var(--hue))",
    background: "oklch(var(--avatar) var(--hue))",
  }],
  ["dot", {
    position: "absolute",
    insetBlockEnd: "-1px",
    insetInlineEnd: "-1px",
    width: "0.75rem",
    height: "0.75rem",
    border: "2px solid var(--around, var(--panel))",
    borderRadius: "999px",
    background: "var(--online)",
  }],
  ...TONE_HUES.map((hue, tone) => [`tone-${tone}`, { "--hue": String(hue) }]),
] as unknown as Rule[];

const messageRules = [
  ["scroller", {
    overflowX: "hidden",
    overflowY: "auto",
    overflowAnchor: "none",
    overscrollBehavior: "contain",
    scrollbarWidth: "thin",
    scrollbarColor: "var(--line) transparent",
  }],
  ["message", {
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-start",
    marginTop: "0.125rem",
  }],
  ["message-own", { alignItems: "flex-end" }],
  ["message-first", { marginTop: "0.625rem" }],
  ["bubble", {
    maxWidth: "min(36rem, 85%)",
    minWidth: "0",
    display: "flow-root",
    padding: "0.4375rem 0.75rem",
    borderRadius: "1.125rem",
    background: "var(--raised)",
    boxShadow: "var(--shadow)",
    overflowWrap: "anywhere",
    "--quiet": "var(--muted)",
    "--well": "var(--sunken)",
    "--mark": "var(--accent)",
    ".message:not(.message-own,.message-first) &": { borderStartStartRadius: "0.375rem" },
    ".message:not(.message-own,.message-last) &": { borderEndStartRadius: "0.375rem" },
    ".message-own:not(.message-first) &": { borderStartEndRadius: "0.375rem" },
    ".message-own:not(.message-last) &": { borderEndEndRadius: "0.375rem" },
  }],
  ["bubble-own", {
    color: "var(--own-ink)",
    background: "var(--own)",
    "--quiet": "var(--own-muted)",
    "--well": "var(--own-sunken)",
    "--mark": "var(--own-ink)",
    "&::selection,& ::selection": { background: "var(--own-muted)", color: "var(--own-sunken)" },
    "& :focus-visible": { outlineColor: "var(--own-ink)" },
  }],
  ["bubble-failed", {
    color: "var(--ink)",
    background: "var(--danger-soft)",
    "--quiet": "var(--danger)",
    "--well": "var(--raised)",
    "--mark": "var(--danger)",
  }],
  ["bubble-jumbo", {
    padding: "0.125rem 0.25rem",
    background: "none",
    boxShadow: "none",
    color: "var(--ink)",
    "--quiet": "var(--muted)",
    "& p": { display: "flex", alignItems: "flex-end", fontSize: "2.75rem", lineHeight: "1.2" },
  }],
  ["meta", {
    float: "inline-end",
    display: "inline-flex",
    alignItems: "center",
    gap: "0.1875rem",
    height: "1rem",
    marginBlock: "0.375rem -0.1875rem",
    marginInline: "0.625rem -0.125rem",
    color: "var(--quiet)",
    fontSize: "0.6875rem",
    lineHeight: "1rem",
    fontVariantNumeric: "tabular-nums",
    userSelect: "none",
  }],
  ["prose", {
    fontSize: "0.9375rem",
    lineHeight: "1.375rem",
    "& > * + *": { marginTop: "0.375rem" },
    "& a": {
      color: "var(--mark)",
      textDecoration: "underline",
      textDecorationThickness: "1px",
      textUnderlineOffset: "0.15em",
    },
    "& a:hover": { textDecorationThickness: "2px" },
    "& code": {
      padding: "0.0625rem 0.3125rem",
      borderRadius: "0.3125rem",
      background: "var(--well)",
      fontSize: "0.875em",
    },
    "& pre": {
      maxWidth: "100%",
      overflowX: "auto",
      padding: "0.5rem 0.625rem",
      borderRadius: "0.5rem",
      background: "var(--well)",
      fontSize: "0.8125rem",
      lineHeight: "1.25rem",
      overflowWrap: "normal",
      tabSize: "2",
      scrollbarWidth: "thin",
    },
    "& pre code": { padding: "0", background: "none", fontSize: "inherit" },
    "& blockquote": {
      paddingInlineStart: "0.625rem",
      borderInlineStart: "0.1875rem solid var(--mark)",
      color: "var(--quiet)",
    },
  }],
] as unknown as Rule[];

const composerRules = [
  ["composer-text", {
    display: "block",
    flex: "1 1 0%",
    minWidth: "0",
    minHeight: "2.75rem",
    maxHeight: "40dvh",
    padding: "0.6875rem 0",
    resize: "none",
    outline: "none",
    fontSize: "0.9375rem",
    lineHeight: "1.375rem",
    fieldSizing: "content",
    overflowWrap: "anywhere",
    scrollbarWidth: "thin",
    "@media (pointer: coarse)": { fontSize: "1rem" },
  }],
  ["composer-box", {
    "&:focus-within": { borderColor: "var(--accent)" },
    "&:has(:placeholder-shown) .send > :first-child": {
      background: "var(--sunken)",
      color: "var(--muted)",
    },
  }],
  ["send", {
    display: "grid",
    placeItems: "center",
    flex: "none",
    width: "2.75rem",
    height: "2.75rem",
    borderRadius: "999px",
    "& > :first-child": {
      padding: "0.5rem",
      borderRadius: "999px",
      color: "var(--accent-ink)",
      background: "var(--accent)",
      transition: "background-color 0.12s, color 0.12s",
    },
    "&:hover > :first-child": { background: "var(--accent-strong)" },
    "&[aria-disabled=true] > :first-child,&[aria-disabled=true]:hover > :first-child": {
      background: "var(--sunken)",
      color: "var(--muted)",
    },
  }],
  ["rise", { animation: "rise 0.18s ease-out" }],
] as unknown as Rule[];

const brandRules = [
  ["brand-panel", {
    position: "relative",
    overflow: "hidden",
    color: "var(--own-ink)",
    background: "radial-gradient(120% 90% at 85% 110%, #1b8a86 0%, transparent 60%), #0a5358",
  }],
  ["brand-mark", {
    position: "absolute",
    insetInlineEnd: "-12%",
    insetBlockEnd: "-14%",
    opacity: "0.09",
    pointerEvents: "none",
    "& svg": { width: "min(34rem, 60vw)", height: "auto" },
  }],
  ["brand-line", {
    maxWidth: "85%",
    width: "fit-content",
    padding: "0.625rem 1rem",
    borderRadius: "1.25rem",
    fontSize: "clamp(1rem, 1.6vw, 1.375rem)",
    lineHeight: "1.4",
  }],
  ["brand-theirs", { color: "#0b3f43", background: "#f3faf8", borderEndStartRadius: "0.375rem" }],
  ["brand-ours", {
    alignSelf: "flex-end",
    background: "rgb(0 0 0 / 0.22)",
    borderEndEndRadius: "0.375rem",
  }],
  ["skip-link", {
    position: "absolute",
    zIndex: "40",
    insetBlockStart: "0.5rem",
    insetInlineStart: "0.5rem",
    padding: "0.75rem 1rem",
    borderRadius: "0.75rem",
    background: "var(--accent)",
    color: "var(--accent-ink)",
    fontWeight: "600",
    "&:not(:focus)": { clipPath: "inset(50%)", pointerEvents: "none" },
  }],
  ["shadow-float", { boxShadow: "var(--float)" }],
] as unknown as Rule[];

/** Classes of the repeated parts. twind orders them by name: two that conflict must not meet. */
export const componentRules: Rule[] = [
  ...rowRules,
  ...avatarRules,
  ...messageRules,
  ...composerRules,
  ...brandRules,
];
