/**
 * Turns what was declared on an app into the chain of functions of each route.
 *
 * A declaration covers the routes below its path that were declared after it. Chains run from the
 * root down; at each depth the error page comes first, so that it also sees what the middlewares
 * of its depth throw.
 */
import type { Context } from "./context.ts";
import { INTERNALS } from "./context.ts";
import { HttpError } from "./http_error.ts";
import type { LayoutConfig, Method, MiddlewareFn, RouteComponent } from "./types.ts";

/** A layout or app wrapper with its config. */
export interface LayoutDef<State> {
  component: RouteComponent<unknown, State>;
  config?: LayoutConfig;
}

/** Gives a value, perhaps after loading its module. */
export type Lazy<T> = () => T | Promise<T>;

/** Where a declaration holds: a URL pattern and, for files, the folder with its groups. */
export interface Scope {
  path: string;
  dir?: string;
}

interface Declared<K extends string> extends Scope {
  kind: K;
}

interface Step<State, K extends string> extends Declared<K> {
  fns: MiddlewareFn<State>[];
}

interface Around<State, K extends string> extends Declared<K> {
  layout: Lazy<LayoutDef<State>>;
}

interface RouteStep<State> extends Step<State, "route"> {
  method: Method | "ALL";
}

/** One thing declared on an app. */
export type Declaration<State> =
  | Step<State, "use">
  | Step<State, "error">
  | Step<State, "notFound">
  | Around<State, "layout">
  | Around<State, "wrapper">
  | RouteStep<State>
  | Declared<"files">;

/** What answers a request. */
export interface Chain<State> {
  fns: MiddlewareFn<State>[];
  layouts: Lazy<LayoutDef<State>>[];
  wrapper: Lazy<LayoutDef<State>> | null;
}

/** Makes the chain of a route from the declarations before it (and every error page). */
export function chainFor<State>(
  all: Declaration<State>[],
  target: Scope,
  end: { before: number; fns: MiddlewareFn<State>[] },
): Chain<State> {
  const earlier = all.slice(0, end.before).filter((item) => covers(item, target));
  const errors = all.filter((item) => item.kind === "error")
    .filter((item) => covers(item, target));
  const uses = earlier.filter((item) => item.kind === "use");
  const steps = [
    ...errors.map((item) => ({ depth: depth(item), fns: [catching(all, item)] })),
    ...uses.map((item) => ({ depth: depth(item), fns: item.fns })),
  ].sort((a, b) => a.depth - b.depth);
  const fns = [...notFoundSteps(all), ...steps.flatMap((step) => step.fns), ...end.fns];
  return { fns, ...wrapping(all, earlier) };
}

/** Runs the functions of a chain from `index` on. */
export async function runChain<State>(
  ctx: Context<State>,
  fns: MiddlewareFn<State>[],
  index = 0,
): Promise<Response> {
  if (index >= fns.length) throw new HttpError(404);
  const outer = ctx.next;
  ctx.next = () => runChain(ctx, fns, index + 1);
  try {
    const result: unknown = await fns[index](ctx);
    if (typeof result !== "function") return result as Response;
    fns[index] = result as MiddlewareFn<State>;
    return await fns[index](ctx);
  } finally {
    ctx.next = outer;
  }
}

function wrapping<State>(all: Declaration<State>[], earlier: Declaration<State>[]) {
  const layouts = earlier
    .filter((item) => item.kind === "layout")
    .sort((a, b) => depth(a) - depth(b))
    .map((item) => item.layout);
  const wrappers = all.filter((item) => item.kind === "wrapper");
  return { layouts, wrapper: wrappers.at(-1)?.layout ?? null };
}

/** Every 404 goes to the last `notFound`, whatever error pages there are. */
function notFoundSteps<State>(all: Declaration<State>[]): MiddlewareFn<State>[] {
  const pages = all.filter((item) => item.kind === "notFound");
  const last = pages.at(-1);
  if (!last) return [];
  const chain = wrapping(all, all.filter((item) => covers(item, last)));
  return [async (ctx) => {
    try {
      return await ctx.next();
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return await answerError(ctx, error, { ...chain, fns: last.fns });
    }
  }];
}

function catching<State>(
  all: Declaration<State>[],
  page: Step<State, "error">,
): MiddlewareFn<State> {
  const chain = wrapping(all, all.filter((item) => covers(item, page)));
  const leaveNotFound = all.some((item) => item.kind === "notFound");
  return async (ctx) => {
    try {
      return await ctx.next();
    } catch (error) {
      if (leaveNotFound && isNotFound(error)) throw error;
      return await answerError(ctx, error, { ...chain, fns: page.fns });
    }
  };
}

function answerError<State>(
  ctx: Context<State>,
  error: unknown,
  chain: Chain<State>,
): Promise<Response> {
  ctx.error = error;
  ctx[INTERNALS].chain = chain;
  return runChain(ctx, chain.fns);
}

function isNotFound(error: unknown): boolean {
  return error instanceof HttpError && error.status === 404;
}

function covers(item: Scope, target: Scope): boolean {
  if (item.dir === undefined) return isWithin(item.path, target.path);
  if (target.dir !== undefined) return isWithin(item.dir, target.dir);
  return !item.dir.includes("(") && isWithin(item.path, target.path);
}

function isWithin(folder: string, path: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`) ||
    path.startsWith(`${folder}{/`);
}

function depth(item: Scope): number {
  return (item.dir ?? item.path).split("/").filter(Boolean).length;
}
