/**
 * Starts a server for a handler.
 */
import type { ListenOptions } from "./types.ts";

const FIRST_PORT = 8000;
const LAST_PORT = 8019;

type Handler = (req: Request, info: Deno.ServeHandlerInfo) => Promise<Response>;

/** Serves on the given port, else on the first free one of 8000 to 8019. */
export function listenOnFreePort(handler: Handler, options: ListenOptions): Deno.HttpServer {
  if (options.port !== undefined) return serve(handler, options);
  for (let port = FIRST_PORT; port < LAST_PORT; port++) {
    try {
      return serve(handler, { ...options, port });
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  return serve(handler, { ...options, port: LAST_PORT });
}

function serve(handler: Handler, options: ListenOptions): Deno.HttpServer {
  return Deno.serve(options as Deno.ServeTcpOptions, handler);
}
