/**
 * Chaos: people post through two Parley processes on one denokv while all three are killed at
 * random moments and started again. Afterwards what clients were acked and saw is compared with
 * what the database holds. The same seed kills the same victims after the same waits.
 */

import type { Client } from "../helpers/client.ts";
import { join, type Pair, startPair } from "../cluster/pair.ts";
import type { PostedEvent, RoomEvent } from "../../lib/chat/events.ts";
import { type History, isClean, judge, stateOf, tell, type Verdict } from "./history.ts";
import { isGroupEvent } from "../../lib/chat/groups.ts";
import { ChaosGroup } from "./group.ts";
import { ChaosPerson } from "./person.ts";
import { seeded } from "./random.ts";

const PEOPLE = 20;
const POST_EVERY_MS = 150;
/** How long everybody has to come to rest after the last kill. */
const SETTLE_MS = 40_000;

export interface Summary {
  seed: number;
  seconds: number;
  kills: Record<string, number>;
  posted: number;
  stored: number;
  groupChanges: number;
  acks: number;
  connects: number;
  resent: number;
  refused: number;
  declined: number;
  settleMs: number;
  broken: Record<keyof Verdict, number>;
  clean: boolean;
}

export async function runChaos(
  { seconds, seed }: { seconds: number; seed: number },
): Promise<{ summary: Summary; verdict: Verdict }> {
  await using pair = await startPair();
  const { people, rooms, group } = await populate(pair, seed);
  const until = Date.now() + seconds * 1_000;
  const kills = await killAtRandom(pair, { until, random: seeded(seed) });
  for (const person of people) person.quiet();
  await group.quiet();
  const settleMs = await settled(pair, people, rooms);
  for (const person of people) await person.close();
  const stored = await readLogs(pair, rooms);
  const verdict = judge(historyOf(people, stored));
  verdict.stale.push(...await judgeGroup(pair, group, stored));
  const total = (count: (person: ChaosPerson) => number) =>
    people.reduce((sum, person) => sum + count(person), 0);
  const broken = Object.fromEntries(
    Object.entries(verdict).map(([kind, found]) => [kind, found.length]),
  ) as Record<keyof Verdict, number>;
  return {
    verdict,
    summary: {
      seed,
      seconds,
      kills,
      posted: total(({ posted }) => posted),
      stored: [...stored.values()].flat().filter((event) => !isGroupEvent(event)).length,
      groupChanges: group.changes,
      acks: total(({ acked }) => acked.length),
      connects: total(({ connects }) => connects),
      resent: total(({ resent }) => resent),
      refused: total(({ refused }) => refused),
      declined: total(({ declined }) => declined),
      settleMs,
      broken,
      clean: isClean(verdict),
    },
  };
}

/** People in a ring, each in a room with both neighbours, and all in a group that changes. */
async function populate(pair: Pair, seed: number) {
  const clients: Client[] = [];
  for (let n = 0; n < PEOPLE; n++) clients.push(await join(n % 2 ? pair.one : pair.two, `p${n}`));
  const rooms: string[] = [];
  for (let n = 0; n < PEOPLE; n++) {
    rooms.push((await clients[n].room(clients[(n + 1) % PEOPLE].me)).id);
  }
  const origins = [pair.one.origin, pair.two.origin];
  const [owner, ...guests] = await Promise.all(
    ["owner", "g1", "g2", "g3"].map((name) => join(pair.one, name)),
  );
  const chances = { origins, random: seeded(seed) };
  const group = await ChaosGroup.create({ owner, members: clients, guests }, chances);
  const people = clients.map((client, n) =>
    new ChaosPerson(client, { origins, random: seeded(seed + n + 1) })
  );
  people.forEach((person, n) =>
    person.start([rooms[n], rooms[(n + PEOPLE - 1) % PEOPLE], group.id], POST_EVERY_MS)
  );
  group.start();
  return { people, rooms: [...rooms, group.id], group };
}

/** Kills and restarts until a time; answers how often each. */
export async function killAtRandom(
  { one, two, denokv }: Pair,
  { until, random }: { until: number; random: () => number },
): Promise<Record<string, number>> {
  const victims = {
    one: { kill: () => one.stop("SIGKILL"), restart: () => one.restart() },
    two: { kill: () => two.stop("SIGKILL"), restart: () => two.restart() },
    denokv: { kill: () => denokv.signal("SIGKILL"), restart: () => denokv.restart() },
  };
  const kills: Record<string, number> = { one: 0, two: 0, denokv: 0 };
  const wait = (from: number, to: number) => delay(from + (to - from) * random());
  await wait(500, 1_500);
  while (Date.now() < until) {
    const names = (["one", "two", "denokv"] as const).filter(() => random() < 0.4);
    if (names.includes("denokv")) names.sort(); // the database must be up for a start
    await Promise.all(names.map((name) => victims[name].kill()));
    await wait(0, 1_500);
    for (const name of names) {
      kills[name]++;
      await victims[name].restart();
    }
    await wait(300, 3_000);
  }
  return kills;
}

/** Waits until nothing is unacknowledged and every view has come to its log's end. */
async function settled(pair: Pair, people: ChaosPerson[], rooms: string[]): Promise<number> {
  const started = Date.now();
  while (Date.now() - started < SETTLE_MS) {
    await delay(200);
    if (!people.every(({ isSettled }) => isSettled)) continue;
    const logs = await readLogs(pair, rooms);
    const isWhole = (person: ChaosPerson) =>
      [...person.views].every(([room, view]) => view.length >= logs.get(room)!.length);
    if (people.every(isWhole)) break;
  }
  return Date.now() - started;
}

type Logs = Map<string, RoomEvent[]>;

/** Every room's log, over a connection of its own: past Parley. */
async function readLogs({ denokv }: Pair, rooms: string[]): Promise<Logs> {
  Deno.env.set("DENO_KV_ACCESS_TOKEN", denokv.token);
  using kv = await Deno.openKv(denokv.url);
  const logs: Logs = new Map();
  for (const room of rooms) {
    const log: RoomEvent[] = [];
    const selector = { prefix: ["log", "room", room] };
    for await (const { key, value } of kv.list<RoomEvent>(selector, { batchSize: 500 })) {
      log.push({ ...value, seq: Number(key[3]) });
    }
    logs.set(room, log);
  }
  return logs;
}

async function judgeGroup({ denokv }: Pair, group: ChaosGroup, stored: Logs): Promise<string[]> {
  using kv = await Deno.openKv(denokv.url);
  return await group.judge(kv, stored.get(group.id)!);
}

function historyOf(people: ChaosPerson[], stored: Logs): History {
  return {
    acked: people.flatMap(({ acked }) => acked),
    views: people.flatMap(({ name, views }) =>
      [...views].map(([room, events]) => ({ client: name, room, events }))
    ),
    stored,
    messages: {
      stored: mapValues(stored, (log) => statesOf(log.filter(isPosted))),
      told: mapValues(stored, (log) => tell(log, ({ id }) => `text ${id}`)),
      shown: people.flatMap(({ name, messages }) =>
        [...messages].map(([room, held]) => ({
          client: name,
          room,
          states: statesOf([...held.values()]),
        }))
      ),
    },
  };
}

function isPosted(event: RoomEvent): event is PostedEvent {
  return event.type === "posted";
}

function statesOf(messages: PostedEvent[]): Map<number, string> {
  return new Map(messages.map((message) => [message.seq, stateOf(message)]));
}

function mapValues<T, U>(map: Map<string, T>, make: (value: T) => U): Map<string, U> {
  return new Map([...map].map(([key, value]) => [key, make(value)]));
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
