/**
 * The shapes of load that several servers get alike: pairs talking, and one large room. A shape
 * connects, runs its paces one after the other and reports each.
 */

import { Load, type Pace } from "../load_core.ts";
import type { Report } from "../report.ts";
import type { SeededRoom } from "../seed.ts";
import type { Target } from "../targets.ts";

/** What a shape measures and where. */
export interface Subject {
  report: Report;
  target: Target;
  rooms: SeededRoom[];
}

/** Rooms of two. */
export const PAIRS = { rooms: 50, members: 2 };
/** One room; most in it only read. */
export const FANOUT = { rooms: 1, members: 500 };

const PAIR_PACES: [string, Pace][] = [
  ["1 in flight", { inFlight: 1 }],
  ["8 in flight", { inFlight: 8 }],
  ["at 5,000/s", { postsPerSecond: 5_000 }],
];

/** Everybody writes. A room's members are at different instances where there are several. */
export async function runPairs(
  name: string,
  { report, target, rooms }: Subject,
  paces: [string, Pace][] = PAIR_PACES,
): Promise<void> {
  const load = await Load.connect(placesOf(target, rooms));
  try {
    for (const [label, pace] of paces) {
      await runPace(`${name}, ${label}`, { report, target, load, pace, config: PAIRS });
    }
  } finally {
    await load.close();
  }
}

/** One author at a time measures what a single message costs, twenty what grouping saves. */
export async function runFanout(name: string, { report, target, rooms }: Subject): Promise<void> {
  for (const authors of [1, 20]) {
    const load = await Load.connect(placesOf(target, rooms), authors);
    try {
      const config = { ...FANOUT, authors };
      const pace = { inFlight: 1 };
      await runPace(`${name}, ${authors} ${authors === 1 ? "author" : "authors"}`, {
        report,
        target,
        load,
        pace,
        config,
      });
    } finally {
      await load.close();
    }
  }
}

async function runPace(
  name: string,
  { report, target, load, pace, config }: {
    report: Report;
    target: Target;
    load: Load;
    pace: Pace;
    config: object;
  },
): Promise<void> {
  load.failures = [];
  const windows = await load.run(pace, { ...report.timing, pids: target.pids });
  const closed = load.clients.filter((client) => !client.isOpen).map(() => "a socket was closed");
  report.addWindows(name, windows, {
    config: { ...config, ...pace },
    failures: [...load.failures, ...closed],
  });
}

function placesOf({ dialect, origins }: Target, rooms: readonly SeededRoom[]) {
  return rooms.flatMap(({ id, members }) =>
    members.map((account, n) => ({
      dialect,
      origin: origins[n % origins.length],
      account,
      room: id,
    }))
  );
}
