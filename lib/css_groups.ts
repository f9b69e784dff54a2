/** The classes of forms about groups: boxes and buttons to choose with, chips, folded forms. */

import type { Rule } from "@twind/core";

export const groupRules = [
  ["check", { flex: "none", width: "1.25rem", height: "1.25rem", margin: "0" }],
  ["radio", { flex: "none", width: "1.25rem", height: "1.25rem", margin: "0" }],
  ["picture-choice", {
    display: "inline-flex",
    "& > span": {
      display: "grid",
      placeItems: "center",
      minWidth: "2.75rem",
      height: "2.75rem",
      padding: "0 0.5rem",
      borderRadius: "0.75rem",
      border: "1px solid transparent",
      fontSize: "1.375rem",
      cursor: "pointer",
    },
    "& > span:has(img)": { padding: "0" },
    "& > :checked + span": { background: "var(--accent-soft)", borderColor: "var(--accent)" },
    "& > :focus-visible + span": { outline: "2px solid var(--accent)", outlineOffset: "2px" },
    "@media (hover: hover)": { "&:hover > :not(:checked) + span": { background: "var(--hover)" } },
  }],
  ["picture-tile", { borderRadius: "28%", objectFit: "cover" }],
  ["scriptless", { display: "none", "@media (scripting: none)": { display: "inline" } }],
  ["field-file", {
    marginTop: "0.25rem",
    padding: "0.3125rem",
    color: "var(--muted)",
    "&::file-selector-button": {
      minHeight: "2rem",
      marginInlineEnd: "0.75rem",
      padding: "0 0.75rem",
      border: "0",
      borderRadius: "0.5rem",
      font: "inherit",
      fontWeight: "600",
      color: "var(--ink)",
      background: "var(--sunken)",
      cursor: "pointer",
    },
  }],
  ["chip", {
    display: "flex",
    alignItems: "center",
    gap: "0.5rem",
    maxWidth: "100%",
    minHeight: "2.5rem",
    padding: "0.25rem 0.75rem 0.25rem 0.25rem",
    borderRadius: "999px",
    background: "var(--accent-soft)",
    fontSize: "0.875rem",
    "&:dir(rtl)": { padding: "0.25rem 0.25rem 0.25rem 0.75rem" },
  }],
  ["fold", {
    "& > summary": {
      display: "inline-flex",
      alignItems: "center",
      gap: "0.5rem",
      minHeight: "2.75rem",
      borderRadius: "0.75rem",
    },
  }],
] as unknown as Rule[];
