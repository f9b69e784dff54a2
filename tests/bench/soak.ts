/**
 * Ten minutes of steady talk with people coming and going, to see whether the server's memory
 * grows. Prints a JSON line every 30 s and the slope of the second half at the end. `MINUTES`
 * makes it shorter or longer.
 *
 *     deno run -A tests/bench/soak.ts
 */

import { slope } from "./latencies.ts";
import { LoadClient } from "./load_client.ts";
import { Load } from "./load_core.ts";
import { endWithin, usageOf } from "./processes.ts";
import { Report } from "./report.ts";
import { type SeededRoom, seedRooms } from "./seed.ts";
import { seeded, startParley, type Target } from "./targets.ts";

const ROOMS = 50;
const POSTS_PER_SECOND = 500;
/** A visitor comes, greets and goes, so often. */
const VISIT_MS = 200;
const SAMPLE_MS = 30_000;

async function main(minutes: number): Promise<void> {
  endWithin(minutes + 2);
  const { kvPath, seed: rooms, remove } = await seeded((kv) =>
    seedRooms(kv, { rooms: ROOMS, members: 2 })
  );
  try {
    await using target = await startParley(kvPath);
    await soak(target, rooms, minutes * 60_000);
  } finally {
    await remove();
  }
}

async function soak(target: Target, rooms: SeededRoom[], ms: number): Promise<void> {
  const { dialect, origins: [origin], pids } = target;
  const places = rooms.flatMap(({ id, members }) =>
    members.map((account) => ({ dialect, origin, account, room: id }))
  );
  const load = await Load.connect(places);
  const points: { x: number; y: number }[] = [];
  let visits = 0;
  const timer = setInterval(() => {
    const client = new LoadClient(places[visits++ % places.length]);
    client.ready.then(() => client.close(), (error) => load.failures.push(error.message));
  }, VISIT_MS);
  const runs = Math.max(2, Math.round(ms / SAMPLE_MS));
  const since = performance.now();
  await load.run({ postsPerSecond: POSTS_PER_SECOND }, {
    warmUpMs: 2_000,
    windowMs: ms / runs,
    runs,
    pids,
    onWindow({ postsPerSecond, p50Ms, p99Ms, serverCpu }) {
      const seconds = (performance.now() - since) / 1000;
      const { rssMb } = usageOf(pids);
      points.push({ x: seconds / 3600, y: rssMb });
      const values = { seconds, rssMb, postsPerSecond, p50Ms, p99Ms, serverCpu, visits };
      new Report({ quick: false }).add("soak", values, "MB; ms; % of a core", {});
    },
  });
  clearInterval(timer);
  const half = points.slice(Math.floor(points.length / 2));
  const values = {
    mbPerHour: slope(half),
    rssMb: points.at(-1)!.y,
    failures: load.failures.length,
  };
  const config = { ROOMS, POSTS_PER_SECOND, VISIT_MS, minutes: ms / 60_000 };
  new Report({ quick: false }).add("soak, slope of the second half", values, "MB", config);
  await load.close();
}

if (import.meta.main) {
  await main(Number(Deno.env.get("MINUTES") ?? 10));
  Deno.exit(0);
}
