/** A transport whose far end is the test: it sees what was sent and says what it likes. */

import type { Command, CommandOf } from "../../lib/chat/commands.ts";
import type { Fact } from "../../lib/chat/facts.ts";
import type { Socketlike, Transport, TransportHandlers } from "../../lib/client/ports.ts";

export class FakeTransport implements Transport {
  readonly connections: FakeConnection[] = [];

  open(handlers: TransportHandlers): Socketlike {
    const connection = new FakeConnection(handlers);
    this.connections.push(connection);
    return connection;
  }

  /** The newest connection. */
  get last(): FakeConnection {
    const last = this.connections.at(-1);
    if (!last) throw new Error("Nothing was connected yet");
    return last;
  }
}

export class FakeConnection implements Socketlike {
  /** WebSocket messages as they were sent. */
  readonly messages: string[] = [];
  /** Code that the client closed with. */
  closedWith: number | undefined | null = null;
  readonly #handlers: TransportHandlers;

  constructor(handlers: TransportHandlers) {
    this.#handlers = handlers;
  }

  send(data: string): void {
    this.messages.push(data);
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  /** All frames that were sent, in order. */
  get sent(): Command[] {
    return this.messages.flatMap((message): Command[] => [JSON.parse(message)].flat());
  }

  /** The frames of one type that were sent. */
  sentOf<T extends Command["type"]>(type: T): CommandOf<T>[] {
    return this.sent.filter((frame): frame is CommandOf<T> => frame.type === type);
  }

  /** The connection opens. */
  accept(): void {
    this.#handlers.open();
  }

  /** The server says these facts in one message. */
  say(...facts: Fact[]): void {
    this.raw(JSON.stringify(facts.length === 1 ? facts[0] : facts));
  }

  raw(data: string): void {
    this.#handlers.message(data);
  }

  /** The connection is closed by the server or the network. */
  drop(code = 1006): void {
    this.#handlers.close(code);
  }
}
