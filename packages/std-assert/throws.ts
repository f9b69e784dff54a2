import { AssertionError } from "./assertion_error.ts";
import { suffix } from "./format.ts";
import { assertIsError, type ErrorClassOf, parseExpected } from "./is_error.ts";

/** Asserts that `fn` throws, and returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Asserts that `fn` throws an `ErrorClass` whose message holds `msgIncludes`, and returns it. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorClassOf<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  classOrMsg?: ErrorClassOf<Error> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const expected = parseExpected(classOrMsg, msgIncludes, msg);
  try {
    fn();
  } catch (error) {
    assertIsError(error, expected);
    return error;
  }
  throw new AssertionError(`Expected function to throw${suffix(expected.msg)}`);
}
