/**
 * Turns the files of the routes folder into declarations. Modules are loaded when a request first
 * needs them; what they export is checked then.
 */
import type { Declaration, LayoutDef, Lazy } from "./chain.ts";
import { byPriority, describeFile, type RouteFileInfo } from "./fs_paths.ts";
import { memo, routeHandler } from "./route.ts";
import type { RouteFile, Snapshot } from "./snapshot.ts";
import type { MiddlewareFn, Route, RouteComponent } from "./types.ts";

/** The declarations of a build's route files, below `base`. */
export function expandFiles<State>(base: string, snapshot: Snapshot | null): Declaration<State>[] {
  if (!snapshot) {
    throw new Error("Cannot use fsRoutes() without a build: run the builder first");
  }
  const files = snapshot.routes
    .map((file) => ({ file, info: describeFile(file.path, base) }))
    .filter((item): item is { file: RouteFile; info: RouteFileInfo } => item.info !== null)
    .sort((a, b) => byPriority(a.info, b.info));
  return files.map(({ file, info }) => declare<State>(file, info));
}

function declare<State>(file: RouteFile, info: RouteFileInfo): Declaration<State> {
  const scope = { path: info.path, dir: info.dir };
  const load = memo(async () => parseModule(file.path, await file.load()));
  switch (info.kind) {
    case "_middleware":
      return { ...scope, kind: "use", fns: [lazyMiddleware<State>(file.path, load)] };
    case "_layout":
      return { ...scope, kind: "layout", layout: memo(() => toLayout<State>(file.path, load)) };
    case "_app":
      return { ...scope, kind: "wrapper", layout: memo(() => toLayout<State>(file.path, load)) };
    case "_error":
      return { ...scope, kind: "error", fns: [page<State>(load, "error")] };
    case "_404":
      return { ...scope, kind: "notFound", fns: [page<State>(load, "notFound")] };
    default: {
      const override = parseModule(file.path, file.module ?? {}).config
        ?.routeOverride;
      const fns = [routeHandler<State>(() => toRoute<State>(load))];
      return { ...scope, path: override ?? info.path, kind: "route", method: "ALL", fns };
    }
  }
}

interface RouteModule {
  default?: unknown;
  handler?: unknown;
  handlers?: unknown;
  config?: Route<unknown>["config"];
}

function parseModule(path: string, module: unknown): RouteModule {
  if (typeof module !== "object" || module === null) {
    throw new TypeError(`Route file ${path} gave no module`);
  }
  return module;
}

function page<State>(
  load: Lazy<RouteModule>,
  errorPage: "error" | "notFound",
): MiddlewareFn<State> {
  return routeHandler<State>(() => toRoute<State>(load), { errorPage });
}

async function toRoute<State>(load: Lazy<RouteModule>): Promise<Route<State>> {
  const { default: component, handler, handlers, config } = await load();
  return { component, handler: handlers ?? handler, config } as Route<State>;
}

async function toLayout<State>(path: string, load: Lazy<RouteModule>): Promise<LayoutDef<State>> {
  const { default: component, config } = await load();
  if (typeof component !== "function") {
    throw new TypeError(`${path} exports no component`);
  }
  return { component: component as RouteComponent<unknown, State>, config };
}

/** One function that runs all middlewares of a `_middleware` file. */
function lazyMiddleware<State>(path: string, load: Lazy<RouteModule>): MiddlewareFn<State> {
  return async (ctx) => {
    const module = await load();
    const found = module.handlers ?? module.handler ?? module.default;
    const fns = Array.isArray(found) ? found : [found];
    if (!fns.every((fn) => typeof fn === "function")) {
      throw new TypeError(`${path} exports no middleware function`);
    }
    return await runList<State>(ctx, fns);
  };
}

async function runList<State>(
  ctx: Parameters<MiddlewareFn<State>>[0],
  fns: MiddlewareFn<State>[],
): Promise<Response> {
  const end = ctx.next;
  const step = async (index: number): Promise<Response> => {
    if (index === fns.length) return await end();
    ctx.next = () => step(index + 1);
    return await fns[index](ctx);
  };
  try {
    return await step(0);
  } finally {
    ctx.next = end;
  }
}
