import { AssertionError } from "./assertion_error.ts";
import { suffix } from "./format.ts";

/**
 * Asserts that two numbers are equal within a tolerance, by default the ten-millionth part of
 * `expected` (or 1e-7 when `expected` is zero or not finite).
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ?? defaultTolerance(expected);
  const delta = Math.abs(expected - actual);
  if (delta <= allowed) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to be close to "${expected}": ` +
      `delta "${delta}" is greater than "${allowed}"${suffix(msg)}`,
  );
}

function defaultTolerance(expected: number): number {
  return Number.isFinite(expected) && expected !== 0 ? Math.abs(expected * 1e-7) : 1e-7;
}
