/**
 * The end of a run: all trouble ceases, everybody comes back, and what was promised must come true
 * within a time. Then everything is read, people leave, and the world is taken down without a rest.
 */

import { calmKv, calmNet } from "./faults.ts";
import {
  logProblems,
  presenceProblem,
  type Problem,
  roomsOf,
  roomsProblem,
  unreadProblem,
  wholeProblem,
} from "./invariants.ts";
import { retryFailed } from "./mischief.ts";
import { searchProblem } from "./search.ts";
import type { SimTab } from "./tab.ts";
import type { Town } from "./town.ts";

/** Time for reconnects (to 30 s), dead peers (to 60 s), leases (30 s) and second tries. */
const COME_TRUE_MS = 150_000;

/** Runs the world to its end and notes every promise that does not come true. */
export async function heal(town: Town): Promise<void> {
  calm(town);
  await town.world.advance(100); // a tab that died had its last write under way
  for (const tab of town.openTabs) tab.wake();
  await comesTrue(town, () => restless(town));
  for (const problem of logProblems(town)) town.world.fail(problem);
  await comesTrue(town, () => searchProblem(town));
  await comesTrue(town, () => first(town, (tab) => unreadProblem(town, tab)));
  await readThrough(town);
  await comesTrue(town, () => first(town, (tab) => unreadProblem(town, tab)));
  await readAll(town);
  await comesTrue(town, () => presenceProblem(town));
  depart(town);
  await comesTrue(town, () => presenceProblem(town));
  await takeDown(town);
}

function calm(town: Town): void {
  town.world.trace("world", "calm");
  town.pauseMs = 0;
  town.net = calmNet();
  town.kvWeather = calmKv;
  for (const { kv } of town.instances) {
    kv.weather = calmKv();
    kv.trap = null;
  }
  for (const device of town.devices) {
    device.online = true;
    if (!town.openTabs.some((tab) => tab.device === device)) town.openTab(device);
  }
}

/** Waits for a problem to go; one that stays is a broken promise. */
async function comesTrue(town: Town, look: () => Problem): Promise<void> {
  const end = town.world.now + COME_TRUE_MS;
  let problem = look();
  for (; problem && town.world.now < end; problem = look()) {
    while (town.running.filter(({ state }) => state !== "stopping").length < 2) {
      town.startInstance();
    }
    await town.world.advance(1_000);
  }
  if (problem) town.world.fail(`never came true: ${problem}`);
}

/** Why it is not quiet yet. */
function restless(town: Town): Problem {
  for (const tab of town.openTabs) {
    if (!tab.live) return `${tab.name} is not connected: ${tab.model?.connection.value}`;
    retryFailed(tab);
  }
  for (const { name, stored, turns } of town.devices) {
    if (stored.size > 0) return `${name} keeps ${[...stored.keys()].join()} in its outbox`;
    if (turns > 0) return `${name} is still sending`;
  }
  return first(town, (tab) => {
    for (const room of tab.model!.rooms.value) {
      const entry = room.entries.value.find(({ state }) => state !== "stored");
      if (entry) return `${tab.name} shows ${entry.id} as ${entry.state}`;
    }
    return roomsProblem(town, tab);
  });
}

/** Every tab reads every room to its beginning. */
async function readThrough(town: Town): Promise<void> {
  for (const id of roomsOf(town)) {
    for (const { model } of town.openTabs) {
      model!.openRoom(model!.rooms.value.some((room) => room.id === id) ? id : null);
    }
    await comesTrue(town, () =>
      first(town, (tab) => {
        const room = tab.model!.room.value;
        if (!room) return null;
        if (room.older.value) void room.loadOlder();
        return wholeProblem(town, tab, room);
      }));
  }
}

/** Everybody reads everything in one of their tabs: it is read in all of them. */
async function readAll(town: Town): Promise<void> {
  const readers = new Map(town.openTabs.map((tab) => [tab.device.person.id, tab]));
  for (const { model } of readers.values()) {
    model!.setAttention(true);
    for (const { id } of model!.rooms.value) {
      model!.openRoom(id);
      const room = model!.room.value;
      void room?.jumpToNewest().then(() => room.markRead());
    }
  }
  await comesTrue(town, () =>
    first(town, (tab) => {
      const left = tab.model!.unread.value;
      return left > 0 ? `${tab.name} counts ${left} unread after all was read` : null;
    }));
  await comesTrue(town, () => first(town, (tab) => unreadProblem(town, tab)));
}

/** Some people leave and some instances end, in any manner. */
function depart(town: Town): void {
  const { random } = town.world;
  town.world.trace("world", "depart");
  for (const { id } of town.people) {
    if (random.chance(0.5)) continue;
    const tabs = town.openTabs.filter(({ device }) => device.person.id === id);
    for (const tab of tabs) tab.close({ gracefully: random.chance(0.5) });
  }
  const ways = [() => {}, () => town.serving[0]?.stop(), () => town.serving[0]?.kill("crashed")];
  random.pick(ways)();
}

/** Closes everything; nothing may be left that wants to run. */
async function takeDown(town: Town): Promise<void> {
  const { world } = town;
  for (const tab of town.openTabs) {
    tab.model?.close();
    if (tab.timers > 0) world.fail(`${tab.name} left ${tab.timers} timers when it was closed`);
  }
  await world.advance(1_000);
  for (const instance of town.running) instance.stop();
  await world.advance(60_000);
  for (const { name, state, peers } of town.instances) {
    if (state !== "gone") world.fail(`${name} is still ${state}`);
    if (state === "gone" && peers > 0) world.trace(name, "peers", String(peers));
  }
  if (town.store.watched > 0) world.fail(`${town.store.watched} keys are still watched`);
  const left = world.pending((owner) => owner !== world.root);
  if (left > 0) world.fail(`${left} timers are left: ${world.pendingOwners().join()}`);
}

function first(town: Town, look: (tab: SimTab) => Problem): Problem {
  for (const tab of town.openTabs) {
    const problem = look(tab);
    if (problem) return problem;
  }
  return null;
}
