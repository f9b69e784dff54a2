/**
 * The public types of the stand-in, under upstream's documented names. No code lives here.
 */
import type { ComponentChildren, FunctionComponent } from "preact";
import type { Context } from "./context.ts";

/** The settings of an app, as `ctx.config` shows them. */
export interface FreshConfig {
  /** Folder of the URL space the app lives in, without a trailing slash. */
  readonly basePath: string;
  readonly mode: "development" | "production";
}

/** What `new App()` takes. */
export interface AppOptions {
  basePath?: string;
  mode?: "development" | "production";
  /** Believe `X-Forwarded-Proto` and `X-Forwarded-Host` when making `ctx.url`. */
  trustProxy?: boolean;
}

/** What `app.listen()` takes. */
export type ListenOptions = Partial<
  Deno.ServeTcpOptions & Deno.TlsCertifiedKeyPem
>;

/** The HTTP methods a route can answer. */
export type Method =
  | "GET"
  | "HEAD"
  | "POST"
  | "PUT"
  | "PATCH"
  | "DELETE"
  | "OPTIONS";

/** One function of the request's chain. */
export type MiddlewareFn<State> = (ctx: Context<State>) => Response | Promise<Response>;

/** A function or a list of functions of the request's chain. */
export type Middleware<State> = MiddlewareFn<State> | MiddlewareFn<State>[];

/** A middleware, or a function that loads one when it is first needed. */
export type MaybeLazyMiddleware<State> = (
  ctx: Context<State>,
) => Response | Promise<Response | MiddlewareFn<State>>;

/** Data for the route's component, with the status and headers of the page. */
export interface PageResponse<Data> {
  data: Data;
  headers?: HeadersInit;
  status?: number;
}

/** A route's handler: answers itself, or gives data to the route's component. */
export type HandlerFn<Data, State> = (
  ctx: Context<State>,
) => Response | PageResponse<Data> | Promise<Response | PageResponse<Data>>;

/** Handlers by HTTP method. */
export type HandlerByMethod<Data, State> = {
  [M in Method]?: HandlerFn<Data, State>;
};

/** A handler of all methods, or one for each. */
export type RouteHandler<Data, State> =
  | HandlerFn<Data, State>
  | HandlerByMethod<Data, State>;

/** What a page, layout or app wrapper is given. */
export interface PageProps<Data = unknown, State = unknown> {
  readonly config: FreshConfig;
  readonly url: URL;
  readonly req: Request;
  readonly route: string | null;
  readonly params: Record<string, string>;
  readonly info: Deno.ServeHandlerInfo;
  readonly state: State;
  readonly data: Data;
  readonly error: unknown;
  readonly isPartial: boolean;
  /** The content to wrap, for layouts and the app wrapper. */
  readonly Component: FunctionComponent;
}

/** A component that only the server renders; when async it may answer a Response. */
export type RouteComponent<Data, State> = (
  props: PageProps<Data, State>,
) => ComponentChildren | Promise<ComponentChildren | Response>;

/** What a layout may export as `config`. */
export interface LayoutConfig {
  skipAppWrapper?: boolean;
  skipInheritedLayouts?: boolean;
}

/** What a route may export as `config`. */
export interface RouteConfig extends LayoutConfig {
  /** A URL pattern instead of the one that the file's path gives. */
  routeOverride?: string;
  methods?: "ALL" | Method[];
}

/** A route as a value, for `app.route()`, `app.notFound()` and `app.onError()`. */
export interface Route<State> {
  component?: RouteComponent<never, State>;
  handler?: RouteHandler<unknown, State>;
  handlers?: RouteHandler<unknown, State>;
  config?: RouteConfig;
}

/** The events of a managed WebSocket; each is optional. */
export interface WebSocketHandlers {
  open?(socket: WebSocket): void | Promise<void>;
  message?(socket: WebSocket, event: MessageEvent): void | Promise<void>;
  close?(socket: WebSocket, code: number, reason: string): void | Promise<void>;
  error?(socket: WebSocket, event: Event | ErrorEvent): void | Promise<void>;
}

/** How to set up an upgraded connection. */
export interface WebSocketUpgradeOptions {
  /** Seconds without an answered ping before the connection closes. 0 turns pings off. */
  idleTimeout?: number;
  /** The sub-protocol to answer with. */
  protocol?: string;
}
