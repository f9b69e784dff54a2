/** What is pinned in a room. The pins themselves are written with the log, see `commits.ts`. */

import type { Pin } from "../chat/pages.ts";
import { fromStored } from "./events.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import type { PinRecord } from "./room_plan.ts";

/** A room's pinned messages as they are now, the last pinned first, those before `from` left out. */
export async function listPins(
  kv: Deno.Kv,
  room: string,
  { from = 1 }: { from?: number } = {},
): Promise<Pin[]> {
  if (from === Infinity) return [];
  const selector = { prefix: keys.pins(room), start: keys.pin(room, from) };
  const entries = await Array.fromAsync(kv.list<PinRecord>(selector));
  const pins = entries.map(({ key, value }) => ({ message: Number(key[2]), ...value }))
    .sort((a, b) => b.seq - a.seq);
  const messages = await getAll(kv, pins.map(({ message }) => keys.entry(["room", room], message)));
  return messages.flatMap(({ value }, i) => {
    const message = fromStored({ seq: pins[i].message, value });
    // One that was taken down between the two reads is no pin any more.
    if (message.type !== "posted" || !message.pinned) return [];
    return [{ by: pins[i].by, at: pins[i].at, message }];
  });
}

/** How many messages are pinned of those that somebody sees from `from` on. */
export async function countPins(
  kv: Deno.Kv,
  { id, pins = 0, from = 1 }: { id: string; pins?: number; from?: number },
): Promise<number> {
  if (pins === 0 || from === Infinity) return 0;
  if (from === 1) return pins;
  const selector = { prefix: keys.pins(id), start: keys.pin(id, from) };
  return (await Array.fromAsync(kv.list(selector))).length;
}
