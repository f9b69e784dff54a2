/** Saving messages for oneself. What one saved one may always drop, also from a room one has left. */

import type { CommandOf } from "../../chat/commands.ts";
import { listSavedIn } from "../../store/saved.ts";
import { saveMessage } from "../save_message.ts";
import type { Session } from "../session.ts";

export async function save(
  { live, peer, rates }: Session,
  { type: _, ref, ...wanted }: CommandOf<"save">,
): Promise<void> {
  rates.take("read");
  await saveMessage(live, peer.person.id, wanted);
  peer.send({ type: "saved", ref, ...wanted });
}

export async function saves(
  { live, peer, rates }: Session,
  { ref, room }: CommandOf<"saves">,
): Promise<void> {
  rates.take("read");
  await live.rooms.getFor(room, peer.person.id);
  const messages = await listSavedIn(live.kv, peer.person.id, room);
  peer.send({ type: "saves", ref, room, messages });
}
