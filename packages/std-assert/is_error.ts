import { AssertionError } from "./assertion_error.ts";
import { suffix } from "./format.ts";

/** Any class of errors, abstract ones too. */
// deno-lint-ignore no-explicit-any -- what its constructor takes is its own business
export type ErrorClassOf<E extends Error> = abstract new (...args: any[]) => E;

/** What is expected of an error: its class, and a part of its message. */
export interface ExpectedError {
  ErrorClass?: ErrorClassOf<Error>;
  msgIncludes?: string;
  msg?: string;
}

/** Asserts that a caught value is the error that was expected. */
export function assertIsError(
  error: unknown,
  { ErrorClass, msgIncludes, msg }: ExpectedError,
) {
  if (!ErrorClass) return;
  if (!(error instanceof Error)) {
    throw new AssertionError(
      `A non-Error object was thrown or rejected${suffix(msg)}`,
    );
  }
  const actualName = error.constructor?.name;
  if (!(error instanceof ErrorClass)) {
    throw new AssertionError(
      `Expected error to be instance of "${ErrorClass.name}", but was ` +
        `"${actualName}"${suffix(msg)}`,
      { cause: error },
    );
  }
  if (msgIncludes && !error.message.includes(msgIncludes)) {
    throw new AssertionError(
      `Expected error message to include ${JSON.stringify(msgIncludes)}, but got ` +
        `${JSON.stringify(error.message)}${suffix(msg)}`,
      { cause: error },
    );
  }
}

/** Reads the arguments after `fn`: `(msg?)` or `(ErrorClass, msgIncludes?, msg?)`. */
export function parseExpected(
  classOrMsg: ErrorClassOf<Error> | string | undefined,
  msgIncludes: string | undefined,
  msg: string | undefined,
): ExpectedError {
  if (typeof classOrMsg === "function") {
    return { ErrorClass: classOrMsg, msgIncludes, msg };
  }
  return { msg: classOrMsg };
}
