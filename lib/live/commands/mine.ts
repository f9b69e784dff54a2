/** Commands about what a room is to the viewer alone; all their devices are told. */

import type { CommandOf } from "../../chat/commands.ts";
import { setFlags } from "../../store/flags.ts";
import { setDraft } from "../../store/room_drafts.ts";
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

export async function draft(
  { live, peer, rates }: Session,
  { type: _, ref, room, ...content }: CommandOf<"draft">,
): Promise<void> {
  rates.take("read");
  await live.rooms.getFor(room, peer.person.id);
  const draft = await setDraft(live.kv, peer.person.id, room, content);
  peer.send({ type: "draft", ref, room, ...draft });
}
