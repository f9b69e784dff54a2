/** A browser's ways out of the page, loaded after the first paint. */

import type { Outside } from "./model_deps.ts";
import { browserOutboxStore } from "./outbox_store.ts";
import type { Wakeups } from "./ports.ts";
import { Socket } from "./socket.ts";
import { tabChannel, tabLock } from "./tabs.ts";
import { webSocketTransport } from "./web_socket_transport.ts";

/** Where the socket is, from the page's origin. */
const SOCKET_PATH = "/api/ws";

/** For the account with this id. */
export function browserOutside(me: string): Outside {
  return {
    connect: (options) => new Socket({ ...options, transport: webSocketTransport(SOCKET_PATH) }),
    store: browserOutboxStore(me),
    lock: tabLock(`parley-outbox-${me}`),
    channel: tabChannel(`parley-outbox-${me}`),
    wakeups: browserWakeups,
  };
}

/** Online again, or on screen again. */
const browserWakeups: Wakeups = {
  listen(wake) {
    const shown = () => document.visibilityState === "visible" && wake();
    globalThis.addEventListener("online", wake);
    globalThis.addEventListener("pageshow", wake);
    document.addEventListener("visibilitychange", shown);
    return () => {
      globalThis.removeEventListener("online", wake);
      globalThis.removeEventListener("pageshow", wake);
      document.removeEventListener("visibilitychange", shown);
    };
  },
};
