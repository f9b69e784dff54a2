import { AssertionError } from "./assertion_error.ts";
import { diffLines } from "./diff.ts";
import { format, suffix } from "./format.ts";

/** Asserts that two values are the same by `Object.is`. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const [a, b] = [format(actual), format(expected)];
  throw new AssertionError(
    a === b
      ? `Values have the same structure but are not reference-equal${suffix(msg)}\n\n${a}\n`
      : `Values are not strictly equal${suffix(msg)}\n\n    [Diff] - Actual / + Expected\n\n${
        diffLines(a, b)
      }\n`,
  );
}
