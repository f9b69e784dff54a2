/**
 * Who wants to hear of each subject. Most subjects have one peer, a person at one device or a quiet
 * room, and there are many of them: such a one is held as it is, several in a set.
 */

import type { Peer } from "./peer.ts";

const NOBODY: ReadonlySet<Peer> = new Set();

export class Subscribers {
  #peers = new Map<string, Peer | Set<Peer>>();

  of(subject: string): ReadonlySet<Peer> {
    const peers = this.#peers.get(subject);
    if (peers === undefined) return NOBODY;
    return peers instanceof Set ? peers : new Set([peers]);
  }

  /** Whether the peer is the subject's first. */
  add(subject: string, peer: Peer): boolean {
    const peers = this.#peers.get(subject);
    if (peers instanceof Set) peers.add(peer);
    else if (peers === undefined) this.#peers.set(subject, peer);
    else if (peers !== peer) this.#peers.set(subject, new Set([peers, peer]));
    return peers === undefined;
  }

  /** Whether the peer was the subject's last. */
  drop(subject: string, peer: Peer): boolean {
    const peers = this.#peers.get(subject);
    if (peers instanceof Set) {
      if (!peers.delete(peer) || peers.size > 0) return false;
    } else if (peers !== peer) return false;
    return this.#peers.delete(subject);
  }
}
