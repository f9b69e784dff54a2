/**
 * A group in chaos: its owner adds and removes guests and renames it while everything is killed,
 * sending again what got no answer, to whichever server there is. Afterwards its record, its lists
 * and what its guests may read must be what its log leads to.
 */

import { isDeparture } from "../../lib/chat/groups.ts";
import type { RoomEvent } from "../../lib/chat/events.ts";
import type { RoomSummary } from "../../lib/chat/rooms.ts";
import type { GroupRecord } from "../../lib/store/rooms.ts";
import type { Client } from "../helpers/client.ts";

const CHANGE_EVERY_MS = 250;
/** Statuses after which the same is sent again. */
const AGAIN = new Set([409, 429, 500, 503]);

interface Chances {
  origins: string[];
  random: () => number;
}

export class ChaosGroup {
  readonly id: string;
  /** Changes that were answered as done. */
  changes = 0;
  #owner: Client;
  #guests: Client[];
  #chances: Chances;
  #running = Promise.resolve();
  #quiet = false;

  private constructor(id: string, owner: Client, guests: Client[], chances: Chances) {
    this.id = id;
    this.#owner = owner;
    this.#guests = guests;
    this.#chances = chances;
  }

  /** Creates a group of the owner's, with these members who stay. */
  static async create(
    { owner, members, guests }: { owner: Client; members: Client[]; guests: Client[] },
    chances: Chances,
  ): Promise<ChaosGroup> {
    const people = members.map(({ me }) => me.id);
    const group = { id: "chaos", name: "Chaos", people };
    const { room } = await owner.json<{ room: RoomSummary }>("/api/groups", group);
    return new ChaosGroup(room.id, owner, guests, chances);
  }

  start(): void {
    this.#running = this.#change();
  }

  /** Resolves when the last change was answered. */
  async quiet(): Promise<void> {
    this.#quiet = true;
    await this.#running;
  }

  /** What is not as the log leads to, each as a sentence. */
  async judge(kv: Deno.Kv, log: readonly RoomEvent[]): Promise<string[]> {
    const { members, name } = outcomeOf(log);
    const record = (await kv.get<GroupRecord>(["room", this.id])).value!;
    const broken: string[] = [];
    if ([...members].sort().join() !== record.members.toSorted().join()) {
      broken.push(`the record has ${record.members.length} members, its log ${members.size}`);
    }
    if (record.name !== name) broken.push(`the record is called ${record.name}, not ${name}`);
    if (record.changed > (log.at(-1)?.seq ?? 0)) broken.push("the record is ahead of its log");
    for (const guest of this.#guests) {
      const isIn = members.has(guest.me.id);
      const { status } = await this.#ask(guest, `/api/rooms/${this.id}/events`);
      if (status !== (isIn ? 200 : 404)) broken.push(`a guest gets ${status}, in it: ${isIn}`);
      const listed = (await kv.get(["user_room", guest.me.id, this.id])).value !== null;
      if (listed !== isIn) broken.push(`a guest lists the group: ${listed}, in it: ${isIn}`);
    }
    return broken;
  }

  async #change(): Promise<void> {
    const { random } = this.#chances;
    for (let n = 1; !this.#quiet; n++) {
      const guest = this.#guests[Math.floor(random() * this.#guests.length)].me.id;
      const path = `/api/rooms/${this.id}`;
      const kind = random();
      if (kind < 0.4) await this.#ask(this.#owner, `${path}/members`, { people: [guest] });
      else if (kind < 0.8) await this.#ask(this.#owner, `${path}/members/${guest}`, "DELETE");
      else await this.#ask(this.#owner, path, { name: `Chaos ${n}` }, "PATCH");
      this.changes++;
      await delay(CHANGE_EVERY_MS);
    }
  }

  /** Asks until somebody answers; each change says what shall be, so it may be made twice. */
  async #ask(
    { cookie }: Client,
    path: string,
    body?: object | "DELETE",
    method = body === "DELETE" ? "DELETE" : body ? "POST" : "GET",
  ): Promise<Response> {
    const { origins, random } = this.#chances;
    while (true) {
      const origin = origins[Math.floor(random() * origins.length)];
      const json = typeof body === "object" ? JSON.stringify(body) : undefined;
      const headers = { cookie, origin, ...json && { "content-type": "application/json" } };
      try {
        const response = await fetch(origin + path, { method, headers, body: json });
        const text = await response.text();
        if (response.ok || response.status === 404) return response;
        if (!AGAIN.has(response.status)) throw new TypeError(`${method} ${path}: ${text}`);
      } catch (error) {
        if (error instanceof TypeError && error.message.startsWith(method)) throw error;
      }
      await delay(300); // it is down, or too much was asked of it
    }
  }
}

/** The members and the name that a log leads to. */
function outcomeOf(log: readonly RoomEvent[]): { members: Set<string>; name: string } {
  const members = new Set<string>();
  let name = "Chaos";
  for (const event of log) {
    if (event.type === "configured") name = event.name ?? name;
    if (event.type !== "members") continue;
    for (const id of event.people) isDeparture(event) ? members.delete(id) : members.add(id);
  }
  return { members, name };
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
