/**
 * The sockets of this instance: who gets which room's events, which person's notes and whose
 * presence. Maps from subject to peers, empty entries dropped. It tells its owner when the first
 * peer of a room or a person comes and when the last one leaves, and knows nothing of KV.
 */

import type { Peer } from "./peer.ts";

/** Told when this instance begins or ceases to need a room or a person. */
export interface HubEvents {
  onRoom(id: string, needed: boolean): void;
  onUser(id: string, needed: boolean): void;
}

export class Hub {
  readonly peers = new Set<Peer>();
  #rooms = new Map<string, Set<Peer>>();
  #users = new Map<string, Set<Peer>>();
  #watchers = new Map<string, Set<Peer>>();
  #events: HubEvents;

  constructor(events: HubEvents) {
    this.#events = events;
  }

  add(peer: Peer): void {
    this.peers.add(peer);
    const { id } = peer.person;
    if (insert(this.#users, id, peer)) this.#events.onUser(id, true);
  }

  /** Forgets a peer everywhere. Without effect the second time. */
  remove(peer: Peer): void {
    if (!this.peers.delete(peer)) return;
    for (const room of [...peer.rooms]) this.leave(peer, room);
    this.watch(peer, []);
    const { id } = peer.person;
    if (drop(this.#users, id, peer)) this.#events.onUser(id, false);
  }

  /** Subscribes a peer; without effect for one that was removed meanwhile. */
  join(peer: Peer, room: string): void {
    if (!this.peers.has(peer)) return;
    peer.rooms.add(room);
    if (insert(this.#rooms, room, peer)) this.#events.onRoom(room, true);
  }

  leave(peer: Peer, room: string): void {
    peer.rooms.delete(room);
    if (drop(this.#rooms, room, peer)) this.#events.onRoom(room, false);
  }

  /** Replaces the people whose presence the peer gets; nobody for one that was removed. */
  watch(peer: Peer, people: readonly string[]): void {
    if (!this.peers.has(peer)) people = [];
    for (const id of peer.watched) drop(this.#watchers, id, peer);
    peer.watched.clear();
    for (const id of people) {
      peer.watched.add(id);
      insert(this.#watchers, id, peer);
    }
  }

  inRoom(room: string): ReadonlySet<Peer> {
    return this.#rooms.get(room) ?? NOBODY;
  }

  ofUser(user: string): ReadonlySet<Peer> {
    return this.#users.get(user) ?? NOBODY;
  }

  watching(user: string): ReadonlySet<Peer> {
    return this.#watchers.get(user) ?? NOBODY;
  }
}

const NOBODY: ReadonlySet<Peer> = new Set();

/** Whether the peer is the subject's first. */
function insert(map: Map<string, Set<Peer>>, subject: string, peer: Peer): boolean {
  const peers = map.get(subject);
  if (peers) {
    peers.add(peer);
    return false;
  }
  map.set(subject, new Set([peer]));
  return true;
}

/** Whether the peer was the subject's last. */
function drop(map: Map<string, Set<Peer>>, subject: string, peer: Peer): boolean {
  const peers = map.get(subject);
  if (!peers?.delete(peer) || peers.size > 0) return false;
  map.delete(subject);
  return true;
}
