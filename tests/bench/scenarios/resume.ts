/** A client that missed ten thousand events: from opening its socket until it is contiguous. */

import { median } from "../latencies.ts";
import { MAX_PAGE_EVENTS } from "../../../lib/chat/limits.ts";
import { PROTOCOL_VERSION } from "../../../lib/chat/commands.ts";
import type { Word } from "../dialects.ts";
import { LoadClient } from "../load_client.ts";
import type { Report } from "../report.ts";
import { type SeededRoom, seedPosts, seedRooms } from "../seed.ts";
import { seeded, startParley, type Target } from "../targets.ts";

const MISSED = 10_000;

/** A page after the other, as the app asks for them. */
export async function resume(report: Report): Promise<void> {
  const { kvPath, seed: room, remove } = await seeded(async (kv) => {
    const [room] = await seedRooms(kv, { rooms: 1, members: 2 });
    await seedPosts(kv, room, MISSED);
    return room;
  });
  try {
    await using target = await startParley(kvPath);
    const times: number[] = [];
    await resumeOnce(target, room); // warms up
    for (let n = 0; n < (report.quick ? 1 : 5); n++) times.push(await resumeOnce(target, room));
    const ms = median(times);
    const values = { ms, eventsPerSecond: MISSED / ms * 1000 };
    report.add("resume", values, "ms; events per second", { MISSED, runs: times.length });
  } finally {
    await remove();
  }
}

async function resumeOnce({ dialect, origins: [origin] }: Target, room: SeededRoom) {
  const since = performance.now();
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  let got = 0;
  const onWord = (client: LoadClient, word: Word) => {
    if (word.is === "failed") reject(new Error(word.why));
    if (word.is !== "page") return;
    const { events, head } = word.fact;
    got += events.length;
    const after = events.at(-1)?.seq ?? head;
    if (after < head) client.say(historyAfter(room.id, after));
    else if (got === MISSED) resolve();
    else reject(new Error(`${got} events came instead of ${MISSED}`));
  };
  const hello = { type: "hello", version: PROTOCOL_VERSION, cursors: { [room.id]: 0 } };
  const place = {
    dialect: { ...dialect, hello: JSON.stringify(hello) },
    origin,
    account: room.members[0],
    room: room.id,
  };
  const client = new LoadClient(place, onWord);
  await client.ready;
  await done;
  const ms = performance.now() - since;
  await client.close();
  return ms;
}

function historyAfter(room: string, after: number): string {
  return JSON.stringify({ type: "history", ref: after, room, after, limit: MAX_PAGE_EVENTS });
}
