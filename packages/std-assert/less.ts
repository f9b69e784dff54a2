import { AssertionError } from "./assertion_error.ts";
import { format, suffix } from "./format.ts";

/** Asserts that `actual` is less than `expected`, as `<` sees it. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (actual < expected) return;
  throw new AssertionError(
    `Expect ${format(actual)} < ${format(expected)}${suffix(msg)}`,
  );
}
