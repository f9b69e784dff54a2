/**
 * Sets the CORS headers and answers preflight requests.
 */
import type { Context } from "../context.ts";
import type { MiddlewareFn } from "../types.ts";

/** Who may read the responses, and what they may send. */
export interface CORSOptions<State> {
  origin?:
    | string
    | string[]
    | ((origin: string, ctx: Context<State>) => string | null | undefined);
  allowMethods?: string[];
  allowHeaders?: string[];
  exposeHeaders?: string[];
  /** Seconds that a browser may keep a preflight answer. */
  maxAge?: number | null;
  credentials?: boolean;
}

const METHODS = ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"];

/** Makes the middleware; without options every origin may read. */
export function cors<State>(options: CORSOptions<State> = {}): MiddlewareFn<State> {
  return async (ctx) => {
    const headers = new Headers();
    const origin = allowedOrigin(ctx, options.origin ?? "*");
    if (origin) headers.set("access-control-allow-origin", origin);
    if (origin !== "*") headers.append("vary", "Origin");
    if (options.credentials) {
      headers.set("access-control-allow-credentials", "true");
    }
    if (isPreflight(ctx.req)) return preflight(ctx.req, headers, options);
    const exposed = options.exposeHeaders ?? [];
    if (exposed.length) {
      headers.set("access-control-expose-headers", exposed.join(","));
    }
    return withHeaders(await ctx.next(), headers);
  };
}

function isPreflight(req: Request): boolean {
  return req.method === "OPTIONS" &&
    req.headers.has("access-control-request-method");
}

function allowedOrigin<State>(
  ctx: Context<State>,
  allowed: NonNullable<CORSOptions<State>["origin"]>,
): string | null {
  const origin = ctx.req.headers.get("origin") ?? "";
  if (typeof allowed === "function") return allowed(origin, ctx) ?? null;
  if (typeof allowed === "string") return allowed;
  return allowed.includes(origin) ? origin : null;
}

function preflight<State>(req: Request, headers: Headers, options: CORSOptions<State>): Response {
  const methods = options.allowMethods ?? METHODS;
  const asked = req.headers.get("access-control-request-headers");
  const allowed = options.allowHeaders?.join(",") || asked;
  if (options.maxAge != null) {
    headers.set("access-control-max-age", String(options.maxAge));
  }
  if (methods.length) {
    headers.set("access-control-allow-methods", methods.join(","));
  }
  if (allowed) headers.set("access-control-allow-headers", allowed);
  if (allowed === asked) {
    headers.append("vary", "Access-Control-Request-Headers");
  }
  return new Response(null, { status: 204, headers });
}

function withHeaders(response: Response, extra: Headers): Response {
  if (response.status === 101) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of extra) {
    if (name === "vary") headers.append(name, value);
    else headers.set(name, value);
  }
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
