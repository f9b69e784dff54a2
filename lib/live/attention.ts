/**
 * Who looks at Parley: people with a focused socket here, and their names in KV for the instances
 * that must know before they send a notification. Changes of some moments share a commit, so a
 * person who flips through windows costs a write now and then, and a crowd no more than a person.
 * A write that fails is made up for by the next one.
 */

import { MAX_ATTENTION_CHANGES, writeAttention } from "../store/attention.ts";
import type { Peer } from "./peer.ts";

/** Changes of this time share a commit. */
const GATHER_MS = 500;

export class Attention {
  #kv: Deno.Kv;
  #instance: string;
  /** Focused sockets by person, the empty dropped. */
  #peers = new Map<string, Set<Peer>>();
  /** Whom KV names. */
  #written = new Set<string>();
  #changed = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(kv: Deno.Kv, instance: string) {
    this.#kv = kv;
    this.#instance = instance;
  }

  /** Whether a person looks at Parley by a socket of this instance. */
  has(userId: string): boolean {
    return this.#peers.has(userId);
  }

  /** A socket came into focus or lost it; one that closes has lost it. */
  set(peer: Peer, focused: boolean): void {
    const { id } = peer.person;
    const peers = this.#peers.get(id) ?? new Set();
    if (focused) peers.add(peer);
    else peers.delete(peer);
    if (peers.size > 0) this.#peers.set(id, peers);
    else this.#peers.delete(id);
    if (this.has(id) !== this.#written.has(id)) this.#note(id);
  }

  /** Resolves when KV says what is so here. */
  async flushed(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#write();
  }

  /** Takes this instance's people away. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#closed = true;
    for (const id of this.#written) this.#changed.add(id);
    this.#peers.clear();
    await this.#write();
  }

  #note(id: string): void {
    if (this.#closed) return;
    this.#changed.add(id);
    this.#timer ??= setTimeout(() => void this.#write(), GATHER_MS);
  }

  #write(): Promise<void> {
    this.#timer = undefined;
    return this.#writing = this.#writing.then(() => this.#writeNow());
  }

  async #writeNow(): Promise<void> {
    const ids = [...this.#changed].filter((id) => this.has(id) !== this.#written.has(id));
    this.#changed.clear();
    for (let i = 0; i < ids.length; i += MAX_ATTENTION_CHANGES) {
      const changes = ids.slice(i, i + MAX_ATTENTION_CHANGES)
        .map((id) => [id, this.has(id)] as const);
      try {
        await writeAttention(this.#kv, this.#instance, changes);
        for (const [id, focused] of changes) this.#remember(id, focused);
      } catch (error) {
        console.error("Who looks at Parley could not be written.", error);
      }
    }
  }

  #remember(id: string, focused: boolean): void {
    if (focused) this.#written.add(id);
    else this.#written.delete(id);
    if (this.has(id) !== focused) this.#note(id); // changed meanwhile
  }
}
