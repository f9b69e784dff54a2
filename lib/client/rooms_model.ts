/**
 * The viewer's rooms: which there are, which is open, and which hold their log.
 *
 * A room may be told of after its first events, which wait for it here. The longest ago opened
 * rooms let their logs go, so a day in many rooms does not fill the tab's memory.
 */

import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import { newestAt } from "../chat/groups.ts";
import { MAX_CURSORS } from "../chat/limits.ts";
import type { RoomEvent } from "../chat/events.ts";
import type { ChatData } from "../chat/pages.ts";
import type { RoomDraft, RoomSummary } from "../chat/rooms.ts";
import type { RoomHost } from "./room_host.ts";
import { RoomModel } from "./room_model.ts";

/** Rooms that keep their log after they were left. */
export const MAX_LOADED_ROOMS = 20;
/** Events kept of a room whose summary is still to come. */
const MAX_EARLY_EVENTS = 50;

/** All rooms of the viewer's that this tab knows. */
export class RoomsModel {
  /** Newest message on top. */
  readonly list: ReadonlySignal<RoomModel[]>;
  /** There are older rooms than these on the server. */
  readonly more: ReadonlySignal<boolean>;
  /** The open one. */
  readonly open: ReadonlySignal<RoomModel | null>;
  readonly #host: RoomHost;
  readonly #rooms = signal<ReadonlyMap<string, RoomModel>>(new Map());
  readonly #more = signal(false);
  readonly #open = signal<RoomModel | null>(null);
  /** Ids of rooms that hold their log, the last opened at the end. */
  readonly #loaded = new Set<string>();
  readonly #early = new Map<string, RoomEvent[]>();
  /** Drafts that this device kept, for rooms that are still to be told of. */
  #kept: ReadonlyMap<string, RoomDraft> = new Map();

  constructor(host: RoomHost) {
    this.#host = host;
    this.list = computed(() => [...this.#rooms.value.values()].sort(newestOnTop));
    this.more = this.#more;
    this.open = this.#open;
  }

  get(id: string): RoomModel | undefined {
    return this.#rooms.peek().get(id);
  }

  /** All of them, in no order, without following changes. */
  all(): RoomModel[] {
    return [...this.#rooms.peek().values()];
  }

  /** What the page brought. */
  fill({ rooms, moreRooms, open }: Pick<ChatData, "rooms" | "moreRooms" | "open">): void {
    this.#more.value = moreRooms;
    for (const room of rooms) this.add(room);
    if (!open) return;
    const room = this.add(open.room);
    room.hold(open);
    this.#open.value = room;
    this.#loaded.add(room.id);
  }

  /** What this device kept of drafts when the page was left. */
  recall(kept: ReadonlyMap<string, RoomDraft>): void {
    this.#kept = kept;
    for (const [id, draft] of kept) this.get(id)?.draft.recall(draft);
  }

  /** The server's whole list; rooms that are not in it are not the viewer's any more. */
  welcome({ rooms, more }: { rooms: RoomSummary[]; more: boolean }): void {
    const listed = new Set(rooms.map(({ id }) => id));
    if (!more) this.#forget([...this.#rooms.peek().keys()].filter((id) => !listed.has(id)));
    this.#more.value = more;
    for (const summary of rooms) this.add(summary);
  }

  /** Adds a room or brings a known one up to date. */
  add(summary: RoomSummary): RoomModel {
    this.#host.directory.add(summary.members);
    const known = this.get(summary.id);
    if (known) {
      known.update(summary);
      return known;
    }
    const room = new RoomModel(summary, this.#host);
    this.#rooms.value = new Map(this.#rooms.peek()).set(room.id, room);
    const kept = this.#kept.get(room.id);
    if (kept) room.draft.recall(kept);
    room.receive(this.#early.get(room.id) ?? []);
    this.#early.delete(room.id);
    return room;
  }

  /** The viewer is no member of it any more. */
  leave(id: string): void {
    this.#early.delete(id);
    this.#forget([id]);
  }

  /** Events of a room, which may be one that is still to be told of. */
  receive(room: string, events: RoomEvent[]): void {
    const known = this.get(room);
    if (known) return known.receive(events);
    const early = [...this.#early.get(room) ?? [], ...events];
    this.#early.set(room, early.slice(-MAX_EARLY_EVENTS));
    if (this.#early.size > MAX_EARLY_EVENTS) this.#early.delete([...this.#early.keys()][0]);
  }

  /** The viewer opened this one, or none. */
  show(room: RoomModel | null): void {
    if (room === this.#open.peek()) return;
    batch(() => {
      this.#open.peek()?.leave();
      this.#open.value = room;
      room?.open();
    });
    if (room) this.#keepLoaded(room.id);
  }

  /**
   * Cursors of the rooms whose log's end is held, the open one first. Of all of them: a room that
   * somebody posted to without opening it holds its log as well, and would be left behind.
   */
  cursors(): Record<string, number> {
    const ids = new Set([...[...this.#loaded].reverse(), ...this.#rooms.peek().keys()]);
    const held = [...ids].flatMap((id) => {
      const cursor = this.get(id)?.cursor ?? null;
      return cursor === null ? [] : [[id, cursor] as const];
    });
    return Object.fromEntries(held.slice(0, MAX_CURSORS));
  }

  close(): void {
    for (const room of this.all()) room.close();
  }

  /** What the viewer had not sent there is dropped. */
  #forget(gone: string[]): void {
    const rooms = new Map(this.#rooms.peek());
    const { outbox } = this.#host;
    for (const { room, id } of outbox.entries.peek()) {
      if (gone.includes(room)) outbox.settle(room, id);
    }
    for (const id of gone) {
      rooms.get(id)?.close();
      rooms.delete(id);
      this.#loaded.delete(id);
    }
    if (rooms.size === this.#rooms.peek().size) return;
    const open = this.#open.peek();
    batch(() => {
      this.#rooms.value = rooms;
      if (open && !rooms.has(open.id)) this.#close(open);
    });
  }

  /** The open room is not the viewer's any more. */
  #close(room: RoomModel): void {
    const name = room.summary.peek().group?.name;
    this.#host.notify(name ? `You are no longer in ${name}.` : "That conversation is gone.");
    this.#open.value = null;
  }

  #keepLoaded(id: string): void {
    this.#loaded.delete(id);
    this.#loaded.add(id);
    if (this.#loaded.size <= MAX_LOADED_ROOMS) return;
    const [oldest] = this.#loaded;
    this.#loaded.delete(oldest);
    this.get(oldest)?.unload();
  }
}

function newestOnTop(a: RoomModel, b: RoomModel): number {
  const [x, y] = [a.summary.value, b.summary.value];
  return (newestAt(y) || y.createdAt) - (newestAt(x) || x.createdAt) ||
    (y.last?.seq ?? 0) - (x.last?.seq ?? 0) || (x.id < y.id ? -1 : 1);
}
