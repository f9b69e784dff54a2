/**
 * A socket without a network, as the browser's end of `lib/live` sees it. Every frame that it is
 * sent must fit the schemas in `facts.ts`; one that does not fails the next wait.
 */

import { type Fact, facts } from "../../lib/chat/facts.ts";
import type { EventSocket } from "../../lib/live/sockets.ts";
import { Recorder, within } from "./waiting.ts";

export class FakeSocket implements EventSocket {
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readyState = 1;
  bufferedAmount = 0;
  /** Whole messages, as sent. */
  readonly messages: string[] = [];
  readonly received = new Recorder<Fact>();
  readonly invalid: string[] = [];
  #at = 0;
  #closed = Promise.withResolvers<{ code: number; reason: string }>();

  send(data: string): void {
    this.messages.push(data);
    const parsed: unknown = JSON.parse(data);
    for (const frame of Array.isArray(parsed) ? parsed : [parsed]) this.#receive(frame);
  }

  close(code = 1005, reason = ""): void {
    if (this.readyState > 1) return;
    this.readyState = 2;
    this.#closed.resolve({ code, reason });
    queueMicrotask(() => this.hangUp(code));
  }

  /** The connection ends, whoever wanted it. */
  hangUp(code = 1006): void {
    this.readyState = 3;
    this.onclose?.(new CloseEvent("close", { code }));
  }

  /** Resolves with why the server closed the socket. */
  get closed(): Promise<{ code: number; reason: string }> {
    return within(this.#closed.promise, "the server closes the socket");
  }

  /** Says something to the server, as one message. */
  say(message: unknown): void {
    this.raw(JSON.stringify(message));
  }

  raw(data: unknown): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }

  /** The next frame of a type after those taken before; skips the others. */
  async take<T extends Fact["type"]>(
    type: T,
    isIt: (fact: Extract<Fact, { type: T }>) => boolean = () => true,
  ): Promise<Extract<Fact, { type: T }>> {
    let found: Extract<Fact, { type: T }> | undefined;
    await this.received.until((all) => {
      for (; this.#at < all.length && !found; this.#at++) {
        const fact = all[this.#at];
        if (isOf(fact, type) && isIt(fact)) found = fact;
      }
      return found !== undefined;
    }, `a frame "${type}"`);
    if (this.invalid.length > 0) throw new Error(this.invalid.join("\n"));
    return found!;
  }

  /** All frames of a type so far. */
  all<T extends Fact["type"]>(type: T): Extract<Fact, { type: T }>[] {
    return this.received.all.filter((fact) => isOf(fact, type));
  }

  #receive(frame: unknown): void {
    const { type } = frame as { type: keyof typeof facts };
    const result = facts[type].safeParse(frame);
    if (!result.success) this.invalid.push(`${JSON.stringify(frame)}: ${result.error.message}`);
    else this.received.add(result.data);
  }
}

function isOf<T extends Fact["type"]>(fact: Fact, type: T): fact is Extract<Fact, { type: T }> {
  return fact.type === type;
}
