/**
 * How far one room's messages have come with its other members: the pointers that the server tells,
 * which only go forward. In a large room nothing comes by itself, and the list is empty until
 * somebody asks for it; so it is for viewers who switched receipts off.
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Receipt } from "../chat/rooms.ts";
import type { Ask } from "./requests.ts";

/** How far a stored message has come: with everybody, as far as they show it. */
export type Reach = "sent" | "delivered" | "read";

/** One room's receipts. */
export class ReceiptsModel {
  readonly #room: string;
  readonly #ask: Ask;
  #loading: Promise<void> | null = null;
  readonly #people = signal<readonly Receipt[]>([]);

  constructor(room: string, ask: Ask) {
    this.#room = room;
    this.#ask = ask;
  }

  /** The members who show theirs. */
  get people(): ReadonlySignal<readonly Receipt[]> {
    return this.#people;
  }

  /** How far the message at `seq` has come. */
  reach(seq: number): Reach {
    const people = this.#people.value.filter(({ from = 1 }) => from <= seq);
    const came = (to: "delivered" | "read") => people.every((receipt) => receipt[to] >= seq);
    if (people.length === 0 || !came("delivered")) return "sent";
    return came("read") ? "read" : "delivered";
  }

  /** What the server's page brought: everybody. */
  hold(people: readonly Receipt[]): void {
    const held = new Map(this.#people.peek().map((receipt) => [receipt.by, receipt]));
    this.#people.value = people.map((receipt) => furthest(receipt, held.get(receipt.by)));
  }

  /** Some members have come further. */
  hear(people: readonly Receipt[]): void {
    const all = new Map(this.#people.peek().map((receipt) => [receipt.by, receipt]));
    for (const receipt of people) {
      if (receipt.hidden) all.delete(receipt.by);
      else all.set(receipt.by, furthest(receipt, all.get(receipt.by)));
    }
    this.#people.value = [...all.values()];
  }

  /** Asks for everybody's. Rejects when that cannot be had. */
  load(): Promise<void> {
    return this.#loading ??= this.#load().finally(() => this.#loading = null);
  }

  /** The viewer switched receipts off. */
  clear(): void {
    this.#people.value = [];
  }

  async #load(): Promise<void> {
    const { people } = await this.#ask("receipts", { room: this.#room });
    this.hold(people);
  }
}

function furthest(receipt: Receipt, held: Receipt = receipt): Receipt {
  return {
    ...held,
    ...receipt,
    delivered: Math.max(receipt.delivered, held.delivered),
    read: Math.max(receipt.read, held.read),
  };
}
