/** The browser's WebSocket as a {@link Transport}. */

import type { Transport } from "./ports.ts";

/** Opens WebSockets to a path of the page's origin. */
export function webSocketTransport(path: string): Transport {
  return {
    open(handlers) {
      const url = new URL(path, globalThis.location.href);
      url.protocol = url.protocol.replace("http", "ws");
      const socket = new WebSocket(url);
      socket.onopen = () => handlers.open();
      socket.onmessage = ({ data }) => handlers.message(String(data));
      socket.onclose = ({ code }) => handlers.close(code);
      return {
        send: (data) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(data);
        },
        close: (code) => socket.close(code),
      };
    },
  };
}
