/**
 * A connection that keeps coming back: with full jitter after it broke, spread after a restart of
 * the server, until a final close code. One connection's own life is in `line.ts`.
 *
 * It promises nothing about delivery: a frame is either handed to a live connection or refused
 * (`send` answers false), and what was in flight when it broke is for the callers to repeat.
 */

import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { CloseCode, isFinal } from "../chat/close_codes.ts";
import type { Command } from "../chat/commands.ts";
import { Line, type LineOptions } from "./line.ts";

/** Reconnect delays are uniform in 0…cap; the cap doubles from the first to the second. */
export const FIRST_CAP_MS = 1_000;
export const LAST_CAP_MS = 30_000;
/** The return after a restart is uniform in 0…this. */
export const RESTART_SPREAD_MS = 5_000;
/** A connection that lived this long earns a fresh start of the delays. */
export const STABLE_MS = 10_000;

/** How the connection is; the last two are final. */
export type Connection = "connecting" | "live" | "waiting" | "signed_out" | "outdated";

/** What a {@link Socket} is made of. */
export interface SocketOptions extends LineOptions {
  /** Uniform in [0, 1). */
  random(): number;
  /** Called when a live connection is lost. */
  lost(): void;
  /** Where to say how it is. */
  state?: ConnectionState;
}

/** How a connection is, for views. */
export interface ConnectionState {
  connection: Signal<Connection>;
  /** While `waiting`: epoch milliseconds of the next try. */
  retryAt: Signal<number | null>;
}

/** A connection that keeps coming back. */
export class Socket {
  readonly connection: ReadonlySignal<Connection>;
  readonly retryAt: ReadonlySignal<number | null>;
  readonly #connection: Signal<Connection>;
  readonly #retryAt: Signal<number | null>;
  readonly #options: SocketOptions;
  #line: Line | null = null;
  #retryTimer: number | undefined;
  #attempt = 0;
  #running = false;

  constructor(options: SocketOptions) {
    const { state } = options;
    this.#options = options;
    this.connection = this.#connection = state?.connection ?? signal<Connection>("connecting");
    this.retryAt = this.#retryAt = state?.retryAt ?? signal<number | null>(null);
  }

  /** Whether frames can be sent now. */
  get live(): boolean {
    return this.#connection.peek() === "live";
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#connect();
  }

  /** Ends for good, or until `start()`. */
  close(): void {
    this.#running = false;
    this.#options.clock.clearTimeout(this.#retryTimer ?? 0);
    const wasLive = this.live;
    this.#drop(1000);
    this.#connection.value = "connecting";
    this.#retryAt.value = null;
    if (wasLive) this.#options.lost();
  }

  /** The network or the tab came back: try now, or see whether the connection still lives. */
  wake(): void {
    if (!this.#running) return;
    if (this.#connection.peek() === "waiting") this.#connect();
    else if (this.live) this.#line?.probe();
  }

  /** Sends with whatever else is ready in this turn; false when there is no live connection. */
  send(frame: Command): boolean {
    return this.live && this.#line !== null && this.#line.queue(frame);
  }

  /** Gives up for good: nobody is signed in here, or not the person this page was made for. */
  end(state: "signed_out" | "outdated"): void {
    this.#running = false;
    const wasLive = this.live;
    this.#drop(1000);
    this.#connection.value = state;
    this.#retryAt.value = null;
    if (wasLive) this.#options.lost();
  }

  #connect(): void {
    this.#options.clock.clearTimeout(this.#retryTimer ?? 0);
    this.#connection.value = "connecting";
    this.#retryAt.value = null;
    const line = new Line(this.#options, {
      welcome: () => this.#connection.value = "live",
      outdated: () => this.end("outdated"),
      closed: (code) => this.#closed(line, code),
    });
    this.#line = line;
    line.open();
  }

  #closed(line: Line, code: number): void {
    this.#line = null;
    const wasLive = this.live;
    batch(() => {
      if (isFinal(code)) {
        this.#running = false;
        this.#connection.value = code === CloseCode.SIGNED_OUT ? "signed_out" : "outdated";
      } else this.#wait(code, line);
      if (wasLive) this.#options.lost();
    });
  }

  #wait(code: number, line: Line): void {
    const { clock } = this.#options;
    if (line.liveFor() >= STABLE_MS) this.#attempt = 0;
    const ms = this.#delay(code);
    this.#connection.value = "waiting";
    this.#retryAt.value = clock.now() + ms;
    this.#retryTimer = clock.setTimeout(() => this.#connect(), ms);
  }

  /** AWS's "full jitter"; a restart spreads instead, and does not count as a failure. */
  #delay(code: number): number {
    const restart = code === CloseCode.RESTART;
    const cap = restart
      ? RESTART_SPREAD_MS
      : Math.min(LAST_CAP_MS, FIRST_CAP_MS * 2 ** this.#attempt++);
    return Math.floor(this.#options.random() * cap);
  }

  #drop(code: number): void {
    const line = this.#line;
    this.#line = null;
    line?.end(code);
  }
}
