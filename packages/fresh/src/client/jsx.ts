/**
 * What a JSX element is in the browser: a call of the function that Preact has anyway. The automatic
 * runtime would be a file of its own, and its calls are longer.
 */
export { Fragment as fresh_Fragment, h as fresh_h } from "preact";
