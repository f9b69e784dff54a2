/**
 * The end of a run: all trouble ceases, everybody comes back, and what was promised must come true
 * within a time. Then everything is read, people leave, and the world is taken down without a rest.
 */

import type { ChatModel } from "../../lib/client/chat_model.ts";
import type { SimDevice } from "./device.ts";
import { calmKv, calmNet } from "./faults.ts";
import { fileProblems } from "./file_audit.ts";
import {
  logProblems,
  presenceProblem,
  type Problem,
  roomsOf,
  roomsProblem,
  unreadProblem,
  wholeProblem,
} from "./invariants.ts";
import { membershipIn } from "./membership.ts";
import { retryFailed } from "./mischief.ts";
import { searchProblem } from "./search.ts";
import { clearAway, expire } from "./sharing.ts";
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
  await clearUp(town);
  depart(town);
  await comesTrue(town, () => presenceProblem(town));
  await takeDown(town);
  for (const problem of await fileProblems(town)) town.world.fail(problem);
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
    giveUp(town, tab);
    retryFailed(tab);
  }
  for (const device of town.devices) {
    const { name, turns } = device;
    const kept = keptBy(town, device);
    if (kept.length > 0) return `${name} keeps ${kept.join()} in its outbox`;
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

/**
 * What is still to be sent. A message that failed for its files before its author left the group is
 * shown nowhere, and stays with those behind it until they come back.
 */
function keptBy({ ledger }: Town, { stored, person }: SimDevice): string[] {
  const byRoom = Map.groupBy(stored.values(), ({ room }) => room);
  return [...byRoom].flatMap(([room, entries]) => {
    const hasFailed = entries.some(({ state }) => state === "failed");
    if (hasFailed && !membershipIn(ledger.log(room), person.id).isMember) return [];
    return entries.map(({ id }) => `${room}:${id}`);
  });
}

/** A message with a file that is refused is not sent: the quota, or the size of a file. */
function giveUp({ ledger }: Town, { model }: SimTab): void {
  for (const room of model!.rooms.value) {
    for (const { id, state, error = "" } of room.entries.value) {
      if (state !== "failed" || !/There is place for|A file may have/.test(error)) continue;
      ledger.said.get(id)!.cancelled = true;
      room.cancel(id);
    }
  }
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
    for (const { id } of model!.rooms.value) readRoom(model!, id);
  }
  await comesTrue(town, () =>
    first(town, (tab) => {
      const left = tab.model!.rooms.value.filter(({ unread }) => unread.value > 0);
      if (left.length === 0) return null;
      // A forward or a form may have been under way for long.
      const { model } = readers.get(tab.device.person.id)!;
      for (const { id } of left) readRoom(model!, id);
      return `${tab.name} counts ${tab.model!.unread.value} unread after all was read`;
    }));
  await comesTrue(town, () => first(town, (tab) => unreadProblem(town, tab)));
}

function readRoom(model: ChatModel, id: string): void {
  model.openRoom(id);
  const room = model.room.value;
  void room?.jumpToNewest().then(() => room.markRead());
}

/** A day later nobody waits for an upload any more, and some messages are deleted. */
async function clearUp(town: Town): Promise<void> {
  expire(town, Infinity);
  await town.world.advance(1_000);
  const before = town.ledger.made.size;
  clearAway(town);
  const deletions = [...town.ledger.made.values()].slice(before);
  await comesTrue(town, () => {
    const left = deletions.find(({ answer }) => answer !== "stored");
    return left ? `the deletion ${left.id} is ${left.answer ?? "under way"}` : null;
  });
  for (const problem of logProblems(town)) town.world.fail(problem);
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
