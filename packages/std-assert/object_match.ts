import { assertEquals } from "./equals.ts";

/**
 * Asserts that `actual` has at least what `expected` has, at every depth. Arrays must be as long as
 * expected, their elements match likewise; Dates, Maps, Sets and the rest must be equal.
 */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any -- `unknown` would refuse values typed by an interface
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  assertEquals(pick(actual, expected, new Map()), expected, msg);
}

/** `actual` without what `expected` does not mention. */
function pick(
  actual: unknown,
  expected: unknown,
  done: Map<unknown, unknown>,
): unknown {
  if (done.has(expected)) return done.get(expected);
  if (Array.isArray(actual) && Array.isArray(expected)) {
    const part: unknown[] = [];
    done.set(expected, part);
    actual.forEach((value, at) => part.push(pick(value, expected[at], done)));
    return part;
  }
  if (!isRecord(actual) || !isRecord(expected)) return actual;
  const part: Record<PropertyKey, unknown> = Object.create(
    Object.getPrototypeOf(expected),
  );
  done.set(expected, part);
  for (const key of Reflect.ownKeys(expected)) {
    if (key in actual) part[key] = pick(actual[key], expected[key], done);
  }
  return part;
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return false;
  }
  return !(value instanceof Date || value instanceof RegExp ||
    value instanceof URL ||
    value instanceof Map || value instanceof Set || value instanceof Error ||
    value instanceof ArrayBuffer || ArrayBuffer.isView(value));
}
