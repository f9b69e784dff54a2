/** What is pinned in a room, for its members. */

import type { CommandOf } from "../../chat/commands.ts";
import { visibleFrom } from "../../chat/permissions.ts";
import { listPins } from "../../store/pins.ts";
import type { Session } from "../session.ts";

export async function pins(
  { live, peer, rates }: Session,
  { ref, room }: CommandOf<"pins">,
): Promise<void> {
  rates.take("read");
  const from = visibleFrom(await live.rooms.getFor(room, peer.person.id), peer.person.id);
  peer.send({ type: "pins", ref, room, pins: await listPins(live.kv, room, { from }) });
}
