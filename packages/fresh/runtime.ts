/**
 * The server's version of `fresh/runtime`. The builder puts `src/client/runtime.ts`, which has
 * the same exports, in its place when it bundles islands for the browser.
 */
export { HttpError } from "./src/http_error.ts";
export { asset } from "./src/render/asset.ts";
export { Head } from "./src/render/head.ts";

/** Whether this code runs in a browser. */
export const IS_BROWSER: boolean = false;
