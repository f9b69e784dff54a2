/**
 * The development server: the app, plus an event stream that tells the browser when the process
 * has been restarted, so that it reloads.
 */
import type { App } from "../app.ts";
import { listenOnFreePort } from "../listen.ts";
import type { ListenOptions } from "../types.ts";

const RELOAD_SCRIPT = new URL("../client/reload.js", import.meta.url);
const RETRY_MS = 300;

/** Serves the app with the reload endpoint in front of it. */
export function serveDevelopment<State>(app: App<State>, options: ListenOptions): Deno.HttpServer {
  const handler = app.handler();
  const { basePath } = app.config;
  const processId = crypto.randomUUID();
  return listenOnFreePort(async (req, info) => {
    const { pathname } = new URL(req.url);
    if (pathname === `${basePath}/_fresh/alive`) return alive(processId);
    if (pathname === `${basePath}/_fresh/reload.js`) {
      return await reloadScript();
    }
    return await handler(req, info);
  }, options);
}

/** Stays open; when the process ends the browser reconnects, and sees another id. */
function alive(processId: string): Response {
  const hello = new TextEncoder().encode(
    `retry: ${RETRY_MS}\ndata: ${processId}\n\n`,
  );
  const body = new ReadableStream({ start: (controller) => controller.enqueue(hello) });
  const headers = { "content-type": "text/event-stream", "cache-control": "no-store" };
  return new Response(body, { headers });
}

async function reloadScript(): Promise<Response> {
  const code = await (await fetch(RELOAD_SCRIPT)).text();
  const headers = { "content-type": "text/javascript", "cache-control": "no-store" };
  return new Response(code, { headers });
}
