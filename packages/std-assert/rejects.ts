import { AssertionError } from "./assertion_error.ts";
import { suffix } from "./format.ts";
import { assertIsError, type ErrorClassOf, parseExpected } from "./is_error.ts";

/** Asserts that the promise of `fn` rejects, and answers the reason. */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/** Asserts that it rejects with an `ErrorClass` whose message holds `msgIncludes`. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorClassOf<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: ErrorClassOf<Error> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const expected = parseExpected(classOrMsg, msgIncludes, msg);
  const promise = call(fn, expected.msg);
  try {
    await promise;
  } catch (error) {
    assertIsError(error, expected);
    return error;
  }
  throw new AssertionError(
    `Expected function to reject${suffix(expected.msg)}`,
  );
}

/** A throw before there is a promise is another bug than a rejection, so it does not count. */
function call(
  fn: () => PromiseLike<unknown>,
  msg: string | undefined,
): PromiseLike<unknown> {
  try {
    return fn();
  } catch (error) {
    throw new AssertionError(
      `Function throws when expected to reject${suffix(msg)}`,
      {
        cause: error,
      },
    );
  }
}
