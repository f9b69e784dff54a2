/**
 * Reads island props that JSON cannot carry. A chunk of its own: pages with plain props never
 * load it.
 */
import { computed, signal } from "@preact/signals";
import { parse } from "devalue";

/** The props of all islands; what was one object on the server is one here. */
export function revive(text: string): Record<string, unknown>[] {
  return parse(text, {
    Signal: ([value]: [unknown]) => signal(value),
    Computed: ([value]: [unknown]) => computed(() => value),
  });
}
