/**
 * A client of the HTTP API and the socket as other people would write one: from `docs/api.md` and
 * `docs/protocol.md` alone, nothing of `lib` but the frame types.
 */

import type { Fact, FactOf } from "../../lib/chat/facts.ts";
import type { Person } from "../../lib/chat/people.ts";
import type { RoomSummary } from "../../lib/chat/rooms.ts";

/** A signed-in person at a server. */
export interface Client {
  origin: string;
  cookie: string;
  me: Person;
  /** A request with the session's cookie and the site's origin. Redirects are not followed. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** A JSON request; throws unless it succeeds. */
  json<T>(path: string, body?: unknown, method?: string): Promise<T>;
  /** Opens the direct room with a person. */
  room(other: Person): Promise<RoomSummary>;
  /** Opens a socket and greets. */
  connect(cursors?: Record<string, number>): Promise<TestSocket>;
}

/** Registers a person and signs them in. */
export async function register(
  origin: string,
  username: string,
  name = username,
): Promise<Client> {
  const response = await fetch(`${origin}/api/users`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ username, name, password: PASSWORD }),
  });
  if (response.status !== 201) {
    throw new Error(`Register: ${response.status} ${await response.text()}`);
  }
  await response.body?.cancel();
  return clientOf(origin, cookieOf(response));
}

/** Password of every person that tests register. */
export const PASSWORD = "correct horse battery";

/** The `name=value` part of the session cookie that a response sets. */
export function cookieOf(response: Response): string {
  const cookie = response.headers.getSetCookie().find((c) => /^(__Host-)?session=/.test(c));
  if (!cookie) throw new Error("No session cookie was set");
  return cookie.split(";")[0];
}

/** A client with an existing session. */
export async function clientOf(origin: string, cookie: string): Promise<Client> {
  const send = (path: string, { headers, ...init }: RequestInit = {}) =>
    fetch(origin + path, {
      redirect: "manual",
      ...init,
      headers: { cookie, origin, ...Object.fromEntries(new Headers(headers)) },
    });
  const json = async <T>(path: string, body?: unknown, method = body ? "POST" : "GET") => {
    const response = await send(path, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  };
  const { me } = await json<{ me: Person }>("/api/me");
  return {
    origin,
    cookie,
    me,
    fetch: send,
    json,
    room: async (other) =>
      (await json<{ room: RoomSummary }>("/api/rooms", { with: other.id })).room,
    connect: async (cursors) => {
      const socket = new TestSocket(origin, { cookie, origin });
      await socket.opened;
      socket.send({ type: "hello", version: 1, ...(cursors && { cursors }) });
      await socket.next("welcome");
      return socket;
    },
  };
}

/** A socket that keeps every frame it got, in order. */
export class TestSocket implements AsyncDisposable {
  readonly frames: Fact[] = [];
  readonly raw: string[] = [];
  readonly opened: Promise<void>;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly socket: WebSocket;
  #taken = new Set<Fact>();
  #wake: (() => void)[] = [];

  constructor(origin: string, headers: Record<string, string>) {
    // Deno takes `{ headers }` here; the DOM's types, which the islands need, do not know it.
    const init = { headers } as unknown as string[];
    this.socket = new WebSocket(`${origin.replace(/^http/, "ws")}/api/ws`, init);
    this.opened = new Promise((resolve, reject) => {
      this.socket.onopen = () => resolve();
      this.socket.onerror = (event) => reject(new Error((event as ErrorEvent).message));
    });
    this.closed = new Promise((resolve) => {
      this.socket.onclose = ({ code, reason }) => resolve({ code, reason });
    });
    this.opened.catch(() => {});
    this.socket.onmessage = ({ data }) => this.#take(data);
  }

  send(...frames: unknown[]): void {
    this.socket.send(JSON.stringify(frames.length === 1 ? frames[0] : frames));
  }

  /** The first frame of a type, not answered before, that `accept` takes; waits up to 30 s. */
  async next<T extends Fact["type"]>(
    type: T,
    accept: (fact: FactOf<T>) => boolean = () => true,
  ): Promise<FactOf<T>> {
    const isWanted = (f: Fact): f is Fact & FactOf<T> =>
      f.type === type && !this.#taken.has(f) && accept(f as FactOf<T>);
    for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
      const found = this.frames.find(isWanted);
      if (found) {
        this.#taken.add(found);
        return found;
      }
      await this.#more(deadline - Date.now());
    }
    throw new Error(`No "${type}" came; there were: ${this.raw.join("\n").slice(0, 2_000)}`);
  }

  /** Resolves after everything sent before was obeyed. */
  async settled(): Promise<void> {
    this.send({ type: "ping" });
    await this.next("pong");
  }

  close(): Promise<{ code: number; reason: string }> {
    this.socket.close();
    return this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #take(data: unknown): void {
    const text = String(data);
    this.raw.push(text);
    const message: Fact | Fact[] = JSON.parse(text);
    this.frames.push(...Array.isArray(message) ? message : [message]);
    for (const wake of this.#wake.splice(0)) wake();
  }

  async #more(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake.push(resolve);
    await promise;
    clearTimeout(timer);
  }
}
