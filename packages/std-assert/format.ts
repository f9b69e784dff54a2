/** A value on as many lines as it has parts, sorted, so that two of them can be compared by line. */
export function format(value: unknown): string {
  return Deno.inspect(value, {
    depth: Infinity,
    sorted: true,
    trailingComma: true,
    compact: false,
    iterableLimit: Infinity,
    strAbbreviateSize: Infinity,
    // Getters hold values that equality compares.
    getters: true,
  });
}

/** How a caller's message ends a sentence: `: msg`, or a full stop when there is none. */
export function suffix(msg?: string): string {
  return msg ? `: ${msg}` : ".";
}
