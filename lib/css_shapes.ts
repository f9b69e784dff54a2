/** Runs of declarations that several classes have; each is spread into a rule. */

/** As large as a finger, an icon in its middle. */
export const TARGET = {
  display: "grid",
  placeItems: "center",
  flex: "none",
  width: "2.75rem",
  height: "2.75rem",
};

/** An icon that is pressed, under a mouse. */
export const HOVER_ICON = {
  "@media (hover: hover)": { "&:hover": { background: "var(--hover)", color: "var(--ink)" } },
};

/** A row or an item that is chosen, under a mouse. */
export const HOVER_ROW = {
  "@media (hover: hover)": { "&:hover": { background: "var(--hover)" } },
};

/** What lies over the rest. */
export const FLOATING = { background: "var(--raised)", boxShadow: "var(--float)" };

/** What a bubble or a card tells its inside: the colours of `--quiet` text, a `--well`, a `--mark`. */
export const TONES = {
  "--quiet": "var(--muted)",
  "--well": "var(--sunken)",
  "--mark": "var(--accent)",
};

/** An icon on the accent colour, which one's own bubble has already. */
export const FILLED = {
  color: "var(--accent-ink)",
  background: "var(--accent)",
  ".bubble-own &": { color: "var(--own)", background: "var(--own-ink)" },
};
