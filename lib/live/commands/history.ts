/** Commands that read a room's log, or say how far the viewer has read it. */

import type { CommandOf } from "../../chat/commands.ts";
import { getReceipts } from "../../store/receipts.ts";
import { listVersions } from "../../store/versions.ts";
import { checkVisible, viewEvents } from "../../store/viewing.ts";
import { takeForReceipts } from "../receipts.ts";
import type { Session } from "../session.ts";

export async function history(
  { live, peer, rates }: Session,
  { type: _, ref, room, ...query }: CommandOf<"history">,
): Promise<void> {
  rates.take("read");
  const record = await live.rooms.getFor(room, peer.person.id);
  const page = await viewEvents(live.kv, record, peer.person.id, query);
  peer.send({ type: "page", ref, ...page });
  live.receipts.caughtUp(room, peer.person.id, page.events.at(-1)?.seq ?? 0);
}

export async function versions(
  { live, peer, rates }: Session,
  { ref, room, message }: CommandOf<"versions">,
): Promise<void> {
  rates.take("read");
  checkVisible(await live.rooms.getFor(room, peer.person.id), peer.person.id, message);
  const versions = await listVersions(live.kv, room, message);
  peer.send({ type: "versions", ref, room, message, versions });
}

/** The answer is for who asks, with a count at the newest head; a pointer that moved is told to all. */
export async function read(
  { live, peer, rates }: Session,
  { room, seq }: CommandOf<"read">,
): Promise<void> {
  rates.take("read");
  await live.rooms.getFor(room, peer.person.id);
  const state = await live.moveRead(peer.person.id, room, seq);
  peer.send({ type: "read", room, ...state });
}

export async function receipts(
  { live, peer, rates }: Session,
  { ref, room }: CommandOf<"receipts">,
): Promise<void> {
  rates.take("read");
  const record = await live.rooms.getFor(room, peer.person.id);
  takeForReceipts(rates, record);
  const people = await getReceipts(live.kv, peer.person.id, record);
  peer.send({ type: "receipts", ref, room, people });
}
