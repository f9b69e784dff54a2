/**
 * One reconnecting connection. It says `hello` first, sends frames that are ready together as one
 * message, pings, notices a dead peer, and comes back with full jitter until a final close code.
 *
 * It promises nothing about delivery: a frame is either handed to a live connection or refused
 * (`send` answers false), and what was in flight when it broke is for the callers to repeat.
 */

import { batch, type ReadonlySignal, signal } from "@preact/signals";
import { CloseCode, isFinal } from "../chat/close_codes.ts";
import { MAX_FRAMES, MAX_MESSAGE_BYTES } from "../chat/limits.ts";
import type { Command, CommandOf, Fact, PROTOCOL_VERSION } from "../chat/protocol.ts";
import type { Clock, Socketlike, Transport } from "./ports.ts";

/** The version this client speaks; the type makes it the server's. */
export const VERSION: typeof PROTOCOL_VERSION = 1;
/** Milliseconds between pings. */
export const PING_MS = 25_000;
/** Milliseconds within which anything must be heard after a ping. */
export const PONG_MS = 8_000;
/** Milliseconds from opening a connection to its `welcome`. */
export const WELCOME_MS = 15_000;
/** Reconnect delays are uniform in 0…cap; the cap doubles from the first to the second. */
export const FIRST_CAP_MS = 1_000;
export const LAST_CAP_MS = 30_000;
/** The return after a restart is uniform in 0…this. */
export const RESTART_SPREAD_MS = 5_000;
/** A connection that lived this long earns a fresh start of the delays. */
export const STABLE_MS = 10_000;
/** Most frames that wait for one flush; more are refused. */
export const MAX_QUEUED = 1_000;

/** How the connection is; the last two are final. */
export type Connection = "connecting" | "live" | "waiting" | "signed_out" | "outdated";

/** What a {@link Socket} is made of. */
export interface SocketOptions {
  transport: Transport;
  clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
  hello(): CommandOf<"hello">;
  /** Called for each frame with a type, known or not. `welcome` makes the connection live first. */
  hear(fact: Fact): void;
  /** Called when a live connection is lost. */
  lost(): void;
}

/** A connection that keeps coming back. */
export class Socket {
  readonly connection: ReadonlySignal<Connection>;
  readonly retryAt: ReadonlySignal<number | null>;
  readonly #connection = signal<Connection>("connecting");
  readonly #retryAt = signal<number | null>(null);
  readonly #options: SocketOptions;
  #line: Line | null = null;
  #retryTimer: number | undefined;
  #attempt = 0;
  #running = false;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.connection = this.#connection;
    this.retryAt = this.#retryAt;
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

interface LineEvents {
  welcome(): void;
  outdated(): void;
  closed(code: number): void;
}

/** One connection from opening to closing; after `closed` or `end` it is silent. */
class Line {
  readonly #options: SocketOptions;
  readonly #on: LineEvents;
  #peer: Socketlike | null = null;
  #over = false;
  #liveAt: number | null = null;
  #queued: string[] = [];
  #pingTimer: number | undefined;
  #deadline: number | undefined;

  constructor(options: SocketOptions, on: LineEvents) {
    this.#options = options;
    this.#on = on;
  }

  open(): void {
    this.#deadline = this.#options.clock.setTimeout(() => this.#fail(), WELCOME_MS);
    this.#peer = this.#options.transport.open({
      open: () => this.#over || this.#peer?.send(JSON.stringify(this.#options.hello())),
      message: (data) => this.#over || this.#message(data),
      close: (code) => this.#closed(code),
    });
  }

  liveFor(): number {
    return this.#liveAt === null ? 0 : this.#options.clock.now() - this.#liveAt;
  }

  queue(frame: Command): boolean {
    if (this.#queued.length >= MAX_QUEUED) return false;
    if (this.#queued.push(JSON.stringify(frame)) === 1) queueMicrotask(() => this.#flush());
    return true;
  }

  /** Pings now and gives the peer {@link PONG_MS} to say anything. */
  probe(): void {
    const { clock } = this.#options;
    clock.clearTimeout(this.#pingTimer ?? 0);
    this.#pingTimer = clock.setTimeout(() => this.probe(), PING_MS);
    this.queue({ type: "ping" });
    this.#deadline ??= clock.setTimeout(() => this.#fail(), PONG_MS);
  }

  end(code: number): void {
    this.#stop();
    this.#peer?.close(code);
  }

  #closed(code: number): void {
    if (this.#over) return;
    this.#stop();
    this.#on.closed(code);
  }

  #stop(): void {
    this.#over = true;
    this.#heard();
    this.#options.clock.clearTimeout(this.#pingTimer ?? 0);
  }

  /** Anything that arrives proves the peer alive. */
  #heard(): void {
    this.#options.clock.clearTimeout(this.#deadline ?? 0);
    this.#deadline = undefined;
  }

  /** A peer that is silent or talks nonsense: a resume is exact, so begin anew. */
  #fail(): void {
    const peer = this.#peer;
    this.#closed(CloseCode.TIMEOUT);
    peer?.close(CloseCode.TIMEOUT);
  }

  #message(data: string): void {
    const frames = parse(data);
    if (frames === null) return this.#fail();
    if (this.#liveAt !== null) this.#heard();
    batch(() => {
      for (const frame of frames) if (!this.#over) this.#frame(frame);
    });
  }

  #frame(fact: Fact): void {
    if (fact.type === "welcome") {
      if (fact.version !== VERSION) return this.#on.outdated();
      const { clock } = this.#options;
      this.#heard();
      this.#liveAt = clock.now();
      this.#pingTimer = clock.setTimeout(() => this.probe(), PING_MS);
      this.#on.welcome();
    }
    this.#options.hear(fact);
  }

  #flush(): void {
    const frames = this.#queued;
    this.#queued = [];
    if (this.#over) return;
    for (const message of messagesOf(frames)) this.#peer?.send(message);
  }
}

/** Frames of a message: one object or an array; what has no type is dropped, no JSON is null. */
function parse(data: string): Fact[] | null {
  try {
    const value: unknown = JSON.parse(data);
    return (Array.isArray(value) ? value : [value]).filter(isFrame);
  } catch {
    return null;
  }
}

function isFrame(value: unknown): value is Fact {
  return typeof value === "object" && value !== null && "type" in value &&
    typeof value.type === "string";
}

/** Packs frames into messages under the server's limits; 3 bytes bound one UTF-16 unit of UTF-8. */
function messagesOf(frames: string[]): string[] {
  const messages: string[] = [];
  let pack: string[] = [];
  let bytes = 2;
  for (const frame of frames) {
    const size = frame.length * 3 + 1;
    if (pack.length > 0 && (pack.length === MAX_FRAMES || bytes + size > MAX_MESSAGE_BYTES)) {
      messages.push(join(pack));
      pack = [];
      bytes = 2;
    }
    pack.push(frame);
    bytes += size;
  }
  if (pack.length > 0) messages.push(join(pack));
  return messages;
}

function join(pack: string[]): string {
  return pack.length === 1 ? pack[0] : `[${pack.join()}]`;
}
