import { AssertionError } from "./assertion_error.ts";
import { suffix } from "./format.ts";

/** Marks code that must never run. */
export function unreachable(msg?: string): never {
  throw new AssertionError(`Unreachable${suffix(msg)}`);
}
