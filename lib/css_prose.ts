/**
 * The classes of written text: markdown, mentions in it and the list that completes them. Its colours
 * are those of the bubble or card that it is in, see `TONES`.
 */

import type { Rule } from "@twind/core";
import { FLOATING, TONES } from "./css_shapes.ts";

export const proseRules = [
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
  ["card-text", {
    position: "relative",
    maxHeight: "14rem",
    marginBlock: "0.5rem 0.25rem",
    overflow: "hidden",
    overflowWrap: "anywhere",
    ...TONES,
  }],
  ["mention", {
    fontWeight: "600",
    borderRadius: "0.3125rem",
    ".prose a&": { textDecoration: "none" },
    ".prose a&:hover": { textDecoration: "underline" },
  }],
  ["mention-me", {
    padding: "0.0625rem 0.25rem",
    background: "var(--accent-soft)",
    color: "var(--accent)",
    ".bubble-own &": { background: "var(--well)", color: "inherit" },
  }],
  ["mention-box", {
    position: "absolute",
    insetBlockEnd: "100%",
    insetInline: "0.5rem",
    zIndex: "15",
  }],
  ["mention-list", {
    maxWidth: "24rem",
    maxHeight: "45dvh",
    marginInline: "auto",
    padding: "0.375rem",
    overflowY: "auto",
    borderRadius: "1.125rem",
    ...FLOATING,
    "& > [role=option]": { cursor: "pointer" },
    "@media (min-width: 860px)": { marginInlineStart: "1rem" },
  }],
  ["mention-head", { padding: "0.375rem 0.75rem" }],
  ["mention-head-between", {
    marginBlockStart: "0.25rem",
    borderBlockStart: "1px solid var(--line)",
  }],
] as unknown as Rule[];
