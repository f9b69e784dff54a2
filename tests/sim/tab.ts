/**
 * One tab: the real client model with the page it was rendered from, over simulated connections,
 * storage and time. It loads again when a page does not come, and dies without a last word.
 */

import type { ChatData } from "../../lib/chat/pages.ts";
import { ChatModel } from "../../lib/client/chat_model.ts";
import { Socket } from "../../lib/client/socket.ts";
import type { RoomActions } from "../../lib/client/room_actions.ts";
import type { Entry, RoomModel } from "../../lib/client/room_model.ts";
import type { Clock, TransportHandlers } from "../../lib/client/ports.ts";
import type { SimDevice } from "./device.ts";
import type { Ledger, Made, Said } from "./ledger.ts";
import type { Link } from "./network.ts";
import type { Task } from "./event_queue.ts";
import { SimFile } from "./content.ts";
import { type Obey, openDesk } from "./uploads.ts";
import type { Owner, World } from "./world.ts";

/** A page that is not there by then is asked for again. */
const PAGE_MS = 8_000;

/** How a tab reaches the servers. */
export interface Reach {
  connect(tab: SimTab, handlers: TransportHandlers): Link;
  page(tab: SimTab, room: string | undefined, got: (data: ChatData) => void): void;
  /** A request over HTTP; rejects with a `TypeError` when nothing comes back. */
  request<T>(tab: SimTab, obey: Obey<T>): Promise<T>;
}

/** What somebody wants to become of the message at a `seq`. */
export type Wish =
  & { message: number }
  & (
    | { type: "edited" | "deleted" }
    | { type: "reacted"; emoji: string; on: boolean }
    | { type: "pinned"; on: boolean }
  );

export class SimTab {
  readonly owner: Owner;
  readonly device: SimDevice;
  readonly links = new Set<Link>();
  model: ChatModel | null = null;
  wake = () => {};
  readonly #world: World;
  readonly #reach: Reach;
  readonly #ledger: Ledger;
  #said = 0;
  #ids = 0;
  #files = 0;
  #lastId = "";
  #loads = 0;
  #timers = new Map<number, Task>();

  constructor(
    { world, name, device, reach, ledger }: {
      world: World;
      name: string;
      device: SimDevice;
      reach: Reach;
      ledger: Ledger;
    },
  ) {
    this.owner = { name, alive: true };
    this.device = device;
    this.#world = world;
    this.#reach = reach;
    this.#ledger = ledger;
  }

  get name(): string {
    return this.owner.name;
  }

  get live(): boolean {
    return this.model?.connection.value === "live";
  }

  /** Timers that its model has set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Loads the page, over and over until it comes. */
  load(room?: string): void {
    const load = ++this.#loads;
    const isLatest = () => this.owner.alive && !this.model && this.#loads === load;
    this.#reach.page(this, room, (data) => isLatest() && this.#start(data));
    this.#world.after(this.owner, PAGE_MS, () => isLatest() && this.load());
  }

  /** Posts, perhaps as an answer; tells whether it was taken. */
  post(room: RoomModel, reply?: number): boolean {
    const number = ++this.#said;
    const text = `${this.name} says ${number}${nameAfter(number)}`;
    const by = this.device.person.id;
    const staged = room.files.desk.peek()?.staged(room.id).peek() ?? [];
    const files = staged.map(({ file }) => file.name);
    const taken = room.post(text, reply);
    const { name: tab } = this;
    this.#world.trace(tab, "posts", `${this.#lastId} to ${room.id}`);
    if (taken) {
      const kept = false;
      this.#ledger.say({
        room: room.id,
        by,
        id: this.#lastId,
        text,
        tab,
        number,
        kept,
        cancelled: false,
        files,
      });
    }
    return taken;
  }

  /** Chooses files for the next message, in place of those that could not be sent. */
  async choose(room: RoomModel, names: readonly string[]): Promise<void> {
    const desk = await room.files.open();
    for (const { file, progress } of desk?.staged(room.id).peek() ?? []) {
      if (progress.state === "failed") desk?.remove(room.id, file.key);
    }
    desk?.choose(room.id, names.map((name) => new SimFile(name)));
  }

  /** Says in another room what a message says. */
  forward(from: RoomModel, message: Entry & { seq: number }, room: string): void {
    const answer = from.actions.forward(message.seq, room);
    const id = this.#lastId;
    this.#world.trace(this.name, "forwards", `${id}: ${message.id} of ${from.id} to ${room}`);
    const said: Said = {
      room,
      by: this.device.person.id,
      id,
      text: "",
      tab: `a forward ${id}`, // in no order with others, and it may be refused
      number: 0,
      kept: false,
      cancelled: false,
      of: message.id,
    };
    this.#ledger.say(said);
    void answer.then((stored) => said.kept = stored);
  }

  /** Asks for a change of a message. */
  change(room: RoomModel, change: Wish): void {
    const { message } = change;
    const text = change.type === "edited" ? this.#mending() : undefined;
    const answer = this.#ask(room.actions, change, text);
    const made: Made = {
      room: room.id,
      by: this.device.person.id,
      id: this.#lastId,
      type: change.type,
      message,
      text,
    };
    this.#world.trace(this.name, change.type, `${made.id} of ${message} in ${room.id}`);
    this.#ledger.make(made);
    void answer.then((stored) => made.answer = stored ? "stored" : "failed");
  }

  #mending(): string {
    const number = ++this.#said;
    return `${this.name} mends ${number}${nameAfter(number)}`;
  }

  /** Goes away: by its own leave, or as a browser does that is killed. */
  close({ gracefully }: { gracefully: boolean }): void {
    if (!this.owner.alive) return;
    this.#world.trace(this.name, gracefully ? "closes" : "crashes");
    if (gracefully) this.model?.close();
    this.owner.alive = false;
    this.device.gone(this.owner);
    for (const link of this.links) {
      if (!gracefully) link.cut({ told: this.#world.random.pick(["server", "none"]) });
    }
  }

  #ask(actions: RoomActions, change: Wish, text = ""): Promise<boolean> {
    switch (change.type) {
      case "edited":
        return actions.edit(change.message, text);
      case "deleted":
        return actions.delete(change.message);
      case "reacted":
        return actions.react(change.message, { emoji: change.emoji, on: change.on });
      case "pinned":
        return actions.pin(change.message, change.on);
    }
  }

  #start(data: ChatData): void {
    const { owner, device } = this;
    this.#world.trace(this.name, "loaded");
    const random = this.#world.random.fork();
    const clock = this.#clock();
    // Ids in the order of time, as the browser's, or in whatever order.
    const time = random.chance(0.7) ? () => `${clock.now().toString(36)}-` : () => "";
    this.model = new ChatModel(data, {
      clock,
      random: () => random.next(),
      newId: () => this.#lastId = `${time()}${this.name.replaceAll(".", "-")}-${++this.#ids}`,
      openDrafts: () => Promise.reject(new Error("People in here type without a pause.")),
      openDesk: (desk) =>
        Promise.resolve(openDesk({
          ...desk,
          clock,
          random: () => random.next(),
          newId: () => `${this.name}-file-${++this.#files}`,
          turn: (key) => device.lock(owner, key),
          me: device.person.id,
          request: (obey) => this.#reach.request(this, obey),
        })),
      outside: () => ({
        connect: (options) => {
          const transport = { open: (handlers: TransportHandlers) => this.#open(handlers) };
          return new Socket({ ...options, transport });
        },
        store: device.storage(owner),
        lock: device.lock(owner),
        channel: device.channel(owner),
        wakeups: {
          listen: (wake) => {
            this.wake = wake;
            return () => this.wake = () => {};
          },
        },
      }),
    });
    this.model.start();
  }

  #open(handlers: TransportHandlers) {
    const link = this.#reach.connect(this, handlers);
    this.links.add(link);
    return link.end;
  }

  #clock(): Clock {
    const tasks = this.#timers;
    let last = 0;
    return {
      now: () => this.#world.clock,
      setTimeout: (run, ms) => {
        const id = ++last;
        const task = this.#world.after(this.owner, ms, () => {
          tasks.delete(id);
          run();
        });
        tasks.set(id, task);
        return id;
      },
      clearTimeout: (id) => {
        const task = tasks.get(id);
        if (task) task.run = null;
        tasks.delete(id);
      },
    };
  }
}

/** Some texts mention somebody, who may be no member of the room. */
function nameAfter(number: number): string {
  return ["", " @ada", "", " @ben and @all", "", " @cem, @ada", ""][number % 7];
}
