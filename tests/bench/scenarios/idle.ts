/**
 * Ten thousand people with a socket, each in a room of their own, who only ping: what it takes to
 * hold them, and whether they slow down a pair that talks.
 */

import { median } from "../latencies.ts";
import { Load } from "../load_core.ts";
import { connectAll, type LoadClient } from "../load_client.ts";
import { cpuSince, sleep, usageOf } from "../processes.ts";
import type { Report } from "../report.ts";
import { type SeededRoom, seedPeople, seedRoom, seedRooms } from "../seed.ts";
import { seeded, startParley, type Target } from "../targets.ts";

/** Rooms and people are watched ten to a stream; see `lib/live/watcher.ts`. */
const KEYS_PER_STREAM = 10;
/** Connecting at once, as after a restart that spread the return. */
const AT_ONCE = 100;

/** The quick run holds a tenth. */
export async function idle(report: Report): Promise<void> {
  const count = report.quick ? 1_000 : 10_000;
  const { kvPath, seed, remove } = await seeded((kv) => fill(kv, count));
  try {
    await using target = await startParley(kvPath);
    await measure(report, target, seed);
  } finally {
    await remove();
  }
}

interface Seed {
  rooms: SeededRoom[];
  pair: SeededRoom[];
}

async function fill(kv: Deno.Kv, count: number): Promise<Seed> {
  const [silent, ...people] = await seedPeople(kv, count + 1);
  const rooms: SeededRoom[] = [];
  for (const person of people) rooms.push(await seedRoom(kv, [person], [silent]));
  return { rooms, pair: await seedRooms(kv, { rooms: 1, members: 2 }) };
}

async function measure(report: Report, target: Target, { rooms, pair }: Seed): Promise<void> {
  const { pids, dialect, origins: [origin] } = target;
  const before = usageOf(pids);
  const since = performance.now();
  const places = rooms.map(({ id, members: [account] }) => ({
    dialect,
    origin,
    account,
    room: id,
  }));
  const clients = await connectAll(places, undefined, AT_ONCE);
  const connectSeconds = (performance.now() - since) / 1000;
  const connected = usageOf(pids);
  const held = await hold(pids, report.quick ? 5_000 : 20_000);
  const talk = await talkAmong(report, target, pair);
  report.add(
    "idle",
    {
      connections: clients.filter((client) => client.isOpen).length,
      connectsPerSecond: rooms.length / connectSeconds,
      connectCpuSeconds: connected.cpuSeconds - before.cpuSeconds,
      rssBeforeMb: before.rssMb,
      rssMb: held.rssMb,
      kbPerConnection: (held.rssMb - before.rssMb) * 1024 / rooms.length,
      idleCpu: held.cpu,
      ...talk,
      kvWatchStreams: Math.ceil((rooms.length * 2 + 1) / KEYS_PER_STREAM),
    },
    "MB; CPU in % of a core; latency of a talking pair in ms; streams by count of keys",
    {
      connections: rooms.length,
      atOnce: AT_ONCE,
      pingSeconds: 25,
    },
  );
  await Promise.all(clients.map((client: LoadClient) => client.close()));
}

async function hold(pids: readonly number[], ms: number): Promise<{ cpu: number; rssMb: number }> {
  const before = usageOf(pids);
  await sleep(ms);
  return { cpu: cpuSince(pids, before, ms / 1000), rssMb: usageOf(pids).rssMb };
}

async function talkAmong(
  report: Report,
  { dialect, origins: [origin], pids }: Target,
  pair: SeededRoom[],
) {
  const places = pair.flatMap(({ id, members }) =>
    members.map((account) => ({ dialect, origin, account, room: id }))
  );
  const load = await Load.connect(places);
  const windows = await load.run({ postsPerSecond: 50 }, { ...report.timing, pids });
  await load.close();
  return {
    talkP50Ms: median(windows.map(({ p50Ms }) => p50Ms)),
    talkP99Ms: median(windows.map(({ p99Ms }) => p99Ms)),
  };
}
