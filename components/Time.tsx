/** A moment: machine-readable, short on screen, whole in the tooltip. */

import { fullDate, type Place } from "./dates.ts";

/** `label` is what is shown, made with a function of `dates.ts`. */
export function Time({ at, label, place }: { at: number; label: string; place: Place }) {
  return (
    <time datetime={new Date(at).toISOString()} title={fullDate(at, place)}>
      {label}
    </time>
  );
}
