/**
 * The server half of the stand-in for upstream Fresh: what an app imports as `fresh`.
 * Only names that upstream documents are exported, so that an app moves to upstream by
 * deleting one line of its `deno.json`.
 */
export { App } from "./src/app.ts";
export { createDefine, page } from "./src/define.ts";
export { HttpError } from "./src/http_error.ts";
export { cors } from "./src/middleware/cors.ts";
export { csp } from "./src/middleware/csp.ts";
export { csrf } from "./src/middleware/csrf.ts";
export { staticFiles } from "./src/middleware/static_files.ts";
export { trailingSlashes } from "./src/middleware/trailing_slashes.ts";
export type { Context } from "./src/context.ts";
export type {
  FreshConfig,
  LayoutConfig,
  ListenOptions,
  Middleware,
  PageProps,
  PageResponse,
  RouteConfig,
  WebSocketHandlers,
  WebSocketUpgradeOptions,
} from "./src/types.ts";
