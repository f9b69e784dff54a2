/**
 * The sockets of this instance: who gets which room's events, which person's notes and whose
 * presence. It tells its owner when the first
 * peer of a room or a person comes and when the last one leaves, and knows nothing of KV.
 */

import type { Peer } from "./peer.ts";
import { Subscribers } from "./subscribers.ts";

/** Told when this instance begins or ceases to need a room or a person. */
export interface HubEvents {
  onRoom(id: string, needed: boolean): void;
  onUser(id: string, needed: boolean): void;
}

export class Hub {
  readonly peers = new Set<Peer>();
  #rooms = new Subscribers();
  #users = new Subscribers();
  #watchers = new Subscribers();
  #events: HubEvents;

  constructor(events: HubEvents) {
    this.#events = events;
  }

  add(peer: Peer): void {
    this.peers.add(peer);
    const { id } = peer.person;
    if (this.#users.add(id, peer)) this.#events.onUser(id, true);
  }

  /** Forgets a peer everywhere. Without effect the second time. */
  remove(peer: Peer): void {
    if (!this.peers.delete(peer)) return;
    for (const room of [...peer.rooms.keys()]) this.leave(peer, room);
    this.watch(peer, []);
    const { id } = peer.person;
    if (this.#users.drop(id, peer)) this.#events.onUser(id, false);
  }

  /** Subscribes a peer; without effect for one that was removed meanwhile. `from`: see `Peer.rooms`. */
  join(peer: Peer, room: string, from = 1): void {
    if (!this.peers.has(peer)) return;
    peer.rooms.set(room, from);
    if (this.#rooms.add(room, peer)) this.#events.onRoom(room, true);
  }

  leave(peer: Peer, room: string): void {
    peer.rooms.delete(room);
    if (this.#rooms.drop(room, peer)) this.#events.onRoom(room, false);
  }

  /** Replaces the people whose presence the peer gets; nobody for one that was removed. */
  watch(peer: Peer, people: readonly string[]): void {
    if (!this.peers.has(peer)) people = [];
    for (const id of peer.watched) this.#watchers.drop(id, peer);
    peer.watched = [...new Set(people)];
    for (const id of peer.watched) this.#watchers.add(id, peer);
  }

  inRoom(room: string): ReadonlySet<Peer> {
    return this.#rooms.of(room);
  }

  ofUser(user: string): ReadonlySet<Peer> {
    return this.#users.of(user);
  }

  watching(user: string): ReadonlySet<Peer> {
    return this.#watchers.of(user);
  }
}
