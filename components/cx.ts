/**
 * Joins class names, leaving out what is false. The stylesheet's build reads every string inside
 * a `cx(…)` call as class tokens, so conditions in it hold no string literals.
 */

/** `cx("row", current && "row-current")` → `"row row-current"` or `"row"`. */
export function cx(...parts: (string | false | null | undefined)[]): string {
  return parts.filter(Boolean).join(" ");
}
