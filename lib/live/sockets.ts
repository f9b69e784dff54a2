/**
 * The life of sockets at this instance: a session for each, deadlines for the silent ones, and one
 * sweep for all instead of a timer for each.
 */

import { CloseCode } from "../chat/close_codes.ts";
import type { Person } from "../chat/people.ts";
import { isSessionLive } from "../store/sessions.ts";
import type { Live } from "./live.ts";
import { Peer, type PeerSocket } from "./peer.ts";
import type { RatesByPerson } from "./rates.ts";
import { SendQueue } from "./send_queue.ts";
import { Session } from "./session.ts";

/** How soon after opening a `hello` must have come, in milliseconds. */
const HELLO_MS = 10_000;
/** A client pings every 25 s; after this silence it is gone. */
const SILENCE_MS = 60_000;
const SWEEP_MS = 5_000;
/** How often the sign-in session behind a socket is checked, should a note of its end be missed. */
const RECHECK_MS = 10 * 60 * 1000;
/** Sockets that one person may have open at an instance. */
const MAX_PER_PERSON = 30;

/** The events of a `WebSocket` that a session needs. */
export interface EventSocket extends PeerSocket {
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
}

/** The configured rate of messages, and everybody's limits if they are shared with requests. */
export interface SocketLimits {
  postsPerSecond: number;
  rates?: RatesByPerson;
}

export class Sockets {
  #live: Live;
  #limits: SocketLimits;
  #queue = new SendQueue();
  #sessions = new Map<Session, { openedAt: number; checkedAt: number }>();
  #counts = new Map<string, number>();
  #timer: ReturnType<typeof setInterval>;
  #closed = false;

  constructor(live: Live, limits: SocketLimits) {
    this.#live = live;
    this.#limits = limits;
    this.#timer = setInterval(() => this.sweep(), SWEEP_MS);
  }

  /** Whether one more socket of this person is accepted. */
  accepts(userId: string): boolean {
    return !this.#closed && (this.#counts.get(userId) ?? 0) < MAX_PER_PERSON;
  }

  /** Takes over an upgraded socket of a signed-in person. */
  open(socket: EventSocket, who: { person: Person; session: string }): void {
    const { postsPerSecond, rates } = this.#limits;
    const limits = { postsPerSecond, rates: rates?.of(who.person.id) };
    const session = new Session(
      this.#live,
      new Peer(socket, { ...who, queue: this.#queue }),
      limits,
    );
    this.#count(who.person.id, 1);
    const now = Date.now();
    this.#sessions.set(session, { openedAt: now, checkedAt: now });
    socket.onmessage = ({ data }) => session.onMessage(data);
    socket.onclose = () => this.#end(session);
    socket.onerror = () => {}; // a close follows
  }

  /** Closes sockets that never greeted, fell silent or lost their sign-in session. */
  sweep(now = Date.now()): void {
    this.#limits.rates?.sweep(now);
    for (const [session, times] of this.#sessions) {
      const { peer } = session;
      if (!session.greeted && now - times.openedAt > HELLO_MS) {
        peer.close(CloseCode.TIMEOUT, "no hello");
        this.#end(session);
      } else if (now - peer.heardAt > SILENCE_MS) {
        peer.close(CloseCode.TIMEOUT, "nothing heard");
        this.#end(session); // a half-open socket may never report its close
      } else if (now - times.checkedAt > RECHECK_MS) {
        times.checkedAt = now;
        void this.#recheck(session);
      }
    }
  }

  /** Open sockets, for the figures. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Accepts no more sockets and ends the sweep. `Live` closes the greeted ones when all is stored. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const { greeted, peer } of this.#sessions.keys()) {
      if (!greeted) peer.close(CloseCode.RESTART, "the server restarts");
    }
  }

  #end(session: Session): void {
    if (!this.#sessions.delete(session)) return;
    this.#count(session.peer.person.id, -1);
    session.onClose();
  }

  #count(userId: string, by: number): void {
    const count = (this.#counts.get(userId) ?? 0) + by;
    if (count > 0) this.#counts.set(userId, count);
    else this.#counts.delete(userId);
  }

  async #recheck({ peer }: Session): Promise<void> {
    const isLive = await isSessionLive(this.#live.kv, peer.session).catch(() => true);
    if (!isLive) peer.close(CloseCode.SIGNED_OUT, "signed out");
  }
}
