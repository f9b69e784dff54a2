/**
 * One socket's conversation: the first frame is a `hello`, then commands are obeyed in the order
 * they came. A failure is answered by an `error` frame and never ends the process. What a command
 * does, and what it checks, is in `commands/`, a file a topic.
 */

import { CloseCode } from "../chat/close_codes.ts";
import { type CommandOf, PROTOCOL_VERSION } from "../chat/commands.ts";
import { NotFoundError } from "../chat/errors.ts";
import type { ErrorCode, Fact } from "../chat/facts.ts";
import { MAX_PAGE_EVENTS } from "../chat/limits.ts";
import { canPost, type RoomAccess } from "../chat/permissions.ts";
import { type BucketState, takeToken } from "../chat/token_bucket.ts";
import { allowedIn, type Draft } from "../store/drafts.ts";
import { listEvents } from "../store/events.ts";
import { getRoomFor, listMemberships, type MemberOf } from "../store/rooms.ts";
import { departureIn, viewEvents } from "../store/viewing.ts";
import { listSummaries } from "../store/summaries.ts";
import { type Answer, obey } from "./commands/mod.ts";
import { draftOf, type StoredCommand } from "./drafts.ts";
import { BadMessage, errorFrame, type Frame, type LaterCommand, readMessage } from "./frames.ts";
import { Holdback } from "./holdback.ts";
import type { Live } from "./live.ts";
import type { Peer } from "./peer.ts";
import { Rates } from "./rates.ts";

const NO_ROOM = "There is no such room.";
/** Commands that may wait for earlier ones before the socket counts as flooding. */
const MAX_PENDING = 1_000;
/** All frames: 300 at once, then 100 a second, or twice the posts. Above it the socket is closed. */
const FRAME_BURST = 300;
const FRAMES_PER_SECOND = 100;
/** Errors after which the same command may be sent again. */
const FOR_NOW: ReadonlySet<ErrorCode> = new Set(["rate_limited", "overloaded", "internal"]);

/** What limits a session: the configured rate of messages, and the state shared by sockets. */
export interface SessionLimits {
  postsPerSecond: number;
  rates?: Rates;
}

export class Session {
  readonly peer: Peer;
  readonly live: Live;
  readonly rates: Rates;
  #frameLimit: { burst: number; refillMs: number };
  /** The room that was last told that this peer types in it: people type in one at a time. */
  readonly typed = { room: "", at: 0 };
  #frames: BucketState | null = null;
  #holdback = new Holdback();
  /** When the command came that is obeyed now; it may have waited for earlier ones. */
  #cameAt = 0;
  #greeted = false;
  #closed = false;
  #pending = 0;
  #tail: Promise<void> | null = null;

  /** `rates`: the person's, shared by all their sockets here. */
  constructor(live: Live, peer: Peer, { postsPerSecond, rates }: SessionLimits) {
    this.live = live;
    this.peer = peer;
    this.rates = rates ?? new Rates(postsPerSecond);
    this.#frameLimit = {
      burst: Math.max(FRAME_BURST, 2 * postsPerSecond),
      refillMs: 1000 / Math.max(FRAMES_PER_SECOND, 2 * postsPerSecond),
    };
  }

  /** Whether the `hello` was obeyed; a socket that waits too long with it is closed. */
  get greeted(): boolean {
    return this.#greeted;
  }

  /** Takes one WebSocket message. */
  onMessage(data: unknown): void {
    if (this.#isOver) return;
    this.peer.heardAt = Date.now();
    try {
      const frames = readMessage(data);
      for (const frame of frames) {
        if (this.#isFlooding() || this.#pending > MAX_PENDING) {
          return this.peer.close(CloseCode.FLOOD, "too many frames");
        }
        this.#queue(frame);
      }
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      this.peer.close(error.tooBig ? CloseCode.TOO_BIG : CloseCode.PROTOCOL, error.message);
    }
  }

  /** Closed from either side: a session that was signed out obeys nothing more. */
  get #isOver(): boolean {
    return this.#closed || this.peer.closing;
  }

  /** The socket closed. Without effect the second time. */
  onClose(): void {
    this.#closed = true;
    this.live.remove(this.peer);
  }

  /** Obeys a frame after all earlier ones; at once when none is under way. */
  #queue(frame: Frame): void {
    if (!this.#tail) {
      const answer = this.#obey(frame);
      if (answer) this.#follow(answer);
    } else {
      const cameAt = Date.now();
      this.#follow(this.#tail.then(() => this.#obey(frame, cameAt)));
    }
  }

  #follow(answer: Promise<void>): void {
    this.#pending++;
    const tail = answer.finally(() => {
      this.#pending--;
      if (this.#tail === tail) this.#tail = null;
    });
    this.#tail = tail;
  }

  #obey(frame: Frame, cameAt = Date.now()): Answer {
    if (this.#isOver) return;
    this.#cameAt = cameAt;
    if ("error" in frame) return this.peer.send(frame.error);
    const { command } = frame;
    if (command.type === "hello") return this.#hello(command);
    if (!this.#greeted) return this.peer.close(CloseCode.PROTOCOL, "the first frame is a hello");
    try {
      const answer = obey(this, command);
      return answer?.catch((error) => this.#fail(error, command));
    } catch (error) {
      this.#fail(error, command);
    }
  }

  #fail(error: unknown, command: LaterCommand): void {
    const frame = errorFrame(error, command);
    if (frame.code === "internal") console.error(`Command "${command.type}" failed.`, error);
    if (command.type === "post" && FOR_NOW.has(frame.code)) this.#holdback.refused(command);
    this.peer.send(frame);
  }

  async #hello({ version, cursors }: CommandOf<"hello">): Promise<void> {
    if (version !== PROTOCOL_VERSION) {
      return this.peer.close(CloseCode.BAD_VERSION, `this server speaks ${PROTOCOL_VERSION}`);
    }
    if (this.#greeted) return this.peer.close(CloseCode.PROTOCOL, "a second hello");
    this.#greeted = true;
    try {
      await this.#greet(cursors ?? {});
    } catch (error) {
      console.error("Greeting a socket failed.", error);
      this.peer.close(CloseCode.RESTART, "try again");
    }
  }

  /** Subscribes first and reads after, so that nothing falls between; live frames wait. */
  async #greet(cursors: Record<string, number>): Promise<void> {
    const { peer } = this;
    const { kv } = this.live;
    if (this.#closed) return;
    await this.live.add(peer);
    const joined = await this.#joinAll();
    const { rooms, more } = await listSummaries(kv, peer.person.id, { rooms: joined });
    peer.send({
      type: "welcome",
      version: PROTOCOL_VERSION,
      me: peer.person,
      now: Date.now(),
      joined: this.live.joined,
      rooms,
      more,
    });
    for (const { id, head, unread } of rooms) {
      if (unread > 0) this.live.receipts.caughtUp(id, peer.person.id, head);
    }
    for (const [room, seq] of Object.entries(cursors)) {
      peer.send(await this.#resume(room, seq));
    }
    peer.release();
  }

  /** Who ceased to be a member of a room before it was followed heard nothing of it: read again. */
  async #joinAll(): Promise<MemberOf[]> {
    const { live, peer } = this;
    const before = await listMemberships(live.kv, peer.person.id);
    await live.join(peer, before);
    const joined = await listMemberships(live.kv, peer.person.id);
    const kept = new Map(joined.map((membership) => [membership.room, membership]));
    for (const { room } of before) {
      const membership = kept.get(room);
      if (!membership) live.leave(peer, room);
      else if (peer.rooms.has(room)) live.hub.join(peer, room, membership.from);
    }
    return joined.filter(({ room }) => peer.rooms.has(room));
  }

  /** Where the events tell that their reader left, the room's record says what is still for them. */
  async #resume(room: string, after: number): Promise<Fact> {
    const { live: { kv }, peer } = this;
    const { id } = peer.person;
    const query = { after, limit: MAX_PAGE_EVENTS };
    try {
      if (!peer.rooms.has(room)) throw new NotFoundError(NO_ROOM);
      let page = await listEvents(kv, room, { ...query, from: peer.rooms.get(room) });
      if (departureIn(page.events, id) > 0) {
        page = await viewEvents(kv, await getRoomFor(kv, room, id), id, query);
      }
      const { events, head, newer } = page;
      return { type: "resumed", room, events, head, contiguous: !newer };
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      return { type: "error", code: "not_found", message: error.message, room };
    }
  }

  /**
   * Hands a command that is stored to the appender. Does not wait until it is: later commands need
   * not either. A post behind one that was refused for now is refused as well, see `Holdback`.
   */
  store(command: StoredCommand): Answer {
    if (command.type === "post") this.#holdback.check(command, this.#cameAt);
    const room = this.live.rooms.getFor(command.room, this.peer.person.id);
    if (room instanceof Promise) return room.then((room) => this.#address(command, room));
    return this.#address(command, room);
  }

  #address(command: StoredCommand, access: RoomAccess): Answer {
    const by = this.peer.person.id;
    if (!canPost(access, by)) throw new NotFoundError(NO_ROOM);
    this.rates.take("post");
    const draft = this.live.addressing.address(allowedIn(draftOf(command, by), access), access);
    this.append(command, draft);
  }

  /** Hands a draft to the appender; its command is answered once it is stored, or why it is not. */
  append(command: StoredCommand | CommandOf<"forward">, draft: Draft): void {
    const { room, id } = command;
    this.live.appender.post(draft, (result) => {
      if (result instanceof Error) return this.#fail(result, command);
      this.peer.send({ type: "ack", room, id, ...result });
    });
    if (command.type === "post") this.#holdback.taken(command);
  }

  #isFlooding(): boolean {
    const { state, waitMs } = takeToken(this.#frames, this.#frameLimit, Date.now());
    this.#frames = state;
    return waitMs > 0;
  }
}
