/**
 * The design's colours, by role, as CSS custom properties. Light and dark differ only in their
 * values, so no class ever says which theme it is for. Text colours keep a contrast of 4.5:1 on
 * every surface they are used on; the browser tests ask axe. Imports nothing: pages use it too.
 */

/** Colours by role. The accent is petrol: a deep, quiet blue-green. */
export const light = {
  canvas: "#edf1ef",
  panel: "#f9fbfa",
  raised: "#ffffff",
  sunken: "#e6ecea",
  hover: "#eef3f1",
  line: "#dde5e2",
  edge: "#84948f",
  ink: "#14211f",
  muted: "#566662",
  accent: "#0a6368",
  "accent-strong": "#074f53",
  "accent-ink": "#ffffff",
  "accent-soft": "#d8ebe8",
  own: "#0d666b",
  "own-ink": "#f7fffd",
  "own-muted": "#bfe0dc",
  "own-sunken": "#08494d",
  "own-read": "#7fdcff",
  danger: "#b3261e",
  "danger-soft": "#fbe9e7",
  online: "#1d9a5f",
  avatar: "0.9 0.055",
  "avatar-ink": "0.37 0.085",
  name: "0.46 0.11",
  shadow: "0 1px 2px rgb(20 50 46 / 0.08)",
  float: "0 6px 24px rgb(20 50 46 / 0.16), 0 1px 3px rgb(20 50 46 / 0.12)",
};

/** The same roles after dark. */
export const dark: typeof light = {
  canvas: "#0d1413",
  panel: "#121a19",
  raised: "#1e2927",
  sunken: "#0f1716",
  hover: "#1a2423",
  line: "#26322f",
  edge: "#6b7c77",
  ink: "#e6eeec",
  muted: "#98aaa5",
  accent: "#63cbc4",
  "accent-strong": "#86dcd6",
  "accent-ink": "#04201f",
  "accent-soft": "#173a39",
  own: "#0f585c",
  "own-ink": "#eefaf8",
  "own-muted": "#a9d3cf",
  "own-sunken": "#0a3f42",
  "own-read": "#7fd8ff",
  danger: "#ff9d92",
  "danger-soft": "#3a1d1a",
  online: "#3fcf8a",
  avatar: "0.36 0.055",
  "avatar-ink": "0.9 0.055",
  name: "0.8 0.1",
  shadow: "0 1px 2px rgb(0 0 0 / 0.3)",
  float: "0 8px 28px rgb(0 0 0 / 0.5), 0 1px 3px rgb(0 0 0 / 0.4)",
};

/** What `<meta name="theme-color">` says, for each scheme. */
export const themeColor = { light: light.panel, dark: dark.panel };
