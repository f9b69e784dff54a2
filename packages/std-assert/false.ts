import { AssertionError } from "./assertion_error.ts";

/** The falsy values that TypeScript can name; `NaN` is falsy too. */
export type Falsy = false | 0 | 0n | "" | null | undefined;

/** Asserts that `expr` is falsy. */
export function assertFalse(expr: unknown, msg = ""): asserts expr is Falsy {
  if (expr) throw new AssertionError(msg);
}
