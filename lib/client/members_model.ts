/**
 * Who is in an open group, of one that is small enough to be looked at as a whole: the server's list
 * once it is asked for, then what the log says. Of a bigger group only the count is known.
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import { isDeparture } from "../chat/groups.ts";
import { MAX_PAGE_PEOPLE } from "../chat/limits.ts";
import type { RoomEvent } from "../chat/events.ts";
import type { RoomSummary } from "../chat/rooms.ts";
import type { RoomHost } from "./room_host.ts";

/** The members of one group. */
export class MembersModel {
  /** Their ids; empty while they are not known. */
  readonly ids: ReadonlySignal<readonly string[]>;
  readonly #ids = signal<readonly string[]>([]);
  readonly #summary: ReadonlySignal<RoomSummary>;
  readonly #host: Pick<RoomHost, "ask" | "directory">;
  #asking = false;

  constructor(
    summary: ReadonlySignal<RoomSummary>,
    host: Pick<RoomHost, "ask" | "directory">,
  ) {
    this.ids = this.#ids;
    this.#summary = summary;
    this.#host = host;
  }

  /** Asks for them, unless they are too many. What is known stays until the answer. */
  async load(): Promise<void> {
    const { id: room, group } = this.#summary.peek();
    if (!group || group.memberCount > MAX_PAGE_PEOPLE || this.#asking) return;
    this.#asking = true;
    try {
      const { members, next } = await this.#host.ask("members", { room, limit: MAX_PAGE_PEOPLE });
      this.#host.directory.add(members);
      this.#ids.value = next === null ? members.map(({ id }) => id) : [];
    } catch {
      // The count is there without it; the next opening asks again.
    } finally {
      this.#asking = false;
    }
  }

  /** New events of the log, in their order: the list before them is as good as the list after. */
  see(events: readonly RoomEvent[]): void {
    const before = this.#ids.peek();
    if (before.length === 0) return;
    const ids = new Set(before);
    for (const event of events) {
      if (event.type !== "members") continue;
      for (const person of event.people) {
        if (isDeparture(event)) ids.delete(person);
        else ids.add(person);
      }
    }
    if (ids.size !== before.length || before.some((id) => !ids.has(id))) this.#ids.value = [...ids];
  }
}
