/**
 * One connection, from opening to closing. It says `hello` first, sends frames that are ready
 * together as one message, pings, and notices a dead peer.
 */

import { batch } from "@preact/signals";
import { CloseCode } from "../chat/close_codes.ts";
import { MAX_FRAMES, MAX_MESSAGE_BYTES } from "../chat/limits.ts";
import type { Command, CommandOf } from "../chat/commands.ts";
import type { Fact } from "../chat/facts.ts";
import type { Clock, Socketlike, Transport } from "./ports.ts";
import { VERSION } from "./version.ts";

/** Milliseconds between pings. */
export const PING_MS = 25_000;
/** Milliseconds within which anything must be heard after a ping. */
export const PONG_MS = 8_000;
/** Milliseconds from opening a connection to its `welcome`. */
export const WELCOME_MS = 15_000;
/** Most frames that wait for one flush; more are refused. */
export const MAX_QUEUED = 1_000;

/** What a connection is made of. */
export interface LineOptions {
  transport: Transport;
  clock: Clock;
  hello(): CommandOf<"hello">;
  /** Called for each frame with a type, known or not. `welcome` makes the connection live first. */
  hear(fact: Fact): void;
}

/** What becomes of a connection. */
export interface LineEvents {
  welcome(): void;
  outdated(): void;
  closed(code: number): void;
}

/** One connection from opening to closing; after `closed` or `end` it is silent. */
export class Line {
  readonly #options: LineOptions;
  readonly #on: LineEvents;
  #peer: Socketlike | null = null;
  #over = false;
  #liveAt: number | null = null;
  #queued: string[] = [];
  #pingTimer: number | undefined;
  #deadline: number | undefined;

  constructor(options: LineOptions, on: LineEvents) {
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
