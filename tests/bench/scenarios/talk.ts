/** Pairs and the large room at Parley: one process, two isolates, two processes on `denokv`. */

import type { Pace } from "../load_core.ts";
import type { Report } from "../report.ts";
import { seedRooms } from "../seed.ts";
import {
  seeded,
  startParley,
  startTwoIsolates,
  startTwoProcesses,
  type Target,
} from "../targets.ts";
import { FANOUT, PAIRS, runFanout, runPairs, type Subject } from "./shapes.ts";

/** 50 rooms of two. */
export function pairs(report: Report): Promise<void> {
  return onDatabase(PAIRS, startParley, (subject) => runPairs("pairs", { report, ...subject }));
}

/** One room of 500. */
export function fanout(report: Report): Promise<void> {
  return onDatabase(FANOUT, startParley, (subject) => runFanout("fanout", { report, ...subject }));
}

/** The pairs at two instances; at 200 messages a second the latency is that of the way alone. */
export async function instances(report: Report): Promise<void> {
  const paces: [string, Pace][] = [
    ["at 200/s", { postsPerSecond: 200 }],
    ["8 in flight", { inFlight: 8 }],
  ];
  await onDatabase(
    PAIRS,
    startTwoIsolates,
    (subject) => runPairs("two isolates", { report, ...subject }, paces),
  );
  try {
    await onDatabase(
      PAIRS,
      startTwoProcesses,
      (subject) => runPairs("two processes on denokv", { report, ...subject }, paces),
    );
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    report.skip("two processes on denokv", "there is no `denokv`; cargo install denokv --locked");
  }
}

async function onDatabase(
  size: { rooms: number; members: number },
  open: (kvPath: string) => Promise<Target>,
  measure: (subject: Omit<Subject, "report">) => Promise<void>,
): Promise<void> {
  const { kvPath, seed: rooms, remove } = await seeded((kv) => seedRooms(kv, size));
  try {
    await using target = await open(kvPath);
    await measure({ target, rooms });
  } finally {
    await remove();
  }
}
