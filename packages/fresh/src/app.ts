/**
 * `App`: collects declarations, and makes the request handler from them and the build snapshot.
 * Declarations may come before the snapshot; both are read when `handler()` is called.
 */
import { chainFor, type Declaration } from "./chain.ts";
import { type CompiledApp, handleRequest } from "./handle.ts";
import { expandFiles } from "./fs_routes.ts";
import { listenOnFreePort } from "./listen.ts";
import { routeHandler } from "./route.ts";
import { Router } from "./router.ts";
import { setBuildId } from "./render/asset.ts";
import { registerIslands } from "./render/hooks.ts";
import { APPLY_SNAPSHOT, type Snapshot, type SnapshotSource, toSnapshot } from "./snapshot.ts";
import type {
  AppOptions,
  FreshConfig,
  LayoutConfig,
  ListenOptions,
  MaybeLazyMiddleware,
  Method,
  Middleware,
  MiddlewareFn,
  Route,
  RouteComponent,
  WebSocketHandlers,
  WebSocketUpgradeOptions,
} from "./types.ts";

type Fns<State> = (MaybeLazyMiddleware<State> | Middleware<State>)[];
type Page<State> = Route<State> | MaybeLazyMiddleware<State>;

const DEFAULT_INFO: Deno.ServeHandlerInfo<Deno.NetAddr> = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 8080 },
  completed: Promise.resolve(),
};

/** A web app: routes, middlewares, layouts and error pages. */
export class App<State = unknown> {
  #options: AppOptions;
  #declared: Declaration<State>[] = [];
  #snapshot: Snapshot | null = null;

  constructor(options: AppOptions = {}) {
    this.#options = options;
  }

  /** The resolved settings. */
  get config(): FreshConfig {
    const mode = this.#options.mode ?? this.#snapshot?.mode ?? "production";
    return { basePath: this.#options.basePath?.replace(/\/+$/, "") ?? "", mode };
  }

  /** Adds middlewares, for everything or for what is below a path. */
  use(...middlewares: Fns<State>): this;
  use(path: string, ...middlewares: Fns<State>): this;
  use(first: string | Fns<State>[number], ...rest: Fns<State>): this {
    const [path, fns] = typeof first === "string" ? [first, rest] : ["*", [first, ...rest]];
    return this.#declare({ kind: "use", path: folder(path), fns: flat(fns) });
  }

  /** Answers GET (and HEAD, unless there is a route of its own). */
  get(path: string, ...fns: Fns<State>): this {
    return this.#route("GET", path, fns);
  }

  /** Answers POST. */
  post(path: string, ...fns: Fns<State>): this {
    return this.#route("POST", path, fns);
  }

  /** Answers PUT. */
  put(path: string, ...fns: Fns<State>): this {
    return this.#route("PUT", path, fns);
  }

  /** Answers PATCH. */
  patch(path: string, ...fns: Fns<State>): this {
    return this.#route("PATCH", path, fns);
  }

  /** Answers DELETE. */
  delete(path: string, ...fns: Fns<State>): this {
    return this.#route("DELETE", path, fns);
  }

  /** Answers HEAD. */
  head(path: string, ...fns: Fns<State>): this {
    return this.#route("HEAD", path, fns);
  }

  /** Answers every method. */
  all(path: string, ...fns: Fns<State>): this {
    return this.#route("ALL", path, fns);
  }

  /** Answers GET by upgrading to a WebSocket. */
  ws(path: string, handlers: WebSocketHandlers, options?: WebSocketUpgradeOptions): this {
    return this.get(path, (ctx) => ctx.upgrade(handlers, options));
  }

  /** Adds a route with a component, handlers or both. */
  route(path: string, route: Route<State> | (() => Promise<Route<State>>)): this {
    const load = typeof route === "function" ? route : () => route;
    return this.#route("ALL", path, [routeHandler(load)]);
  }

  /** Adds a layout around the routes below a path. */
  layout(path: string, component: RouteComponent<unknown, State>, config?: LayoutConfig): this {
    const layout = () => ({ component, config });
    return this.#declare({ kind: "layout", path: folder(path), layout });
  }

  /** Sets the component that holds the outer HTML. */
  appWrapper(component: RouteComponent<unknown, State>): this {
    return this.#declare({ kind: "wrapper", path: "/", layout: () => ({ component }) });
  }

  /** Sets what answers every 404. */
  notFound(page: Page<State>): this {
    return this.#declare({ kind: "notFound", path: "/", fns: [pageFn(page, "notFound")] });
  }

  /** Sets what answers an error thrown below a path. */
  onError(page: Page<State>): this;
  onError(path: string, page: Page<State>): this;
  onError(first: string | Page<State>, second?: Page<State>): this {
    const [path, page] = typeof first === "string" ? [first, second] : ["*", first];
    if (!page) throw new TypeError("onError() needs a handler or a route");
    return this.#declare({ kind: "error", path: folder(path), fns: [pageFn(page, "error")] });
  }

  /** Adds the routes of the build's routes folder, below the given path. */
  fsRoutes(pattern = "*"): this {
    return this.#declare({ kind: "files", path: folder(pattern) });
  }

  /** Adds everything that another app declares, below a path. */
  mountApp(path: string, app: App<State>): this {
    const has = (kind: string) => this.#declared.some((item) => item.kind === kind);
    for (const item of app.#declared) {
      if (["wrapper", "notFound"].includes(item.kind) && has(item.kind)) {
        continue;
      }
      this.#declare({ ...item, path: join(folder(path), item.path) });
    }
    return this;
  }

  /** Makes the function that answers requests. */
  handler(): (req: Request, info?: Deno.ServeHandlerInfo) => Promise<Response> {
    const compiled = this.#compile();
    return (req, info = DEFAULT_INFO) => handleRequest(compiled, req, info);
  }

  /** Starts a server; without a port, on the first free one of 8000 to 8019. */
  async listen(options: ListenOptions = {}): Promise<void> {
    await listenOnFreePort(this.handler(), options);
  }

  /** Takes a build's output; called by the builder and by the built `server.js`. */
  [APPLY_SNAPSHOT](source: SnapshotSource): void {
    this.#snapshot = toSnapshot(source);
    setBuildId(this.#snapshot.buildId);
    registerIslands(this.#snapshot.islands.keys());
  }

  #declare(item: Declaration<State>): this {
    this.#declared.push(item);
    return this;
  }

  #route(method: Method | "ALL", path: string, fns: Fns<State>): this {
    return this.#declare({ kind: "route", method, path: join("/", path), fns: flat(fns) });
  }

  #compile(): CompiledApp<State> {
    const { config } = this;
    const snapshot = this.#snapshot;
    const declared = this.#declared.flatMap((item) =>
      item.kind === "files" ? expandFiles<State>(item.path, snapshot) : [item]
    );
    const router = new Router<ReturnType<typeof chainFor<State>>>();
    declared.forEach((item, before) => {
      if (item.kind !== "route") return;
      const chain = chainFor(declared, item, { before, fns: item.fns });
      router.add(item.method, join(config.basePath, item.path), chain);
    });
    const unmatched = chainFor(declared, { path: "/", dir: "/" }, {
      before: declared.length,
      fns: [],
    });
    return { config, snapshot, router, unmatched, trustProxy: this.#options.trustProxy ?? false };
  }
}

function flat<State>(fns: Fns<State>): MiddlewareFn<State>[] {
  return fns.flat() as MiddlewareFn<State>[];
}

function pageFn<State>(page: Page<State>, errorPage: "error" | "notFound"): MiddlewareFn<State> {
  if (typeof page === "function") return page as MiddlewareFn<State>;
  return routeHandler(() => page, { errorPage });
}

/** The path below which a declaration holds: without a trailing wildcard or slash. */
function folder(path: string): string {
  return join("/", path.replace(/\*$/, ""));
}

function join(base: string, path: string): string {
  const joined = `/${base}/${path}`.replace(/\/{2,}/g, "/");
  return joined.length > 1 ? joined.replace(/\/$/, "") : joined;
}
