/**
 * Identity functions that give routes their types, and `page()`.
 */
import type { MiddlewareFn, PageResponse, RouteComponent, RouteHandler } from "./types.ts";

/** Gives `data` to the component of the route that the handler belongs to. */
export function page<T>(
  data: T,
  options: { headers?: HeadersInit; status?: number } = {},
): PageResponse<T> {
  return { data, headers: options.headers, status: options.status };
}

type Returned<F> = F extends (...args: never[]) => infer R ? Awaited<R> : never;
type HandlerResult<H> = H extends (...args: never[]) => unknown ? Returned<H>
  : Returned<H[keyof H]>;

/** The type of `props.data` that a handler's `page(data)` calls add up to. */
export type DataOf<H> = [H] extends [never] ? unknown
  : Extract<HandlerResult<H>, { data: unknown }>["data"];

/** The typed identity functions of an app with the given state. */
export interface Define<State> {
  handlers<H extends RouteHandler<unknown, State>>(handlers: H): H;
  handler<H extends RouteHandler<unknown, State>>(handler: H): H;
  page<H = never, Data = DataOf<H>>(
    component: RouteComponent<Data, State>,
  ): RouteComponent<Data, State>;
  layout(component: RouteComponent<unknown, State>): RouteComponent<unknown, State>;
  middleware<M extends MiddlewareFn<State> | MiddlewareFn<State>[]>(middleware: M): M;
}

/** Makes the identity functions that type routes, layouts and middleware by one `State`. */
export function createDefine<State>(): Define<State> {
  return {
    handlers: (handlers) => handlers,
    handler: (handler) => handler,
    page: (component) => component,
    layout: (component) => component,
    middleware: (middleware) => middleware,
  };
}
