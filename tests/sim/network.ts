/**
 * The network between tabs and instances: connections whose two directions are each in order and
 * otherwise late, slow or cut. A cut loses a tail of what is on its way in each direction, and what
 * was not lost may still arrive long after the client has come back over another connection.
 */

import type { Socketlike, TransportHandlers } from "../../lib/client/ports.ts";
import type { EventSocket } from "../../lib/live/sockets.ts";
import type { NetWeather } from "./faults.ts";
import { Pipe } from "./pipe.ts";
import type { Owner, World } from "./world.ts";

/** Bytes that an undelivered message of a slow reader counts as: the small texts here stand for more. */
const SLOW_BYTES = 250_000;
/** When the runtime gives up a peer that answers nothing (`idleTimeout`). */
const IDLE_MS = 40_000;

/** Who hears what passes. */
export interface Ears {
  serverSends(link: Link, data: string): void;
  clientHears(link: Link, data: string): void;
}

/** One connection. */
export class Link {
  readonly world: World;
  readonly name: string;
  readonly client: Owner;
  readonly server: Owner;
  readonly socket: LinkSocket;
  readonly up: Pipe;
  readonly down: Pipe;
  readonly #handlers: TransportHandlers;
  readonly #ears: Ears;
  readonly #says: (data: string) => string | null;
  /** Over for the client. */
  #left = false;

  constructor(
    { world, name, client, server, handlers, ears, weather, says }: {
      world: World;
      name: string;
      client: Owner;
      server: Owner;
      handlers: TransportHandlers;
      ears: Ears;
      weather: () => NetWeather;
      /** Changes what the client says; `null` drops it. */
      says?: (data: string) => string | null;
    },
  ) {
    this.world = world;
    this.name = name;
    this.client = client;
    this.server = server;
    this.up = new Pipe(world, server, weather);
    this.down = new Pipe(world, client, weather);
    this.socket = new LinkSocket(this);
    this.#handlers = handlers;
    this.#ears = ears;
    this.#says = says ?? ((data) => data);
  }

  /** What the client holds. */
  get end(): Socketlike {
    return {
      send: (data) => {
        const said = this.#says(data);
        if (this.#left || said === null) return;
        this.world.trace(this.name, "->", said);
        this.up.send(() => this.socket.hear(said));
      },
      close: (code = 1005) => {
        this.#left = true;
        this.up.send(() => this.socket.end(code));
      },
    };
  }

  /** Whether either side still thinks it is there. */
  get open(): boolean {
    return !this.#left || this.socket.readyState < 3;
  }

  /** The client sees the connection open. */
  opened(): void {
    this.down.send(() => this.#handlers.open());
  }

  /** Server to client. */
  send(data: string): void {
    this.#ears.serverSends(this, data);
    this.down.send(() => {
      if (this.#left) return;
      this.#ears.clientHears(this, data);
      this.#handlers.message(data);
    });
  }

  /** The server closes: what it sent before arrives first. */
  close(code: number): void {
    this.world.trace(this.name, "closing", String(code));
    this.down.send(() => {
      this.leave(code);
      this.up.send(() => this.socket.end(code));
    });
    this.world.after(this.server, IDLE_MS, () => this.socket.end(1006));
  }

  /** The client learns of the end. */
  leave(code: number): void {
    if (this.#left) return;
    this.#left = true;
    this.#handlers.close(code);
  }

  /** The connection breaks; either side may notice soon, late or by itself never. */
  cut({ told }: { told: "both" | "client" | "server" | "none" }): void {
    const { random } = this.world;
    this.world.trace(this.name, "cut", told);
    for (const pipe of [this.up, this.down]) pipe.cut(random.next());
    const soon = () => random.between([0, 50]);
    if (told === "both" || told === "client") {
      this.world.after(this.client, soon(), () => this.leave(1006));
    }
    const known = told === "both" || told === "server";
    if (known || random.chance(0.5)) {
      this.world.after(this.server, known ? soon() : IDLE_MS, () => this.socket.end(1006));
    }
  }
}

/** The server's end. */
export class LinkSocket implements EventSocket {
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readyState = 1;
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  get bufferedAmount(): number {
    const { down } = this.#link;
    return down.stalled ? down.underway * SLOW_BYTES : 0;
  }

  send(data: string): void {
    if (this.readyState === 1) this.#link.send(data);
  }

  close(code = 1005): void {
    if (this.readyState > 1) return;
    this.readyState = 2;
    this.#link.close(code);
  }

  hear(data: string): void {
    if (this.readyState < 2) this.onmessage?.(new MessageEvent("message", { data }));
  }

  end(code: number): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.(new CloseEvent("close", { code }));
  }
}
