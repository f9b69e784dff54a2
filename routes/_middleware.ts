/**
 * Who is it? Reads the session of every request for a route. A stranger is sent to the sign-in page
 * with the way back; the API answers 401 instead. A person's requests are limited in rate.
 */

import { clearedCookie, readSession, readToken, sessionCookie } from "../lib/auth.ts";
import { define } from "../lib/define.ts";
import { isApi, problemJson } from "../lib/http.ts";
import { localPath } from "../lib/local_path.ts";

/** Paths that strangers may use; everything below `/oauth/` too. */
const PUBLIC = new Set(["/login", "/register", "/api/session", "/api/users", "/api/health"]);

/** Files and images have a rate of their own: a page may show many, and files come in many parts. */
const FILE = /^\/api\/(rooms\/[^/]+\/)?(files|image)\/[^/]+$/;

export const handler = define.middleware(async (ctx) => {
  const { services, caller } = ctx.state;
  ctx.state.session = await readSession(services.kv, ctx.req, caller);
  const { session } = ctx.state;
  const { pathname } = ctx.url;
  if (!session && !PUBLIC.has(pathname) && !pathname.startsWith("/oauth/")) {
    return isApi(ctx) ? unauthorized() : toLogin(ctx.url);
  }
  if (session) services.rates.of(session.user.id).take(FILE.test(pathname) ? "fetch" : "read");
  const response = await ctx.next();
  if (response.status === 101 || response.headers.has("set-cookie")) return response;
  const token = readToken(ctx.req, caller);
  if (token && !session) response.headers.append("set-cookie", clearedCookie(caller));
  if (token && session?.renewed) {
    response.headers.append("set-cookie", sessionCookie(token, caller));
  }
  return response;
});

function unauthorized(): Response {
  return problemJson({ status: 401, message: "Sign in first." });
}

function toLogin({ pathname, search }: URL): Response {
  const next = localPath(pathname + search);
  const query = next === "/chat" ? "" : `?next=${encodeURIComponent(next)}`;
  return new Response(null, { status: 303, headers: { location: `/login${query}` } });
}
