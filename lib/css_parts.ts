/**
 * The classes of parts that repeat or need selectors that utilities do not reach: list rows, buttons,
 * avatars, the composer, the brand. One name for each keeps the page small.
 */

import type { Rule } from "@twind/core";
import { attachmentRules } from "./css_attachments.ts";
import { groupRules } from "./css_groups.ts";
import { lightboxRules } from "./css_lightbox.ts";
import { messageMenuRules } from "./css_message_menu.ts";
import { messageRules } from "./css_messages.ts";
import { proseRules } from "./css_prose.ts";
import { searchRules } from "./css_search.ts";
import { FLOATING, HOVER_ICON, HOVER_ROW, TARGET } from "./css_shapes.ts";
import { trayRules } from "./css_tray.ts";
import { voiceRules } from "./css_voice.ts";

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
    ...HOVER_ROW,
  }],
  ["row-current", {
    "--around": "var(--accent-soft)",
    "&,&:hover": { background: "var(--accent-soft) !important" },
  }],
  ["badge", { color: "var(--accent-ink)", background: "var(--accent)" }],
  ["badge-muted", { color: "var(--panel)", background: "var(--muted)" }],
  ["icon-button", {
    ...TARGET,
    borderRadius: "999px",
    color: "var(--muted)",
    transition: "background-color 0.12s, color 0.12s",
    ...HOVER_ICON,
  }],
  ["head-link", {
    display: "flex",
    alignItems: "center",
    gap: "0.75rem",
    flex: "1 1 0%",
    minWidth: "0",
    padding: "0.25rem 0.5rem",
    marginInline: "-0.5rem",
    borderRadius: "0.875rem",
    ...HOVER_ROW,
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
  ["button-danger", {
    color: "var(--danger)",
    background: "var(--danger-soft)",
    border: "1px solid var(--danger)",
  }],
  ["button-quiet", {
    border: "1px solid color-mix(in srgb, var(--edge) 55%, transparent)",
    background: "var(--raised)",
    "&:hover": { background: "var(--hover)" },
  }],
  ["field", {
    width: "100%",
    minHeight: "2.75rem",
    padding: "0.5rem 0.875rem",
    border: "1px solid var(--edge)",
    borderRadius: "0.75rem",
    background: "var(--raised)",
    fontSize: "1rem",
    "&:focus": { outline: "2px solid var(--accent)", outlineOffset: "-1px" },
    "&[aria-invalid=true]": { borderColor: "var(--danger)" },
  }],
  ["switch", {
    appearance: "none",
    position: "relative",
    flex: "none",
    width: "3rem",
    height: "1.75rem",
    border: "2px solid var(--muted)",
    borderRadius: "999px",
    background: "var(--sunken)",
    cursor: "pointer",
    transition: "background-color 0.12s",
    "&::before": {
      content: '""',
      position: "absolute",
      insetBlockStart: "0.1875rem",
      insetInlineStart: "0.25rem",
      width: "1.125rem",
      height: "1.125rem",
      borderRadius: "999px",
      background: "var(--muted)",
      transition: "inset-inline-start 0.12s",
    },
    "&:checked": { background: "var(--accent)", borderColor: "var(--accent)" },
    "&:checked::before": {
      insetInlineStart: "1.375rem",
      background: "var(--accent-ink)",
    },
    "@media (forced-colors: active)": { appearance: "auto" },
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
  ["avatar-group", { position: "relative", borderRadius: "28%" }],
  ["avatar-image", {
    position: "absolute",
    inset: "0",
    width: "100%",
    height: "100%",
    objectFit: "cover",
    borderRadius: "inherit",
    // Others than JPEG may be see-through: what is behind is covered.
    "&:not([src*='.jpg'])": { background: "inherit" },
  }],
  ["avatar-picture", { fontSize: "1.5em", lineHeight: "1" }],
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
    "form:not(:has(.tray)) > &:has(:placeholder-shown) .send > :first-child": {
      background: "var(--sunken)",
      color: "var(--muted)",
    },
  }],
  ["send", {
    ...TARGET,
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
  ["panel", {
    position: "absolute",
    insetBlockStart: "0.5rem",
    insetInline: "0.75rem",
    zIndex: "10",
    display: "flex",
    flexDirection: "column",
    maxWidth: "36rem",
    maxHeight: "70%",
    marginInline: "auto",
    borderRadius: "1.125rem",
    ...FLOATING,
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
  ["shadow-card", { boxShadow: "var(--shadow)" }],
  ["shadow-float", { boxShadow: "var(--float)" }],
] as unknown as Rule[];

/** Classes of the repeated parts. twind orders them by name: two that conflict must not meet. */
export const componentRules: Rule[] = [
  ...rowRules,
  ...avatarRules,
  ...messageRules,
  ...messageMenuRules,
  ...proseRules,
  ...searchRules,
  ...groupRules,
  ...composerRules,
  ...attachmentRules,
  ...voiceRules,
  ...trayRules,
  ...lightboxRules,
  ...brandRules,
];
