/** The classes of voice notes: one in a message, and the recorder in the composer. */

import type { Rule } from "@twind/core";
import { FILLED, TARGET } from "./css_shapes.ts";

export const voiceRules = [
  ["voice", {
    display: "flex",
    alignItems: "center",
    flex: "1 1 0%",
    gap: "0.5rem",
    minWidth: "0",
    height: "3.25rem",
  }],
  ["voice-play", {
    ...TARGET,
    borderRadius: "999px",
    ...FILLED,
  }],
  ["voice-wave", {
    position: "relative",
    flex: "1 1 0%",
    minWidth: "0",
    height: "2.25rem",
    cursor: "pointer",
    touchAction: "pan-y",
    direction: "ltr",
    "& svg": { position: "absolute", inset: "0", width: "100%", height: "100%", opacity: "0.4" },
    "& svg + svg": { opacity: "1", color: "var(--mark)" },
  }],
  ["voice-side", {
    flex: "none",
    width: "3rem",
    fontSize: "0.75rem",
    lineHeight: "1.125rem",
    textAlign: "center",
    color: "var(--quiet)",
    fontVariantNumeric: "tabular-nums",
  }],
  ["voice-rate", {
    minWidth: "2.5rem",
    minHeight: "1.75rem",
    borderRadius: "999px",
    background: "var(--well)",
    color: "inherit",
    fontWeight: "600",
  }],
  ["recorder", {
    display: "flex",
    alignItems: "center",
    gap: "0.5rem",
    minHeight: "3rem",
    padding: "0 0.25rem 0 0.875rem",
    border: "1px solid var(--line)",
    borderRadius: "1.5rem",
    background: "var(--raised)",
  }],
  ["recorder-level", {
    display: "flex",
    alignItems: "center",
    justifyContent: "flex-end",
    flex: "1 1 0%",
    gap: "2px",
    minWidth: "0",
    height: "2rem",
    overflow: "hidden",
    color: "var(--accent)",
    "& i": {
      flex: "none",
      width: "3px",
      minHeight: "3px",
      borderRadius: "2px",
      background: "currentColor",
    },
  }],
  ["recorder-dot", {
    flex: "none",
    width: "0.75rem",
    height: "0.75rem",
    borderRadius: "999px",
    background: "var(--danger)",
    animation: "pulse 1.4s ease-in-out infinite",
  }],
] as unknown as Rule[];
