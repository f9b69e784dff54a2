import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { format, suffix } from "./format.ts";

/** Something with a length and indexes that is not a string. */
export type ArrayLikeArg<T> = ArrayLike<T> & object;

/** Asserts that each element of `expected` deeply equals some element of `actual`. */
export function assertArrayIncludes<T>(
  actual: ArrayLikeArg<T>,
  expected: ArrayLikeArg<T>,
  msg?: string,
): void {
  const all = Array.from(actual);
  const missing = Array.from(expected).filter((wanted) =>
    !all.some((value) => equal(wanted, value))
  );
  if (missing.length === 0) return;
  throw new AssertionError(
    `Expected actual: ${format(actual)} to include: ${format(expected)}${suffix(msg)}\n` +
      `missing: ${format(missing)}`,
  );
}
