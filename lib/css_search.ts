/** The classes of search: its dialog over the chat, the choice of where to look, the examples. */

import type { Rule } from "@twind/core";
import { FLOATING } from "./css_shapes.ts";

export const searchRules = [
  ["search-dialog", {
    "&[open]": { display: "flex" },
    flexDirection: "column",
    width: "min(42rem, calc(100vw - 2rem))",
    maxWidth: "none",
    height: "min(40rem, calc(100dvh - 4rem))",
    maxHeight: "none",
    margin: "min(10dvh, 5rem) auto auto",
    padding: "0",
    borderRadius: "1.25rem",
    overflow: "hidden",
    color: "var(--ink)",
    ...FLOATING,
    "&::backdrop": { background: "rgb(8 20 19 / 0.45)" },
    "@media (max-width: 859.98px)": {
      width: "100vw",
      height: "100dvh",
      margin: "0",
      borderRadius: "0",
      paddingTop: "env(safe-area-inset-top)",
    },
  }],
  ["search-form", {
    borderBottom: "1px solid var(--line)",
    "&:has([type=search]:focus)": { boxShadow: "inset 0 -2px var(--accent)" },
    "& [type=search]": { outline: "none" },
  }],
  ["choice", {
    position: "relative",
    display: "flex",
    alignItems: "center",
    minWidth: "0",
    minHeight: "2.25rem",
    padding: "0 0.875rem",
    border: "1px solid var(--line)",
    borderRadius: "999px",
    cursor: "pointer",
    "& input": { position: "absolute", inset: "0", opacity: "0", pointerEvents: "none" },
    "&:has(:checked)": { background: "var(--accent-soft)", borderColor: "var(--accent)" },
    "&:has(:focus-visible)": { outline: "2px solid var(--accent)", outlineOffset: "2px" },
    "@media (pointer: coarse)": { minHeight: "2.75rem" },
  }],
  ["search-example", {
    flex: "none",
    minWidth: "7rem",
    color: "var(--accent)",
    fontSize: "0.875rem",
  }],
] as unknown as Rule[];
