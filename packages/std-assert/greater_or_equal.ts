import { AssertionError } from "./assertion_error.ts";
import { format, suffix } from "./format.ts";

/** Asserts that `actual` is greater than or equal to `expected`, as `>=` sees it. */
export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (actual >= expected) return;
  throw new AssertionError(
    `Expect ${format(actual)} >= ${format(expected)}${suffix(msg)}`,
  );
}
