/**
 * The browser's version of `fresh/runtime`.
 */
import { withBuildId } from "../render/asset.ts";

export { HttpError } from "../http_error.ts";

/** Whether this code runs in a browser. */
export const IS_BROWSER = true;

/** Adds the build id to a path on this site, so that it may be cached for a year. */
export function asset(path: string): string {
  return withBuildId(path, document.getElementById("__FRSH_STATE")?.dataset.build ?? "");
}

/** The server has filled the head; in the browser nothing is left to do. */
export function Head(_props: { children?: unknown }): null {
  return null;
}
