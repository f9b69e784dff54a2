/** The classes of the large view of pictures. */

import type { Rule } from "@twind/core";
import { TARGET } from "./css_shapes.ts";

export const lightboxRules = [
  ["lightbox", {
    width: "100vw",
    height: "100dvh",
    maxWidth: "none",
    maxHeight: "none",
    margin: "0",
    padding: "0",
    border: "0",
    overflow: "hidden",
    color: "#fff",
    background: "#0b0d0e",
    "&::backdrop": { background: "#0b0d0e" },
    "& :focus-visible": { outlineColor: "#fff", outlineOffset: "-2px" },
  }],
  ["lightbox-body", { display: "flex", flexDirection: "column", height: "100%" }],
  ["lightbox-bar", {
    display: "flex",
    alignItems: "center",
    flex: "none",
    gap: "0.25rem",
    padding: "0.25rem 0.5rem",
    paddingTop: "max(0.25rem, env(safe-area-inset-top))",
  }],
  ["lightbox-button", {
    ...TARGET,
    borderRadius: "999px",
    color: "#fff",
    background: "rgb(0 0 0 / 0.35)",
    "@media (hover: hover)": { "&:hover": { background: "rgb(255 255 255 / 0.18)" } },
    "&:disabled": { opacity: "0.3", cursor: "default" },
  }],
  ["lightbox-stage", {
    position: "relative",
    display: "grid",
    placeItems: "center",
    flex: "1 1 0%",
    minHeight: "0",
    overflow: "hidden",
    touchAction: "pinch-zoom",
    "& img": { maxWidth: "100%", maxHeight: "100%", objectFit: "contain", cursor: "zoom-in" },
    "& > *": { gridArea: "1/1", minHeight: "0", minWidth: "0" },
  }],
  ["lightbox-zoomed", {
    "&.lightbox-stage": { display: "block", overflow: "auto", touchAction: "auto" },
    "&.lightbox-stage img": {
      display: "block",
      maxWidth: "none",
      maxHeight: "none",
      margin: "auto",
      cursor: "zoom-out",
    },
  }],
  ["lightbox-side", {
    position: "absolute",
    zIndex: "1",
    insetBlockStart: "50%",
    transform: "translateY(-50%)",
  }],
] as unknown as Rule[];
