/**
 * The classes of what is done to a message: its menu, the editor and its versions, the list of rooms
 * to forward to, the picker of emoji and the reactions.
 */

import type { Rule } from "@twind/core";
import { FLOATING, HOVER_ROW } from "./css_shapes.ts";

export const messageMenuRules = [
  ["message-more", {
    display: "grid",
    placeItems: "center",
    flex: "none",
    width: "2.25rem",
    height: "2.25rem",
    borderRadius: "999px",
    color: "var(--muted)",
    "@media (hover: hover)": {
      opacity: "0",
      "&:hover": { background: "var(--hover)", color: "var(--ink)" },
      "&:focus-visible,&[aria-expanded=true],.message:hover &": { opacity: "1" },
    },
    "@media (pointer: coarse)": { height: "2.75rem" },
  }],
  ["message-menu", {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    maxWidth: "min(28rem, 100%)",
    marginBlock: "0.25rem 0.375rem",
    padding: "0.25rem",
    borderRadius: "1rem",
    ...FLOATING,
  }],
  ["message-items", {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(8.75rem, 1fr))",
    width: "100%",
    marginTop: "0.25rem",
    paddingTop: "0.25rem",
    borderTop: "1px solid var(--line)",
  }],
  ["message-item", {
    display: "flex",
    alignItems: "center",
    gap: "0.5rem",
    minHeight: "2.5rem",
    padding: "0 0.75rem",
    borderRadius: "0.75rem",
    fontSize: "0.8125rem",
    textAlign: "start",
    "&:focus-visible": { outlineOffset: "-2px" },
    ...HOVER_ROW,
    "@media (pointer: coarse)": { minHeight: "2.75rem" },
  }],
  ["message-editor", {
    width: "min(36rem, 100%)",
    marginBlock: "0.25rem 0.375rem",
    padding: "0.375rem 0.75rem",
    borderRadius: "1.125rem",
    background: "var(--raised)",
    boxShadow: "var(--float)",
    "&:has(textarea)": { boxShadow: "0 0 0 2px var(--accent), var(--float)" },
  }],
  ["message-version", {
    fontSize: "0.875rem",
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  }],
  ["forward-list", {
    maxHeight: "16rem",
    marginBlock: "0.375rem",
    marginInline: "-0.5rem",
    overflowY: "auto",
    overscrollBehavior: "contain",
  }],
  ["tick", {
    flex: "none",
    width: "1.25rem",
    height: "1.25rem",
    accentColor: "var(--accent)",
  }],
  ["emoji", {
    width: "2.5rem",
    height: "2.5rem",
    borderRadius: "0.75rem",
    fontSize: "1.375rem",
    lineHeight: "1",
    ...HOVER_ROW,
  }],
  ["emoji-groups", {
    maxHeight: "14rem",
    overflowY: "auto",
    "& .emoji": { contentVisibility: "auto", containIntrinsicSize: "2.5rem" },
  }],
  ["reaction", {
    display: "inline-flex",
    alignItems: "center",
    gap: "0.25rem",
    minHeight: "1.75rem",
    padding: "0 0.5rem",
    border: "1px solid var(--line)",
    borderRadius: "999px",
    background: "var(--raised)",
    fontSize: "0.8125rem",
    "@media (pointer: coarse)": { minHeight: "2.25rem" },
  }],
  ["reaction-mine", { background: "var(--accent-soft)", borderColor: "var(--accent)" }],
] as unknown as Rule[];
