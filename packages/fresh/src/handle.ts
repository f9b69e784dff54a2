/**
 * Answers one request by a compiled app. Every response, also an error page, passes the
 * finalizers here; nothing of an unexpected error reaches the client in production.
 */
import { type Chain, runChain } from "./chain.ts";
import { Context, INTERNALS } from "./context.ts";
import { HttpError } from "./http_error.ts";
import { allowOnly } from "./route.ts";
import type { Router } from "./router.ts";
import type { Snapshot } from "./snapshot.ts";
import type { FreshConfig } from "./types.ts";

/** An app that is ready to answer. */
export interface CompiledApp<State> {
  config: FreshConfig;
  snapshot: Snapshot | null;
  router: Router<Chain<State>>;
  /** For requests that no route matches. */
  unmatched: Chain<State>;
  trustProxy: boolean;
}

/** Answers a request. Never rejects. */
export async function handleRequest<State>(
  app: CompiledApp<State>,
  req: Request,
  info: Deno.ServeHandlerInfo,
): Promise<Response> {
  const ctx = makeContext(app, req, info);
  let response: Response;
  try {
    response = await runChain(ctx, ctx[INTERNALS].chain.fns);
    if (!(response instanceof Response)) {
      throw new TypeError(`${ctx.route} gave no Response`);
    }
  } catch (error) {
    response = defaultErrorPage(error, app.config);
  }
  return finish(ctx, response);
}

function makeContext<State>(
  app: CompiledApp<State>,
  req: Request,
  info: Deno.ServeHandlerInfo,
): Context<State> {
  const url = requestUrl(req, app.trustProxy);
  const match = app.router.match(req.method, url.pathname);
  const found = "value" in match;
  const chain = found ? match.value : unmatchedChain(app.unmatched, match.allow);
  const { config, snapshot } = app;
  const internals = { chain, snapshot, finalizers: [], useNonce: false, nonce: null };
  const route = found ? match.pattern : null;
  const params = found ? match.params : {};
  return new Context({ config, req, url, info, route, params, internals });
}

function unmatchedChain<State>(chain: Chain<State>, allow: string[]): Chain<State> {
  if (allow.length === 0) return chain;
  return { ...chain, fns: [...chain.fns, (ctx) => allowOnly(ctx, allow)] };
}

function requestUrl(req: Request, trustProxy: boolean): URL {
  const url = new URL(req.url);
  if (!trustProxy) return url;
  const proto = req.headers.get("x-forwarded-proto")?.split(",")[0].trim();
  const host = req.headers.get("x-forwarded-host")?.split(",")[0].trim();
  if (proto === "https" || proto === "http") url.protocol = proto;
  if (host && /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(host)) {
    url.port = "";
    url.host = host;
  }
  return url;
}

function defaultErrorPage(error: unknown, config: FreshConfig): Response {
  if (error instanceof HttpError) {
    return new Response(error.message || STATUS_TEXT[error.status] || "Error", {
      status: error.status,
      headers: { "content-type": "text/plain;charset=utf-8" },
    });
  }
  console.error(error);
  const detail = config.mode === "development" && error instanceof Error ? `\n${error.stack}` : "";
  return new Response(`Internal Server Error${detail}`, { status: 500 });
}

const STATUS_TEXT: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  500: "Internal Server Error",
};

function finish<State>(ctx: Context<State>, response: Response): Response {
  if (response.status === 101) return response;
  const bare = ctx.req.method === "HEAD" ? withoutBody(response) : response;
  const { finalizers } = ctx[INTERNALS];
  if (finalizers.length === 0) return bare;
  const final = isMutable(bare) ? bare : new Response(bare.body, bare);
  for (const finalize of finalizers) finalize(final);
  return final;
}

function withoutBody(response: Response): Response {
  if (response.body === null) return response;
  response.body.cancel().catch(() => {});
  return new Response(null, response);
}

/** The headers of a response from `fetch()` or `Response.redirect()` cannot be set. */
function isMutable({ headers }: Response): boolean {
  try {
    headers.delete("x-fresh-probe");
    return true;
  } catch {
    return false;
  }
}
