/** One connected member of a room, in either dialect. */

import type { Dialect, Word } from "./dialects.ts";
import type { Account } from "./seed.ts";

/** Told everything a server says to a client, after it was ready. */
export type OnWord = (client: LoadClient, word: Word) => void;

/** Where and as whom a client connects. */
export interface Place {
  dialect: Dialect;
  origin: string;
  account: Account;
  room: string;
}

const PING_MS = 25_000;
/** In a large room all clients get the same text one after the other: it is read once. */
let last: { data: string; words: Word[] } = { data: "", words: [] };

export class LoadClient {
  readonly room: string;
  readonly account: Account;
  readonly ready: Promise<void>;
  readonly closed: Promise<void>;
  #dialect: Dialect;
  #socket: WebSocket;
  #onWord: OnWord;
  #ping: ReturnType<typeof setInterval> | undefined;

  constructor({ dialect, origin, account, room }: Place, onWord: OnWord = () => {}) {
    this.room = room;
    this.account = account;
    this.#dialect = dialect;
    this.#onWord = onWord;
    const socket = this.#socket = dialect.open(origin, account, room);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.ready = promise;
    this.ready.catch(() => {});
    this.closed = new Promise((done) =>
      socket.onclose = ({ code, reason }) => {
        clearInterval(this.#ping);
        reject(new Error(`The server closed: ${code} ${reason}`));
        done();
      }
    );
    socket.onerror = (event) => reject(new Error((event as ErrorEvent).message));
    socket.onopen = () => {
      if (dialect.hello) socket.send(dialect.hello);
      if (dialect.ping) this.#ping = setInterval(() => this.say(dialect.ping!), PING_MS);
    };
    socket.onmessage = ({ data }) => this.#hear(data, resolve);
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  say(data: string): void {
    if (this.isOpen) this.#socket.send(data);
  }

  post(n: number, text: string): void {
    this.say(this.#dialect.post(this.room, n, text));
  }

  close(): Promise<void> {
    this.#socket.close();
    return this.closed;
  }

  #hear(data: string, ready: () => void): void {
    if (data !== last.data) last = { data, words: this.#dialect.read(data) };
    for (const word of last.words) {
      if (word.is === "ready") ready();
      else if (word.is === "asks") this.say(word.answer);
      else this.#onWord(this, word);
    }
  }
}

/** Connects many, a few at a time, and waits until all are ready. */
export async function connectAll(
  places: readonly Place[],
  onWord?: OnWord,
  atOnce = 50,
): Promise<LoadClient[]> {
  const clients: LoadClient[] = [];
  for (let i = 0; i < places.length; i += atOnce) {
    const part = places.slice(i, i + atOnce).map((place) => new LoadClient(place, onWord));
    clients.push(...part);
    await Promise.all(part.map((client) => client.ready));
  }
  return clients;
}
