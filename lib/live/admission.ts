/**
 * Which rooms' events the peers of this instance get: taking peers into rooms, showing a person the
 * room they became a member of, and taking out whoever seems to be none. The log is followed before
 * the record is read, so who ceases to be a member after that is taken out by the log.
 */

import { NotFoundError } from "../chat/errors.ts";
import type { Fact } from "../chat/facts.ts";
import { canRead, visibleFrom } from "../chat/permissions.ts";
import type { RoomSummary } from "../chat/rooms.ts";
import { getRoom, getRoomFor } from "../store/rooms.ts";
import { findSummary } from "../store/summaries.ts";
import type { Broadcaster } from "./broadcaster.ts";
import { dismiss } from "./delivery.ts";
import type { Hub } from "./hub.ts";
import type { Peer } from "./peer.ts";

/** A room that a peer gets, and the first `seq` of it that its person may see. */
export interface Joined {
  room: string;
  from?: number;
}

/** What admission needs of the instance. */
export interface AdmissionOptions {
  kv: Deno.Kv;
  hub: Hub;
  broadcaster: Broadcaster;
  /** What a person may see could not be read: their peers must come back for it. */
  lost(user: string): void;
}

export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Subscribes a peer to rooms. Resolves when none of their later events will be missed. */
  async join(peer: Peer, rooms: readonly Joined[]): Promise<void> {
    const { hub, broadcaster } = this.#options;
    // Following for a peer that left meanwhile would never end.
    if (!hub.peers.has(peer)) return;
    for (const { room, from } of rooms) hub.join(peer, room, from);
    await Promise.all(rooms.map(({ room }) => broadcaster.follow(["room", room])));
  }

  /** Subscribes a peer to a room its person became a member of. The room as they see it. */
  async enter(peer: Peer, id: string): Promise<RoomSummary> {
    const { kv } = this.#options;
    const { id: me } = peer.person;
    const from = visibleFrom(await getRoomFor(kv, id, me), me);
    await this.join(peer, [{ room: id, from }]);
    const summary = await findSummary(kv, me, id);
    if (summary && peer.rooms.has(id)) return summary;
    this.leave(peer, id);
    throw new NotFoundError("There is no such room.");
  }

  /** Takes a peer out of a room of which its person seems to be no member; brings it back if they are. */
  leave(peer: Peer, room: string): void {
    this.#options.hub.leave(peer, room);
    peer.publish(JSON.stringify({ type: "left", room } satisfies Fact));
    this.lookAgain(peer.person.id, room);
  }

  /** They may be a member again already, and their peers may have been told so before. */
  lookAgain(user: string, room: string): void {
    this.#welcome(user, room).catch((error) => {
      console.error("Reading a room failed; its people come back to see it.", error);
      this.#options.lost(user);
    });
  }

  /** Subscribes a person's peers to a room they are a member of, and shows it to them. */
  async #welcome(user: string, id: string): Promise<void> {
    const { kv, hub } = this.#options;
    const room = hub.ofUser(user).size > 0 && await getRoom(kv, id);
    if (!room || !canRead(room, user)) return;
    const joined = { room: id, from: visibleFrom(room, user) };
    await Promise.all([...hub.ofUser(user)].map((peer) => this.join(peer, [joined])));
    const summary = await findSummary(kv, user, id);
    if (!summary) return void dismiss(hub, id, user);
    const json = JSON.stringify({ type: "room", room: summary } satisfies Fact);
    for (const peer of [...hub.ofUser(user)]) {
      if (!peer.rooms.has(id)) continue; // taken out while the summary was read
      hub.join(peer, id, summary.group?.from);
      peer.publish(json);
    }
  }
}
