/** The two pages as the server renders them, asked for over connections that stay open. */

import { medians, percentile } from "../latencies.ts";
import { moveRead } from "../../../lib/store/reads.ts";
import { cpuSince, usageOf } from "../processes.ts";
import type { Report, Values } from "../report.ts";
import { type Account, seedPeople, seedPosts, seedRoom } from "../seed.ts";
import { seeded, startParley, type Target } from "../targets.ts";

const CONCURRENCY = 32;
const SIZE = { people: 200, rooms: 20, postsPerRoom: 60, unread: 4 };

/** The list of a person with some conversations, and one of these. */
export async function ssr(report: Report): Promise<void> {
  const { kvPath, seed: { viewer, room }, remove } = await seeded(fill);
  try {
    await using target = await startParley(kvPath);
    for (const [name, path] of [["people", "/chat"], ["room", `/chat/${room}`]]) {
      const get = () => getPage(target, path, viewer);
      const bytes = await get();
      await run(get, report.timing.warmUpMs);
      const runs: Values[] = [];
      for (let n = 0; n < report.timing.runs; n++) runs.push(await measure(target, report, get));
      const values = { ...medians(runs), kb: bytes / 1024 };
      const unit = "requests per second; latency in ms; CPU in % of a core; KB not compressed";
      report.add(`ssr, ${name}`, values, unit, { ...SIZE, CONCURRENCY, ...report.timing });
    }
  } finally {
    await remove();
  }
}

async function fill(kv: Deno.Kv): Promise<{ viewer: Account; room: string }> {
  const [viewer, ...people] = await seedPeople(kv, SIZE.people);
  let room = "";
  for (const person of people.slice(0, SIZE.rooms)) {
    const made = await seedRoom(kv, [viewer, person]);
    await seedPosts(kv, made, SIZE.postsPerRoom);
    await moveRead(kv, viewer.id, made.id, SIZE.postsPerRoom - SIZE.unread);
    room = made.id;
  }
  return { viewer, room };
}

async function measure(
  { pids }: Target,
  { timing: { windowMs } }: Report,
  get: () => Promise<unknown>,
): Promise<Values> {
  const before = usageOf(pids);
  const { latencies, seconds } = await run(get, windowMs);
  const serverCpu = cpuSince(pids, before, seconds);
  const requestsPerSecond = latencies.length / seconds;
  return {
    requestsPerSecond,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    serverCpu,
    cpuMsPerRequest: serverCpu / 100 * 1000 / requestsPerSecond,
  };
}

/** Asks again as soon as an answer is there, on all connections. */
async function run(get: () => Promise<unknown>, ms: number) {
  const latencies: number[] = [];
  const since = performance.now();
  const one = async () => {
    while (performance.now() - since < ms) {
      const start = performance.now();
      await get();
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, one));
  return { latencies, seconds: (performance.now() - since) / 1000 };
}

async function getPage({ origins: [origin] }: Target, path: string, { cookie }: Account) {
  const response = await fetch(origin + path, { headers: { cookie }, redirect: "manual" });
  const body = await response.bytes();
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  return body.length;
}
