/**
 * Messages that are not known to be stored yet, oldest first, kept in the browser until they are
 * (`outbox_shelf.ts`).
 *
 * A message is shown and written down at once, sent when this tab has its turn (one tab of an
 * account sends at a time), and dropped when its ack or its event arrives. It is always sent under
 * the id it was made with, which the server stores once, ever; so every doubt is met by sending
 * again. Within a room they go in order, up to {@link MAX_IN_FLIGHT} ahead of their acks; a failed
 * one holds back the newer ones until it is retried or cancelled. One whose files are still on
 * their way is passed by: it gets its place when they are there. What nobody asked for within
 * {@link MAX_AGE_MS} is not sent without being asked for again.
 */

import type { ReadonlySignal } from "@preact/signals";
import type { CommandOf } from "../chat/commands.ts";
import type { FactOf } from "../chat/facts.ts";
import type { PendingFile } from "./files/pending_file.ts";
import { Lane } from "./outbox_lane.ts";
import { type Keeping, type OutboxEntry, OutboxShelf } from "./outbox_shelf.ts";
import type { Clock, Lock } from "./ports.ts";

/** Messages of a room that may wait for their ack at a time. */
export const MAX_IN_FLIGHT = 16;
/** Age after which a message is not sent unasked. */
export const MAX_AGE_MS = 24 * 60 * 60 * 1000;
/** What an aged message shows. */
export const AGED = "This was not sent for a day. Send it again?";

/** What an {@link Outbox} is made of. */
export interface OutboxOptions {
  clock: Clock;
  newId(): string;
  /** False when there is no live connection. */
  send(frame: CommandOf<"post">): boolean;
  /** The store failed; messages live only as long as the tab. */
  troubled(error: unknown): void;
}

/** The outbox of one account in one tab. */
export class Outbox {
  /** All entries, oldest first. */
  readonly entries: ReadonlySignal<OutboxEntry[]>;
  readonly #options: OutboxOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #shelf: OutboxShelf;
  #lock: Lock | null = null;
  #live = false;
  #giveBack: (() => void) | null = null;
  #myTurn = false;
  #timer: number | null = null;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#shelf = new OutboxShelf(() => this.#looked(), options.troubled);
    this.entries = this.#shelf.entries;
  }

  /** Keeps what there is, shows what is kept from before, and listens to the other tabs. */
  start(keeping: Keeping): Promise<void> {
    this.#lock = keeping.lock;
    return this.#shelf.start(keeping);
  }

  /** Looks for what a tab left that ended before it could tell the others. */
  look(): Promise<void> | void {
    return this.#shelf.look();
  }

  close(): void {
    this.setLive(false);
    this.#shelf.close();
  }

  /** Whether a connection is there to send by. A lost one takes what was in flight with it. */
  setLive(live: boolean): void {
    this.#live = live;
    this.#lanes.clear();
    this.#run();
  }

  /** Adds a message; `text` is normalised and within the limits. */
  add(
    room: string,
    text: string,
    { reply, files }: Pick<OutboxEntry, "reply" | "files"> = {},
  ): OutboxEntry {
    const now = this.#options.clock.now();
    const createdAt = Math.max(now, (this.entries.peek().at(-1)?.createdAt ?? 0) + 1);
    const entry: OutboxEntry = {
      room,
      id: this.#options.newId(),
      text,
      ...reply !== undefined && { reply },
      ...files && { files },
      createdAt,
      askedAt: now,
      state: "pending",
    };
    this.#put(entry);
    return entry;
  }

  /** Asks for a failed one again; it keeps its id and its place. */
  retry(room: string, id: string): void {
    const entry = this.get(room, id);
    if (entry?.state !== "failed") return;
    const { error: _, ...rest } = entry;
    this.#put({ ...rest, state: "pending", askedAt: this.#options.clock.now() });
  }

  /** Gives one up, unless it is in flight and may be stored already. */
  cancel(room: string, id: string): void {
    if (!this.#lanes.get(room)?.has(id)) this.settle(room, id);
  }

  /** A file of a message has come further, or has failed for good. */
  fileChanged(file: PendingFile, error?: string): void {
    const entry = this.entries.peek().find(({ files }) =>
      files?.some(({ key }) => key === file.key)
    );
    if (!entry) return;
    const files = entry.files!.map((old) => old.key === file.key ? file : old);
    this.#put({ ...entry, files, ...error !== undefined && { state: "failed", error } });
  }

  get(room: string, id: string): OutboxEntry | undefined {
    return this.entries.peek().find((entry) => entry.room === room && entry.id === id);
  }

  /** It is stored: drops the entry and answers with it, if it was there. */
  settle(room: string, id: string): OutboxEntry | undefined {
    this.#lanes.get(room)?.acked(id);
    const entry = this.get(room, id);
    if (entry) this.#shelf.save(entry, { gone: true });
    this.#run();
    return entry;
  }

  /** The server refused a post; tells whether it was one of these. */
  refuse(error: FactOf<"error">): boolean {
    const { id, room, code, message, retryAfterMs } = error;
    const entry = this.entries.peek().find((entry) =>
      entry.id === id && (room === undefined || entry.room === room)
    );
    if (!entry) return false;
    const lane = this.#lane(entry.room);
    if (lane.refused(entry.id, { code, retryAfterMs, now: this.#options.clock.now() })) {
      this.#run();
    } else this.#fail(code === "not_found" ? withFreshFiles(entry) : entry, message);
    return true;
  }

  /** Takes or gives back the turn as there is something to send or not, and sends. */
  #run(): void {
    const needed = this.#live && this.#lock &&
      this.entries.peek().some((entry) => this.#sendable(entry));
    if (!needed) this.#stop();
    else if (!this.#giveBack) this.#queueUp();
    if (this.#myTurn) this.#flush();
    this.#schedule();
  }

  #queueUp(): void {
    const giveBack = this.#lock!.request(async () => {
      // Another tab may have sent some of these before it gave its turn back.
      if (this.#giveBack === giveBack) await this.#shelf.reload();
      if (this.#giveBack !== giveBack) return;
      this.#myTurn = true;
      this.#run();
    });
    this.#giveBack = giveBack;
  }

  /** Gives the turn back, once the next tab can read what this one did with it. */
  #stop(): void {
    const giveBack = this.#giveBack;
    this.#myTurn = false;
    this.#giveBack = null;
    if (giveBack) void this.#shelf.saved.then(giveBack);
  }

  #flush(): void {
    const halted = new Set<string>();
    for (const entry of this.entries.peek()) {
      if (!halted.has(entry.room) && !this.#sendOne(entry)) halted.add(entry.room);
    }
  }

  /** Sends one if it is due; false when the newer ones of its room must wait. */
  #sendOne(entry: OutboxEntry): boolean {
    const { clock, send } = this.#options;
    const lane = this.#lane(entry.room);
    if (entry.state === "failed") return false;
    if (lane.has(entry.id)) return true;
    if (!lane.open(clock.now())) return false;
    if (clock.now() - entry.askedAt > MAX_AGE_MS) {
      this.#fail(entry, AGED);
      return false;
    }
    if (!isUploaded(entry)) return true;
    if (!send(postOf(entry))) return false;
    lane.sent(entry.id, clock.now());
    return true;
  }

  /** Whether it can go without anybody doing something: no failed one is before it. */
  #sendable(entry: OutboxEntry): boolean {
    return this.entries.peek().find(({ room }) => room === entry.room)?.state === "pending";
  }

  #schedule(): void {
    const { clock } = this.#options;
    if (this.#timer !== null) clock.clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#myTurn) return;
    const dueAt = Math.min(...[...this.#lanes.values()].map((lane) => lane.dueAt(clock.now())));
    if (dueAt === Infinity) return;
    this.#timer = clock.setTimeout(() => {
      this.#timer = null;
      for (const lane of this.#lanes.values()) lane.expire(clock.now());
      this.#run();
    }, dueAt - clock.now());
  }

  #lane(room: string): Lane {
    const lane = this.#lanes.get(room) ?? new Lane(MAX_IN_FLIGHT);
    this.#lanes.set(room, lane);
    return lane;
  }

  #fail(entry: OutboxEntry, error: string): void {
    this.#put({ ...entry, state: "failed", error });
  }

  #put(entry: OutboxEntry): void {
    this.#shelf.save(entry, entry);
    this.#run();
  }

  /** What is kept was read anew: what waited too long asks before it goes, the rest may go. */
  #looked(): void {
    const now = this.#options.clock.now();
    for (const entry of this.entries.peek()) {
      const aged = entry.state === "pending" && now - entry.askedAt > MAX_AGE_MS;
      if (aged && !this.#lanes.get(entry.room)?.has(entry.id)) this.#fail(entry, AGED);
    }
    this.#run();
  }
}

/** Whether the server has all its files. */
function isUploaded({ files = [] }: OutboxEntry): boolean {
  return files.every(({ ref }) => ref);
}

/** The server does not know a file any more: asked for again, all are uploaded again. */
function withFreshFiles(entry: OutboxEntry): OutboxEntry {
  if (!entry.files) return entry;
  return { ...entry, files: entry.files.map(({ upload: _, ref: __, ...file }) => file) };
}

function postOf({ room, id, text, reply, files }: OutboxEntry): CommandOf<"post"> {
  return {
    type: "post",
    room,
    id,
    text,
    ...reply !== undefined && { reply },
    ...files && { files: files.map(({ ref }) => ref!.id) },
  };
}
