/**
 * One socket as the hub sees it. Frames that are ready when it sends go out as one WebSocket message,
 * in the order they came: at the end of the turn, or, where nothing is ready but what many are told,
 * when its turn among them comes. A peer that reads too slowly is closed before its backlog grows past
 * {@link MAX_BACKLOG_BYTES}; it resumes exactly.
 */

import { CloseCode } from "../chat/close_codes.ts";
import type { Fact } from "../chat/facts.ts";
import type { Person } from "../chat/people.ts";
import { type SendQueue, SLICE } from "./send_queue.ts";

/** Unsent bytes above which a peer is closed. */
export const MAX_BACKLOG_BYTES = 1024 * 1024;

/** The part of a `WebSocket` that a peer uses. */
export interface PeerSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

const OPEN = 1;

export class Peer {
  readonly person: Person;
  /** Hash of the session it came with; when that ends, the peer is closed. */
  readonly session: string;
  /** Rooms whose events it gets, to the first `seq` of each that its person may see. */
  readonly rooms = new Map<string, number>();
  /** People whose presence it gets. */
  watched: readonly string[] = [];
  /** When something was last heard from it, epoch ms. */
  heardAt = Date.now();

  #socket: PeerSocket;
  #ready: string[] = [];
  /** Live frames that wait for the `welcome`. */
  #held: string[] | null = [];
  #heldChars = 0;
  /** What is ready goes out at the end of this turn. */
  #scheduled = false;
  #queue: SendQueue;
  #closing = false;

  constructor(
    socket: PeerSocket,
    { person, session, queue }: { person: Person; session: string; queue: SendQueue },
  ) {
    this.#socket = socket;
    this.#queue = queue;
    this.person = person;
    this.session = session;
  }

  /** Sends an answer. */
  send(fact: Fact): void {
    this.#push(JSON.stringify(fact));
  }

  /** Sends a live frame that is JSON already, and that so many are told; before {@link release} it waits. */
  publish(json: string, audience = 1): void {
    if (!this.#held) return this.#push(json, audience);
    this.#held.push(json);
    this.#heldChars += json.length;
    if (this.#heldChars > MAX_BACKLOG_BYTES) this.close(CloseCode.TOO_SLOW, "greeted too slowly");
  }

  /** Lets live frames through, the waiting ones first. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const json of held) this.#push(json);
  }

  /** Closed from this side: nothing it still says is heard. */
  get closing(): boolean {
    return this.#closing;
  }

  close(code: number, reason: string): void {
    this.#closing = true;
    this.serve();
    if (this.#socket.readyState <= OPEN) this.#socket.close(code, reason);
  }

  /** Its turn: sends what is ready. `false` if nothing is any more. */
  serve(): boolean {
    const ready = this.#ready;
    if (ready.length === 0) return false;
    this.#ready = [];
    if (this.#socket.readyState !== OPEN) return false;
    if (this.#socket.bufferedAmount > MAX_BACKLOG_BYTES) {
      this.#closing = true;
      this.#socket.close(CloseCode.TOO_SLOW, "reads too slowly");
      return true;
    }
    this.#socket.send(ready.length === 1 ? ready[0] : `[${ready.join(",")}]`);
    return true;
  }

  #push(json: string, audience = 1): void {
    this.#ready.push(json);
    if (this.#scheduled) return;
    if (audience > SLICE) return this.#queue.add(this);
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.serve();
    });
  }
}
