/**
 * Redirects so that every path ends with a slash, or none does.
 */
import type { MiddlewareFn } from "../types.ts";

/** Makes the middleware. */
export function trailingSlashes<State>(mode: "always" | "never"): MiddlewareFn<State> {
  return async (ctx) => {
    const { pathname, search } = ctx.url;
    const has = pathname.endsWith("/");
    if (mode === "never" && has && pathname !== "/") {
      return ctx.redirect((pathname.replace(/\/+$/, "") || "/") + search);
    }
    if (mode === "always" && !has) return ctx.redirect(`${pathname}/${search}`);
    return await ctx.next();
  };
}
