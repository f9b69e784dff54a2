/** Commands about what a room is to the viewer alone; all their devices are told. */

import type { CommandOf } from "../../chat/commands.ts";
import { setFlags } from "../../store/flags.ts";
import type { Session } from "../session.ts";

export async function flag(
  { live, peer, rates }: Session,
  { type: _, ref, room, ...change }: CommandOf<"flag">,
): Promise<void> {
  rates.take("read");
  await live.rooms.getFor(room, peer.person.id);
  const flags = await setFlags(live.kv, peer.person.id, room, change);
  peer.send({ type: "flags", ref, room, ...flags });
}
