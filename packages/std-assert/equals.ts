import { AssertionError } from "./assertion_error.ts";
import { diffLines } from "./diff.ts";
import { equal } from "./equal.ts";
import { format, suffix } from "./format.ts";

/** Asserts that two values are deeply equal, and shows a line diff when they are not. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(
    `Values are not equal${suffix(msg)}\n${describe(actual, expected)}`,
  );
}

function describe(actual: unknown, expected: unknown): string {
  // Two texts are compared by their own lines, not by those of their quoted form.
  const texts = typeof actual === "string" && typeof expected === "string" &&
    (actual + expected).includes("\n");
  const [a, b] = texts ? [actual, expected] : [format(actual), format(expected)];
  if (a === b) return `\n    Both look the same when printed:\n\n${a}\n`;
  return `\n    [Diff] - Actual / + Expected\n\n${diffLines(a, b)}\n`;
}
