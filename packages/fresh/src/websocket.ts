/**
 * The managed side of `ctx.upgrade()`: binds handlers to a socket. A handler that throws is
 * logged and does not end the process.
 */
import { HttpError } from "./http_error.ts";
import type { WebSocketHandlers, WebSocketUpgradeOptions } from "./types.ts";

const EVENTS = ["open", "message", "close", "error"] as const;

/** Upgrades the request, or throws `HttpError(400)` when it is not an upgrade request. */
export function upgradeRequest(
  req: Request,
  options: WebSocketUpgradeOptions = {},
): Deno.WebSocketUpgrade {
  if (req.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    throw new HttpError(400, "Expected a WebSocket upgrade request");
  }
  return Deno.upgradeWebSocket(req, { ...options });
}

/** Whether the first argument of `ctx.upgrade()` holds handlers rather than options. */
export function isHandlers(
  value: WebSocketHandlers | WebSocketUpgradeOptions | undefined,
): value is WebSocketHandlers {
  const record: Record<string, unknown> = { ...value };
  return EVENTS.some((name) => typeof record[name] === "function");
}

/** Calls `handlers` for the socket's events. */
export function bindHandlers(socket: WebSocket, handlers: WebSocketHandlers): void {
  socket.addEventListener("open", () => guard(() => handlers.open?.(socket)));
  socket.addEventListener("message", (event) => guard(() => handlers.message?.(socket, event)));
  socket.addEventListener("error", (event) => guard(() => handlers.error?.(socket, event)));
  socket.addEventListener(
    "close",
    (event) => guard(() => handlers.close?.(socket, event.code, event.reason)),
  );
}

async function guard(call: () => void | Promise<void> | undefined): Promise<void> {
  try {
    await call();
  } catch (error) {
    console.error("A WebSocket handler failed:", error);
  }
}
