/**
 * The base layer of the stylesheet: a small reset and the defaults of bare elements. It stands in
 * for Tailwind's preflight, which is several times its size. Classes live in `css_parts.ts`.
 */

/** Rules by selector, in cascade order. */
export const baseStyles = {
  "*,::before,::after": { boxSizing: "border-box", border: "0 solid var(--line)" },
  html: {
    fontFamily: "theme(fontFamily.sans)",
    fontSize: "100%",
    lineHeight: "1.45",
    color: "var(--ink)",
    background: "var(--panel)",
    accentColor: "var(--accent)",
    "-webkit-text-size-adjust": "100%",
    "text-size-adjust": "100%",
    "-webkit-tap-highlight-color": "transparent",
  },
  "body,h1,h2,h3,p,ol,ul,pre,blockquote": { margin: "0" },
  "fieldset,legend": { margin: "0", padding: "0", minWidth: "0" },
  "ol,ul": { padding: "0", listStyle: "none" },
  "h1,h2,h3": { font: "inherit" },
  "a": { color: "inherit", textDecoration: "none" },
  "button,input,textarea,select": {
    font: "inherit",
    color: "inherit",
    background: "none",
    margin: "0",
    padding: "0",
    borderRadius: "0",
  },
  "button,summary": { cursor: "pointer", touchAction: "manipulation" },
  summary: { listStyle: "none" },
  "summary > svg": { strokeWidth: "2.25" },
  "summary::-webkit-details-marker": { display: "none" },
  "::placeholder": { color: "var(--muted)", opacity: "1" },
  "input[type=search]::-webkit-search-cancel-button": { display: "none" },
  "code,pre": { fontFamily: "theme(fontFamily.mono)" },
  mark: {
    color: "inherit",
    background: "color-mix(in srgb, var(--accent) 24%, transparent)",
    borderRadius: "0.1875rem",
  },
  svg: { display: "block", flex: "none" },
  "[hidden]": { display: "none !important" },
  ":focus-visible": { outline: "2px solid var(--accent)", outlineOffset: "2px" },
  "::selection": { background: "var(--accent)", color: "var(--accent-ink)" },
  "@media (prefers-reduced-motion: reduce)": {
    "*,::before,::after": {
      animationDuration: "0.01ms !important",
      transitionDuration: "0.01ms !important",
      scrollBehavior: "auto !important",
    },
  },
};
