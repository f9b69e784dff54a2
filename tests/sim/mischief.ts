/** What people do and what goes wrong, one thing at a time, as the seed says. */

import { pick, storedIn, withGroup, withMessage, withTab } from "./choosing.ts";
import { calmKv, type KvWeather, roughKv, roughNet } from "./faults.ts";
import { SHARING } from "./sharing.ts";
import type { SimTab } from "./tab.ts";
import type { Town } from "./town.ts";

/** How often each thing is done, relative to the others. A weight of 0 never is. */
export type Habits = Record<keyof typeof DEEDS, number>;

const USUAL: Habits = {
  post: 40,
  burst: 3,
  edit: 8,
  remove: 6,
  react: 10,
  pin: 4,
  share: 8,
  stage: 2,
  forward: 4,
  unshare: 4,
  open: 3,
  form: 2,
  expire: 3,
  add: 3,
  expel: 3,
  leaveGroup: 1,
  appoint: 1,
  join: 2,
  configure: 1,
  openRoom: 12,
  leaveRoom: 3,
  read: 14,
  attention: 6,
  older: 3,
  meet: 2,
  retry: 2,
  cancel: 1,
  openTab: 6,
  closeTab: 3,
  crashTab: 2,
  offline: 3,
  online: 5,
  cut: 6,
  stall: 2,
  wake: 2,
  crash: 2,
  crashInCommit: 3,
  stop: 1,
  startOne: 6,
  outage: 2,
  weather: 3,
  wait: 3,
};
const ALWAYS = new Set<keyof Habits>([
  "post",
  "openRoom",
  "read",
  "attention",
  "openTab",
  "online",
]);
const MAX_TABS = 10;

/** The habits of one run: some kinds of trouble are left out, others are frequent. */
export function drawHabits({ world: { random } }: Town): Habits {
  const habits = { ...USUAL };
  for (const deed of Object.keys(habits) as (keyof Habits)[]) {
    if (ALWAYS.has(deed)) continue;
    habits[deed] *= random.pick([0, 0.5, 1, 1, 3]);
  }
  habits.startOne = USUAL.startOne;
  return habits;
}

/** Lets some time pass and does one thing. */
export async function doSomething(town: Town, habits: Habits): Promise<void> {
  const { random } = town.world;
  await town.world.advance(random.next() * random.pick([1, 5, 20, 100, 500, 2_000]));
  await town.rest();
  if (town.running.length === 0) town.startInstance();
  const deed = random.weighted(habits);
  town.world.trace("world", "deed", deed);
  DEEDS[deed](town);
}

const DEEDS = {
  ...SHARING,
  post: (town: Town) => withTab(town, (tab) => say(town, tab, 1)),
  burst: (town: Town) =>
    withTab(town, (tab) => say(town, tab, town.world.random.pick([5, 10, 20, 40, 90, 250]))),
  edit: (town: Town) =>
    withMessage(town, (tab, room, { seq: message }) => {
      tab.change(room, { type: "edited", message });
    }, { own: true }),
  remove: (town: Town) =>
    withMessage(town, (tab, room, { seq: message }) => {
      tab.change(room, { type: "deleted", message });
    }, { own: true }),
  react: (town: Town) =>
    withMessage(town, (tab, room, { seq: message }) => {
      const { random } = town.world;
      const reaction = { emoji: random.pick(["👍", "❤️", "🎉"]), on: random.chance(0.7) };
      tab.change(room, { type: "reacted", message, ...reaction });
    }),
  pin: (town: Town) =>
    withMessage(town, (tab, room, { seq: message }) => {
      tab.change(room, { type: "pinned", message, on: town.world.random.chance(0.7) });
    }),
  add: (town: Town) =>
    withGroup(town, (by, room, person) => {
      town.ask(({ live: { groups } }) =>
        groups.manage(by, room, { type: "add", people: [person] })
      );
    }),
  expel: (town: Town) =>
    withGroup(town, (by, room, person) => {
      town.ask(({ live: { groups } }) => groups.manage(by, room, { type: "remove", person }));
    }),
  leaveGroup: (town: Town) =>
    withGroup(town, (by, room) => {
      town.ask(({ live: { groups } }) => groups.manage(by, room, { type: "leave" }));
    }),
  appoint: (town: Town) =>
    withGroup(town, (by, room, person) => {
      const role = town.world.random.pick(["owner", "admin", "member"] as const);
      town.ask(({ live: { groups } }) => groups.manage(by, room, { type: "role", person, role }));
    }),
  join: (town: Town) =>
    withGroup(town, (by, room) => town.ask(({ live: { groups } }) => groups.join(by, { room }))),
  configure: (town: Town) =>
    withGroup(town, (by, room) => {
      const { random } = town.world;
      const history = random.pick(["all", "joined"] as const);
      const settings = { history, public: random.chance(0.7) };
      town.ask(({ live: { groups } }) => groups.manage(by, room, { type: "configure", settings }));
    }),
  openRoom: (town: Town) =>
    withTab(town, (tab) => {
      const room = pick(town, tab.model!.rooms.value);
      if (room) tab.model!.openRoom(room.id);
    }),
  leaveRoom: (town: Town) => withTab(town, (tab) => tab.model!.openRoom(null)),
  read: (town: Town) => withTab(town, (tab) => tab.model!.room.value?.markRead()),
  attention: (town: Town) =>
    withTab(town, (tab) => tab.model!.setAttention(town.world.random.chance(0.7))),
  older: (town: Town) => withTab(town, (tab) => void tab.model!.room.value?.loadOlder()),
  meet: (town: Town) =>
    withTab(town, (tab) => {
      const other = pick(town, town.people.filter(({ id }) => id !== tab.device.person.id));
      if (other) tab.model!.openPerson(other.id).catch(() => {});
    }),
  retry: (town: Town) => withTab(town, retryFailed),
  cancel: (town: Town) =>
    withTab(town, (tab) => {
      for (const room of tab.model!.rooms.value) {
        const failed = room.entries.value.find(({ state }) => state === "failed");
        const said = failed && town.ledger.said.get(failed.id);
        if (!failed || !said) continue;
        said.cancelled = true;
        room.cancel(failed.id);
      }
    }),
  openTab: (town: Town) => {
    const device = pick(town, town.devices);
    if (device && town.openTabs.length < MAX_TABS) {
      town.openTab(device, knownRoom(town, device.name));
    }
  },
  closeTab: (town: Town) => pick(town, town.openTabs)?.close({ gracefully: true }),
  crashTab: (town: Town) => pick(town, town.openTabs)?.close({ gracefully: false }),
  offline: (town: Town) => {
    const device = pick(town, town.devices);
    if (!device) return;
    device.online = false;
    for (const tab of town.openTabs.filter((tab) => tab.device === device)) cutAll(town, tab);
  },
  online: (town: Town) => {
    const device = pick(town, town.devices.filter(({ online }) => !online));
    if (!device) return;
    device.online = true;
    for (const tab of town.openTabs) if (tab.device === device) tab.wake();
  },
  cut: (town: Town) =>
    pick(town, town.links)?.cut({
      told: town.world.random.pick(["both", "client", "server", "none"]),
    }),
  stall: (town: Town) =>
    pick(town, town.links)?.down.stall(town.world.random.between([500, 9_000])),
  wake: (town: Town) => withTab(town, (tab) => tab.wake()),
  crash: (town: Town) => pick(town, town.running)?.kill("crashed"),
  crashInCommit: (town: Town) => {
    const instance = pick(town, town.running);
    const when = town.world.random.pick(["before", "after"] as const);
    if (instance) {
      const of = town.world.random.pick(["log", "log", "file", "piece", "trash", "emptied"]);
      instance.kv.trap = { when, of, spring: () => instance.kill(`crashed ${when} a commit`) };
    }
  },
  stop: (town: Town) => {
    if (town.world.random.chance(0.5)) town.startInstance();
    pick(town, town.running)?.stop();
  },
  startOne: (town: Town) => {
    if (town.running.length < 3) town.startInstance();
  },
  outage: (town: Town) => {
    const { world } = town;
    const downUntil = world.now + world.random.pick([200, 2_000, 15_000]) * world.random.next();
    const hangs = world.random.chance(0.5);
    const all = world.random.chance(0.5);
    for (const { kv } of all ? town.running : [pick(town, town.running)!]) {
      Object.assign(kv.weather, { downUntil, hangs } satisfies Partial<KvWeather>);
    }
  },
  weather: (town: Town) => {
    const { random } = town.world;
    town.net = roughNet(random);
    for (const { kv } of town.running) {
      const { downUntil, hangs } = kv.weather;
      kv.weather = { ...random.chance(0.2) ? calmKv() : roughKv(random), downUntil, hangs };
    }
  },
  wait: (town: Town) => {
    // Nothing for a while: leases end, pings go out, tabs give up and come back.
    town.pauseMs += town.world.random.between([5_000, 80_000]);
  },
};

/** Asks again for everything that failed. */
export function retryFailed(tab: SimTab): void {
  for (const room of tab.model?.rooms.value ?? []) {
    for (const { state, id } of room.entries.value) if (state === "failed") room.retry(id);
  }
}

function say(town: Town, tab: SimTab, times: number): void {
  const { model } = tab;
  const room = model!.room.value ?? pick(town, model!.rooms.value);
  if (!room) return;
  for (let n = 0; n < times; n++) {
    const answered = town.world.random.chance(0.2) ? pick(town, storedIn(room)) : undefined;
    tab.post(room, answered?.seq);
  }
}

function cutAll({ world: { random } }: Town, tab: SimTab): void {
  for (const link of tab.links) {
    if (link.open) link.cut({ told: random.pick(["both", "client", "none"]) });
  }
}

/** A room that some tab of the device has open, as its address bar remembers it. */
function knownRoom(town: Town, device: string): string | undefined {
  const tabs = town.tabs.filter((tab) => tab.device.name === device);
  return pick(town, tabs.flatMap(({ model }) => model?.room.value?.id ?? []));
}
