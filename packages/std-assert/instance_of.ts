import { AssertionError } from "./assertion_error.ts";
import { suffix } from "./format.ts";

/** Any class, abstract ones too. */
// deno-lint-ignore no-explicit-any -- what a class makes and takes is the caller's business
export type AnyConstructor = abstract new (...args: any[]) => any;

/** Asserts that `actual` is an instance of `expectedType`. */
export function assertInstanceOf<T extends AnyConstructor>(
  actual: unknown,
  expectedType: T,
  msg?: string,
): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  throw new AssertionError(
    `Expected object to be an instance of "${expectedType.name || "anonymous class"}" but was ` +
      `${describe(actual)}${suffix(msg)}`,
  );
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return `"${value}"`;
  if (typeof value === "function") return "a function";
  if (typeof value !== "object") return `a "${typeof value}"`;
  return `"${value.constructor?.name || "Object"}"`;
}
