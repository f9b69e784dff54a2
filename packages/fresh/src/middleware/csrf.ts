/**
 * Refuses requests that change something on behalf of another site. Safe methods pass; a WebSocket
 * upgrade is one of them, so its route has to check `Origin` itself.
 */
import { HttpError } from "../http_error.ts";
import type { MiddlewareFn } from "../types.ts";

/** Which other origins may send. */
export interface CsrfOptions<State> {
  origin?:
    | string
    | string[]
    | ((origin: string, ctx: Parameters<MiddlewareFn<State>>[0]) => boolean);
}

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Makes the middleware; without options only the app's own origin may send. */
export function csrf<State>(options: CsrfOptions<State> = {}): MiddlewareFn<State> {
  return async (ctx) => {
    if (SAFE.has(ctx.req.method)) return await ctx.next();
    const site = ctx.req.headers.get("sec-fetch-site");
    if (site === "same-origin" || site === "none") return await ctx.next();
    const origin = ctx.req.headers.get("origin");
    if (origin !== null && isAllowed(origin, ctx, options.origin)) {
      return await ctx.next();
    }
    throw new HttpError(403, "Forbidden");
  };
}

function isAllowed<State>(
  origin: string,
  ctx: Parameters<MiddlewareFn<State>>[0],
  allowed: CsrfOptions<State>["origin"],
): boolean {
  if (typeof allowed === "function") return allowed(origin, ctx);
  if (allowed === undefined) return origin === ctx.url.origin;
  return [allowed].flat().includes(origin);
}
