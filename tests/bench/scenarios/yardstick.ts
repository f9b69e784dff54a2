/** The same shapes of load at a plain Socket.IO server, and how Parley compares. */

import type { Report } from "../report.ts";
import type { SeededRoom } from "../seed.ts";
import { installSocketIo } from "../socketio/install.ts";
import { startSocketIo } from "../targets.ts";
import { FANOUT, PAIRS, runFanout, runPairs } from "./shapes.ts";

/** Once with an fsync for each message, once without. */
export async function yardstick(report: Report): Promise<void> {
  const packages = await installSocketIo();
  if ("problem" in packages) return report.skip("Socket.IO", packages.problem);
  for (const synchronous of ["FULL", "NORMAL"]) {
    const folder = await Deno.makeTempDir({ prefix: "parley-bench-" });
    try {
      const database = `${folder}/messages.db`;
      await using target = await startSocketIo({
        packages: packages.folder,
        database,
        synchronous,
      });
      const name = `Socket.IO ${synchronous}`;
      await runPairs(`${name} pairs`, { report, target, rooms: roomsOf(PAIRS) });
      await runFanout(`${name} fanout`, { report, target, rooms: roomsOf(FANOUT) });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    compare(report, synchronous);
  }
}

function compare(report: Report, synchronous: string): void {
  for (const scenario of report.values.keys()) {
    if (/^(pairs|fanout),/.test(scenario)) {
      report.ratio(scenario, `Socket.IO ${synchronous} ${scenario}`);
    }
  }
}

/** The yardstick knows no accounts: any name will do. */
function roomsOf({ rooms, members }: { rooms: number; members: number }): SeededRoom[] {
  return Array.from({ length: rooms }, (_, room) => ({
    id: `room${room}`,
    members: Array.from({ length: members }, (_, n) => ({ id: `user${room}-${n}`, cookie: "" })),
  }));
}
