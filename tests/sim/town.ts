/**
 * Everything there is: people with their devices and tabs, instances, one store, and the network
 * between them. It knows how to open and start things; what is done with them is in `mischief.ts`
 * and `healing.ts`.
 */

import type { ChatData } from "../../lib/chat/pages.ts";
import type { TransportHandlers } from "../../lib/client/ports.ts";
import { getOrCreateByIdentity, toPerson, type UserRecord } from "../../lib/store/accounts.ts";
import { createGroup } from "../../lib/store/groups.ts";
import { keys } from "../../lib/store/keys.ts";
import { getOrCreateDirect } from "../../lib/store/rooms.ts";
import { SESSION_MS } from "../../lib/store/sessions.ts";
import { SimDevice } from "./device.ts";
import { calmKv, calmNet, type NetWeather } from "./faults.ts";
import { drawRules, type FileRules } from "./files.ts";
import { type Parts, type Sabotage, SimInstance } from "./instance.ts";
import { SimKv } from "./kv.ts";
import { Ledger } from "./ledger.ts";
import { Link } from "./network.ts";
import { SimStore } from "./store.ts";
import { type Reach, SimTab } from "./tab.ts";
import type { Obey } from "./uploads.ts";
import type { World } from "./world.ts";

/** A request that was not answered by then never is. */
const NO_ANSWER_MS = 20_000;
const NAMES = ["ada", "ben", "cem", "dora"];

/** How much there is at first. */
interface Size {
  people: number;
  rooms: number;
  groups: number;
  devices: number;
}

/** Breaks parts of a town, to show that it is noticed. */
export interface Mutant {
  instance?: Sabotage;
  device?: (device: SimDevice) => void;
  /** Changes what a client says; `null` drops it. */
  clientSays?: (data: string) => string | null;
}

export class Town implements Reach {
  readonly world: World;
  readonly store: SimStore;
  readonly ledger: Ledger;
  readonly people: UserRecord[] = [];
  readonly devices: SimDevice[] = [];
  readonly instances: SimInstance[] = [];
  readonly tabs: SimTab[] = [];
  /** Ids of the groups. */
  readonly groups: string[] = [];
  net: NetWeather = calmNet();
  /** What a new instance meets. */
  kvWeather = calmKv;
  /** The database is a KV server's, as it must be for several machines. */
  remote = false;
  /** What is allowed of files. */
  readonly rules: FileRules;
  /** How long nobody is going to do anything. */
  pauseMs = 0;
  /** Forms that were sent. */
  forms = 0;
  readonly #mutant: Mutant;
  readonly #kv: SimKv;
  #links = 0;

  constructor(world: World, mutant: Mutant = {}) {
    this.world = world;
    this.#mutant = mutant;
    this.store = new SimStore(() => world.now);
    this.ledger = new Ledger(world, this.store);
    this.rules = drawRules(world.random.fork());
    this.#kv = new SimKv({ world, store: this.store, owner: world.root, weather: calmKv() });
  }

  get running(): SimInstance[] {
    return this.instances.filter(({ state }) => state !== "gone");
  }

  get serving(): SimInstance[] {
    return this.instances.filter(({ state }) => state === "up");
  }

  get openTabs(): SimTab[] {
    return this.tabs.filter(({ owner }) => owner.alive);
  }

  /** Connections that somebody still believes in. */
  get links(): Link[] {
    return this.openTabs.flatMap(({ links }) => [...links]).filter(({ open }) => open);
  }

  /** Accounts, sessions and some of the rooms that are possible between them. */
  async settle({ people, rooms, groups, devices }: Size) {
    const { world } = this;
    for (const login of NAMES.slice(0, people)) {
      const identity = { provider: "sim", subject: login, login, name: login };
      const user = await getOrCreateByIdentity(this.#kv, identity);
      world.aliases.set(user.id, login);
      this.people.push(user);
      for (let n = 1; n <= devices; n++) await this.#addDevice(user, `${login}.${n}`);
    }
    const pairs = this.people.flatMap((a, i) => this.people.slice(i + 1).map((b) => [a, b]));
    for (const [a, b] of world.random.shuffled(pairs).slice(0, rooms)) {
      const room = await getOrCreateDirect(this.#kv, a.id, b.id);
      world.aliases.set(room.id, `${a.username}+${b.username}`);
    }
    for (let n = 1; n <= groups; n++) await this.#settleGroup(`group ${n}`);
  }

  async #settleGroup(name: string): Promise<void> {
    const { random } = this.world;
    const [owner, ...others] = random.shuffled(this.people.map(({ id }) => id));
    const { record } = await createGroup(this.#kv, owner, {
      id: name,
      name,
      people: others.slice(0, random.int(0, others.length)),
      public: random.chance(0.5),
      history: random.pick(["all", "joined"] as const),
    });
    this.groups.push(record.id);
    this.world.aliases.set(record.id, name);
  }

  /** Has some instance do what a form or the API would. */
  ask(act: (parts: Parts) => Promise<unknown>): void {
    this.#choose()?.does(act);
  }

  async #addDevice(user: UserRecord, name: string): Promise<void> {
    const device = new SimDevice(this.world, name, toPerson(user));
    device.onKept = (_, id) => {
      const said = this.ledger.said.get(id);
      if (said) said.kept = true;
    };
    this.#mutant.device?.(device);
    this.devices.push(device);
    const { clock } = this.world;
    const session = { userId: user.id, createdAt: clock, expiresAt: clock + SESSION_MS };
    await this.#kv.set(keys.session(sessionOf(device)), session);
  }

  /** Lets the time pass in which nobody does anything. */
  async rest(): Promise<void> {
    const ms = this.pauseMs;
    this.pauseMs = 0;
    if (ms > 0) await this.world.advance(ms);
  }

  startInstance(): void {
    const name = `i${this.instances.length + 1}`;
    const { world, store, remote, rules } = this;
    const weather = this.kvWeather();
    const instance = new SimInstance({ world, store, name, weather, remote, rules });
    this.instances.push(instance);
    instance.start(this.#mutant.instance);
  }

  openTab(device: SimDevice, room?: string): void {
    const { world, ledger } = this;
    const name = `${device.name}.${this.tabs.filter((tab) => tab.device === device).length + 1}`;
    const tab = new SimTab({ world, name, device, reach: this, ledger });
    world.trace(name, "opens");
    this.tabs.push(tab);
    tab.load(room);
  }

  connect(tab: SimTab, handlers: TransportHandlers): Link {
    const { world, ledger: ears } = this;
    const instance = this.#choose();
    const link = new Link({
      world,
      name: `${tab.name}~${++this.#links}`,
      client: tab.owner,
      server: instance?.owner ?? world.root,
      handlers,
      ears,
      weather: () => this.net,
      says: this.#mutant.clientSays,
    });
    world.trace(link.name, "connects", instance?.name ?? "nowhere");
    if (instance && tab.device.online) this.#upgrade(link, tab.device, instance);
    else this.#refuse(link);
    return link;
  }

  #upgrade(link: Link, device: SimDevice, instance: SimInstance): void {
    const user = this.userOf(device);
    this.world.after(this.world.root, this.#latency(), () => {
      this.world.after(instance.owner, 0, () => {
        if (instance.accept(link, user, sessionOf(device))) link.opened();
        else this.#refuse(link);
      });
      if (!instance.owner.alive) this.#refuse(link);
    });
  }

  #refuse(link: Link): void {
    this.world.after(link.client, this.#latency(), () => link.leave(1006));
  }

  page(tab: SimTab, room: string | undefined, got: (data: ChatData) => void): void {
    const instance = this.#choose();
    if (!instance || !tab.device.online) return;
    const { world } = this;
    world.after(instance.owner, this.#latency(), () => {
      instance.page(this.userOf(tab.device), room).then(
        (data) => world.after(tab.owner, this.#latency(), () => got(data)),
        (error) => world.trace(tab.name, "no page", error.message),
      );
    });
  }

  request<T>(tab: SimTab, obey: Obey<T>): Promise<T> {
    const { world } = this;
    const { random } = world;
    const instance = this.#choose();
    const lostAt = random.chance(this.net.lost) ? random.pick(["going", "midway", "coming"]) : null;
    return new Promise((resolve, reject) => {
      const lost = () => reject(new TypeError("The connection was lost."));
      const silence = world.after(tab.owner, NO_ANSWER_MS, lost);
      const answer = (settle: () => void) => {
        if (lostAt === "coming" || lostAt === "midway") return;
        world.after(tab.owner, this.#latency(), () => {
          silence.run = null;
          if (tab.device.online) settle();
          else lost();
        });
      };
      if (!instance || lostAt === "going" || !tab.device.online) return answer(lost);
      world.after(instance.owner, this.#latency(), () => {
        obey(instance, lostAt === "midway").then(
          (value) => answer(() => resolve(value)),
          (error) => answer(() => reject(error)),
        );
      });
    });
  }

  userOf({ person }: SimDevice): UserRecord {
    return this.people.find(({ id }) => id === person.id)!;
  }

  #choose(): SimInstance | null {
    const { serving } = this;
    return serving.length > 0 ? this.world.random.pick(serving) : null;
  }

  #latency(): number {
    return this.world.random.between(this.net.latencyMs);
  }
}

function sessionOf({ name }: SimDevice): string {
  return `session-of-${name}`;
}
