/**
 * The context that every function of a request shares. One instance a request; nothing of it
 * outlives the request. What the framework itself keeps sits behind `INTERNALS`.
 */
import type { FunctionComponent, VNode } from "preact";
import { type RenderOptions, renderPage } from "./render/render.ts";
import type { Chain } from "./chain.ts";
import type { Snapshot } from "./snapshot.ts";
import type { FreshConfig, WebSocketHandlers, WebSocketUpgradeOptions } from "./types.ts";
import { bindHandlers, isHandlers, upgradeRequest } from "./websocket.ts";

/** What the framework keeps for a request. */
export interface Internals<State> {
  chain: Chain<State>;
  snapshot: Snapshot | null;
  /** Run on the final response, also when it is an error page. */
  finalizers: ((response: Response) => void)[];
  useNonce: boolean;
  /** Made by the first render when `useNonce` is set. */
  nonce: string | null;
}

/** Key of the framework's own part of a context. */
export const INTERNALS: unique symbol = Symbol("fresh.internals");

type Chunk = string | Uint8Array<ArrayBuffer>;
type Streamable = Iterable<Chunk> | AsyncIterable<Chunk>;

/** What a context is made of. */
export interface ContextInit<State> {
  config: FreshConfig;
  req: Request;
  url: URL;
  info: Deno.ServeHandlerInfo;
  route: string | null;
  params: Record<string, string>;
  internals: Internals<State>;
}

/** The request at hand, and the ways to answer it. */
export class Context<State> {
  readonly config: FreshConfig;
  readonly url: URL;
  readonly req: Request;
  /** The pattern that matched, or null. */
  readonly route: string | null;
  readonly params: Record<string, string>;
  readonly info: Deno.ServeHandlerInfo;
  readonly state: State = {} as State;
  readonly isPartial: boolean = false;
  data: unknown = undefined;
  /** What was thrown, on error pages; else null. */
  error: unknown = null;
  /** The content to wrap, in layouts and the app wrapper. */
  Component: FunctionComponent = () => null;
  /** Runs the rest of the chain. */
  next: () => Promise<Response> = () => Promise.reject(new Error("The chain has not started"));
  [INTERNALS]: Internals<State>;

  constructor(init: ContextInit<State>) {
    this.config = init.config;
    this.url = init.url;
    this.req = init.req;
    this.route = init.route;
    this.params = init.params;
    this.info = init.info;
    this[INTERNALS] = init.internals;
  }

  /** Answers with a redirect; a path that starts with `//` stays on this site. */
  redirect(pathOrUrl: string, status = 302): Response {
    const location = safeLocation(pathOrUrl);
    return new Response(null, { status, headers: { location } });
  }

  /** Renders the element inside the layouts and the app wrapper of the route. */
  render(
    vnode: VNode | null,
    init: ResponseInit = {},
    options: RenderOptions = {},
  ): Promise<Response> {
    return renderPage(this, vnode, { init, options });
  }

  /** Answers with plain text. */
  text(content: string, init?: ResponseInit): Response {
    return new Response(content, withType(init, "text/plain;charset=utf-8"));
  }

  /** Answers with HTML that is sent as it is. */
  html(content: string, init?: ResponseInit): Response {
    return new Response(content, withType(init, "text/html;charset=utf-8"));
  }

  /** Answers with JSON. */
  // deno-lint-ignore no-explicit-any -- JSON.stringify takes any value
  json(content: any, init?: ResponseInit): Response {
    return Response.json(content, init);
  }

  /** Answers with chunks as they come. */
  stream(source: Streamable | (() => Streamable), init?: ResponseInit): Response {
    const chunks = typeof source === "function" ? source() : source;
    const body = ReadableStream.from<Chunk>(chunks).pipeThrough(toBytes());
    return new Response(body, init);
  }

  /** Upgrades to a WebSocket: with handlers answers the response, else also the socket. */
  upgrade(options?: WebSocketUpgradeOptions): { socket: WebSocket; response: Response };
  upgrade(handlers: WebSocketHandlers, options?: WebSocketUpgradeOptions): Response;
  upgrade(
    first?: WebSocketHandlers | WebSocketUpgradeOptions,
    options?: WebSocketUpgradeOptions,
  ): Response | { socket: WebSocket; response: Response } {
    if (!isHandlers(first)) {
      return upgradeRequest(this.req, first as WebSocketUpgradeOptions);
    }
    const { socket, response } = upgradeRequest(this.req, options);
    bindHandlers(socket, first);
    return response;
  }
}

/** Browsers drop tabs and newlines and read `\\` as `/`, so `/\t/host` would leave this site, too. */
function safeLocation(pathOrUrl: string): string {
  return pathOrUrl.toWellFormed()
    .replace(/[\t\r\n]/g, "")
    .replace(/^[/\\]{2,}/, "/")
    .replace(/[^ -~]+/g, encodeURIComponent);
}

function withType(init: ResponseInit | undefined, type: string): ResponseInit {
  const headers = new Headers(init?.headers);
  if (!headers.has("content-type")) headers.set("content-type", type);
  return { ...init, headers };
}

function toBytes(): TransformStream<Chunk, Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
    },
  });
}
