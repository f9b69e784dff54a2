/**
 * Answers a request by a route: its handler, then its component.
 */
import type { ComponentChildren } from "preact";
import type { Lazy } from "./chain.ts";
import { type Context, INTERNALS } from "./context.ts";
import { HttpError } from "./http_error.ts";
import { renderComponent } from "./render/render.ts";
import type { Method, MiddlewareFn, PageResponse, Route, RouteComponent } from "./types.ts";

/** How a route answers beyond what it says itself. */
export interface RouteOptions {
  /** An error page renders for every method; `error` also takes the status of `ctx.error`. */
  errorPage?: "error" | "notFound";
}

/** Makes the function that answers by a route, which is loaded once, when first needed. */
export function routeHandler<State>(
  load: Lazy<Route<State>>,
  options: RouteOptions = {},
): MiddlewareFn<State> {
  const once = memo(load);
  return async (ctx) => answer(ctx, await once(), options);
}

/** Loads once; a failed load is tried again. */
export function memo<T>(load: Lazy<T>): Lazy<T> {
  let value: { done: T } | Promise<T> | null = null;
  return () => {
    if (value && "done" in value) return value.done;
    value ??= Promise.resolve(load()).then(
      (done) => (value = { done }).done,
      (error) => {
        value = null;
        throw error;
      },
    );
    return value;
  };
}

async function answer<State>(
  ctx: Context<State>,
  route: Route<State>,
  options: RouteOptions,
): Promise<Response> {
  checkMethod(ctx, route);
  const result = await callHandler(ctx, route, options);
  if (result instanceof Response) return result;
  if (result) ctx.data = result.data;
  if (!route.component) {
    throw new Error(
      `Route ${ctx.route} answered data but has no component to show it`,
    );
  }
  const component = route.component as RouteComponent<unknown, State>;
  const content = await renderComponent(ctx, component, () => null);
  if (content instanceof Response) return content;
  const status = result?.status ??
    (options.errorPage === "error" ? errorStatus(ctx.error) : undefined);
  const init = { status, headers: result?.headers };
  return await ctx.render(fragment(content), init, route.config);
}

function checkMethod<State>(ctx: Context<State>, route: Route<State>): void {
  const methods = route.config?.methods;
  if (!methods || methods === "ALL") return;
  const method = ctx.req.method as Method;
  if (
    methods.includes(method) || (method === "HEAD" && methods.includes("GET"))
  ) return;
  allowOnly(ctx, methods);
}

/** Answers 405 and names the methods that would do. */
export function allowOnly<State>(ctx: Context<State>, methods: readonly string[]): never {
  const allow = [...new Set(methods)].join(", ");
  ctx[INTERNALS].finalizers.push((response) => response.headers.set("allow", allow));
  throw new HttpError(405, "Method Not Allowed");
}

async function callHandler<State>(
  ctx: Context<State>,
  route: Route<State>,
  options: RouteOptions,
): Promise<Response | PageResponse<unknown> | null> {
  const handler = route.handlers ?? route.handler;
  if (typeof handler === "function") return await handler(ctx);
  const { method } = ctx.req;
  const byMethod = handler?.[method as Method] ??
    (method === "HEAD" ? handler?.GET : undefined);
  if (byMethod) return await byMethod(ctx);
  const canRender = options.errorPage || method === "GET" || method === "HEAD";
  if (route.component && canRender) return null;
  throw new HttpError(404);
}

function errorStatus(error: unknown): number {
  return error instanceof HttpError ? error.status : 500;
}

function fragment(content: ComponentChildren) {
  return content as Parameters<Context<unknown>["render"]>[0];
}
