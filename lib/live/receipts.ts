/**
 * Receipts of this instance: what was handed to sockets and what was read here, gathered and told at
 * most once a second. However many messages pass, a second costs one commit for all pointers that
 * moved, and nothing else where the readers' sockets are at this instance too; a reader who is
 * elsewhere is told by one note.
 *
 * What is told may be lost: the pointers are in the database, and whoever opens a room reads them.
 * Of a person who switched receipts off no pointer is told, and none is told to them.
 */

import { MAX_LIVE_RECEIPTS, MAX_PAGE_ROOMS } from "../chat/limits.ts";
import { NotFoundError } from "../chat/errors.ts";
import type { RoomEvent } from "../chat/events.ts";
import type { Receipt } from "../chat/rooms.ts";
import { HIDDEN, moveDelivered, type RoomReceipt, tellReceipts } from "../store/receipts.ts";
import { listRoomIds } from "../store/rooms.ts";
import type { Rates } from "./rates.ts";
import type { RoomCache } from "./room_cache.ts";
import type { SettingsCache } from "./settings_cache.ts";

/** Least time between two commits of pointers, in milliseconds. */
export const EVERY_MS = 1_000;
/** What comes within this time of the first shares its commit, in milliseconds. */
const GATHER_MS = 50;
/** Pointers that are remembered as stored; a forgotten one costs a write that changes nothing. */
const MAX_KNOWN = 100_000;

/** Everybody's receipts of a large room are many reads for one answer: they count as a search. */
export function takeForReceipts(rates: Rates, { members }: Members): void {
  if (members.length > MAX_LIVE_RECEIPTS) rates.take("search");
}

/** What receipts need of the instance. */
export interface ReceiptsOptions {
  kv: Deno.Kv;
  rooms: RoomCache;
  settings: SettingsCache;
  /** Where a person has sockets: at another instance (too), only here, or nowhere. */
  whereIs(user: string): "elsewhere" | "here" | "nowhere";
  /** Shows receipts to a person's sockets here. */
  show(user: string, room: string, people: Receipt[]): void;
}

/** What is to be told of a room. */
interface Moves {
  /** Who wrote what was handed to others: they are told of it. */
  authors: Set<string>;
  members: Map<string, Move>;
}

/** How far a member has come. */
interface Move {
  delivered: number;
  read: number;
  /** Everybody in the room is told, not only the authors. */
  toAll: boolean;
}

export class Receipts {
  #options: ReceiptsOptions;
  #rooms = new Map<string, Moves>();
  /** `seq` that was stored last, by room and member. */
  #known = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flushing: Promise<void> = Promise.resolve();
  #flushedAt = -Infinity;
  #closed = false;

  constructor(options: ReceiptsOptions) {
    this.#options = options;
  }

  /** Events of a room were handed to these sockets. */
  handed(
    room: string,
    events: readonly RoomEvent[],
    peers: ReadonlySet<{ person: { id: string } }>,
  ): void {
    const last = lastPost(events);
    if (!last || peers.size === 0) return;
    const ofOther = lastPost(events, last.by);
    const { authors, members } = this.#movesOf(room);
    for (const { type, by } of events) if (type === "posted") authors.add(by);
    for (const { person: { id } } of peers) {
      const seq = id === last.by ? ofOther?.seq ?? 0 : last.seq;
      if (seq > 0) move(members, id, { delivered: seq, read: 0, toAll: false });
    }
  }

  /** A socket of a person caught up with a room to here. */
  caughtUp(room: string, user: string, seq: number): void {
    if (seq <= (this.#known.get(`${room} ${user}`) ?? 0)) return;
    move(this.#movesOf(room).members, user, { delivered: seq, read: 0, toAll: true });
  }

  /** A person's read pointer moved to here. */
  read(room: string, user: string, seq: number): void {
    move(this.#movesOf(room).members, user, { delivered: seq, read: seq, toAll: true });
  }

  /**
   * Receipts for a person with sockets here, who may have switched them off. Lossy: when that cannot
   * be known, they are dropped without a word.
   */
  async hear(reader: string, receipts: readonly RoomReceipt[]): Promise<void> {
    const { settings, show } = this.#options;
    const shown = await Promise.resolve(settings.get(reader)).then((s) => s.receipts, () => false);
    if (!shown) return;
    for (const [room, list] of Map.groupBy(receipts, ([room]) => room)) {
      show(reader, room, list.map(toReceipt));
    }
  }

  /** A person switched receipts off: those who see theirs take them from the screen. */
  async withdraw(user: string): Promise<void> {
    const rooms = (await listRoomIds(this.#options.kv, user)).slice(0, MAX_PAGE_ROOMS);
    const move: Move = { delivered: HIDDEN, read: HIDDEN, toAll: true };
    const told = rooms.map((room) => this.#asMember({ room, user, move, authors: new Set() }));
    await this.#tell((await Promise.all(told)).filter((one) => one !== null));
  }

  /**
   * Waits for what is being stored, but not without end: there may be no database. What was still to
   * be stored is known again when the people come back and catch up.
   */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const { promise: limit, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, EVERY_MS);
    await Promise.race([this.#flushing, limit]);
    clearTimeout(timer);
  }

  #movesOf(room: string): Moves {
    let moves = this.#rooms.get(room);
    if (!moves) this.#rooms.set(room, moves = { authors: new Set(), members: new Map() });
    if (this.#timer === undefined && !this.#closed) this.#flushLater();
    return moves;
  }

  #flushLater(): void {
    const wait = Math.max(GATHER_MS, this.#flushedAt + EVERY_MS - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flushing = this.#flushing.then(() => this.#flush());
    }, wait);
  }

  async #flush(): Promise<void> {
    this.#flushedAt = Date.now();
    const rooms = this.#rooms;
    this.#rooms = new Map();
    try {
      const allowed = await Promise.all(
        [...rooms].flatMap(([room, { authors, members }]) =>
          [...members].map(([user, move]) => this.#allowed({ room, user, move, authors }))
        ),
      );
      const told = allowed.filter((one) => one !== null);
      if (told.length === 0) return;
      await this.#store(told);
      await this.#tell(told);
    } catch (error) {
      if (!this.#closed) console.error("Storing receipts failed; the next ones go further.", error);
    }
  }

  async #tellReader(reader: string, receipts: RoomReceipt[]): Promise<void> {
    const { kv, whereIs } = this.#options;
    const where = whereIs(reader);
    if (where === "elsewhere") await tellReceipts(kv, reader, receipts);
    else if (where === "here") await this.hear(reader, receipts);
  }

  /** With the members, if the person is one of them still and shows receipts. */
  async #allowed(told: Told): Promise<Told & Members | null> {
    const { receipts } = await this.#options.settings.get(told.user);
    return receipts ? await this.#asMember(told) : null;
  }

  async #asMember(told: Told): Promise<Told & Members | null> {
    try {
      const { members } = await this.#options.rooms.getFor(told.room, told.user);
      return { ...told, members };
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      throw error;
    }
  }

  async #store(told: readonly Told[]): Promise<void> {
    const moves = told.map(({ room, user, move }) => ({ room, user, seq: move.delivered }));
    await moveDelivered(this.#options.kv, moves);
    if (this.#known.size > MAX_KNOWN) this.#known.clear();
    for (const { room, user, seq } of moves) this.#known.set(`${room} ${user}`, seq);
  }

  /** Each reader gets all that concerns them at once. In large rooms people ask instead. */
  async #tell(told: readonly (Told & Members)[]): Promise<void> {
    const byReader = new Map<string, RoomReceipt[]>();
    for (const { room, user, move: { delivered, read, toAll }, authors, members } of told) {
      if (members.length > MAX_LIVE_RECEIPTS) continue;
      for (const reader of members) {
        if (reader === user || !toAll && !authors.has(reader)) continue;
        const receipts = byReader.get(reader) ?? [];
        receipts.push([room, user, delivered, read]);
        byReader.set(reader, receipts);
      }
    }
    await Promise.allSettled([...byReader].map((one) => this.#tellReader(...one)));
  }
}

/** A member's move, on its way out. */
interface Told {
  room: string;
  user: string;
  move: Move;
  authors: ReadonlySet<string>;
}

interface Members {
  members: readonly string[];
}

function toReceipt([_, by, delivered, read]: RoomReceipt): Receipt {
  return delivered === HIDDEN
    ? { by, delivered: 0, read: 0, hidden: true }
    : { by, delivered, read };
}

/** Joins a move with one of the same member that waits; this is called for each message delivered. */
function move(members: Map<string, Move>, user: string, { delivered, read, toAll }: Move): void {
  const waiting = members.get(user);
  if (!waiting) return void members.set(user, { delivered, read, toAll });
  waiting.delivered = Math.max(waiting.delivered, delivered);
  waiting.read = Math.max(waiting.read, read);
  waiting.toAll ||= toAll;
}

/** The last message among the events, or the last of somebody else than `by`. */
function lastPost(events: readonly RoomEvent[], by?: string): RoomEvent | undefined {
  return events.findLast((event) => event.type === "posted" && event.by !== by);
}
