/**
 * The build half of the stand-in: what an app's `dev.ts` imports as `fresh/dev`.
 * Nothing here is loaded in production.
 */
export { Builder } from "./src/build/builder.ts";
export type { BuilderOptions, BuildOptions } from "./src/build/options.ts";
