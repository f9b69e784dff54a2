/**
 * How the two servers are spoken to over one and the same WebSocket client: Parley's frames, and
 * the text packets of Engine.IO 4 and Socket.IO 5 (https://socket.io/docs/v4/socket-io-protocol/).
 * What a server says becomes the same small words, so that the load core knows no dialect.
 * Messages are named by number.
 */

import { PROTOCOL_VERSION } from "../../lib/chat/commands.ts";
import type { Fact } from "../../lib/chat/facts.ts";
import type { Account } from "./seed.ts";

/** What a server said. `posted`: message `n` is delivered; `ack`: its author knows it is stored. */
export type Word =
  | { is: "ready" }
  | { is: "ack" | "posted"; n: number }
  | { is: "failed"; n: number | null; why: string }
  | { is: "page"; fact: Extract<Fact, { type: "page" | "resumed" }> }
  | { is: "asks"; answer: string };

export interface Dialect {
  open(origin: string, account: Account, room: string): WebSocket;
  /** What is said as soon as the socket is open. */
  hello: string | null;
  post(room: string, n: number, text: string): string;
  /** Said every 25 seconds; `null` when the server asks instead. */
  ping: string | null;
  read(data: string): Word[];
}

/** As the app makes them: the time, then random; the number is at the end. */
function idOf(n: number): string {
  const random = Math.random().toString(36).slice(2).padEnd(11, "0");
  return `${Date.now().toString(36)}-${random}-${n}`;
}

export const parley: Dialect = {
  open: (origin, { cookie }) => connect(`${origin}/api/ws`, { origin, cookie }),
  hello: JSON.stringify({ type: "hello", version: PROTOCOL_VERSION }),
  post: (room, n, text) => `{"type":"post","room":"${room}","id":"${idOf(n)}","text":"${text}"}`,
  ping: '{"type":"ping"}',
  read(data) {
    const message: Fact | Fact[] = JSON.parse(data);
    return Array.isArray(message) ? message.flatMap(wordsOf) : wordsOf(message);
  },
};

function wordsOf(fact: Fact): Word[] {
  switch (fact.type) {
    case "welcome":
      return [{ is: "ready" }];
    case "ack":
      return [{ is: "ack", n: numberOf(fact.id) }];
    case "events":
      return fact.events.map(({ id }) => ({ is: "posted", n: numberOf(id) }));
    case "error":
      return [{
        is: "failed",
        n: fact.id === undefined ? null : numberOf(fact.id),
        why: fact.message,
      }];
    case "page":
    case "resumed":
      return [{ is: "page", fact }];
    default:
      return [];
  }
}

function numberOf(id: string): number {
  return Number(id.slice(id.lastIndexOf("-") + 1));
}

export const socketIo: Dialect = {
  open: (origin, { id }, room) =>
    connect(`${origin}/socket.io/?EIO=4&transport=websocket&user=${id}&room=${room}`, {}),
  hello: null,
  post: (room, n, text) => `42${n}["post",{"room":"${room}","id":${n},"text":"${text}"}]`,
  ping: null,
  read(data) {
    if (data.startsWith("42")) return [{ is: "posted", n: JSON.parse(data.slice(2))[1].id }];
    if (data.startsWith("43")) {
      const at = data.indexOf("[");
      JSON.parse(data.slice(at)); // as a client would
      return [{ is: "ack", n: Number(data.slice(2, at)) }];
    }
    if (data.startsWith("40")) return [{ is: "ready" }];
    if (data === "2") return [{ is: "asks", answer: "3" }];
    if (data.startsWith("0")) return [{ is: "asks", answer: "40" }];
    return [{ is: "failed", n: null, why: data }];
  },
};

function connect(url: string, headers: Record<string, string>): WebSocket {
  // Deno takes `{ headers }` here; the DOM's types, which the islands need, do not know it.
  return new WebSocket(url.replace(/^http/, "ws"), { headers } as unknown as string[]);
}
