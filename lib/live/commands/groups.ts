/** Commands about groups. What they change is done by `live/groups.ts`, also for API and forms. */

import type { CommandOf } from "../../chat/commands.ts";
import { listPublicRooms } from "../../store/public_rooms.ts";
import type { Managing } from "../groups.ts";
import { listMemberLines } from "../people_lines.ts";
import type { Session } from "../session.ts";

export async function create(
  { live, peer, rates }: Session,
  { type: _, ref, ...group }: CommandOf<"create">,
): Promise<void> {
  rates.take("read");
  const id = await live.groups.create(peer.person.id, group);
  peer.send({ type: "opened", ref, room: await live.enter(peer, id) });
}

export async function join(
  { live, peer, rates }: Session,
  { ref, room, link }: CommandOf<"join">,
): Promise<void> {
  rates.take("read");
  const id = await live.groups.join(peer.person.id, { room, link });
  peer.send({ type: "opened", ref, room: await live.enter(peer, id) });
}

export function configure(
  session: Session,
  { type, ref, room, ...settings }: CommandOf<"configure">,
): Promise<void> {
  return manage(session, { ref, room }, { type, settings });
}

export function add(
  session: Session,
  { type, ref, room, people }: CommandOf<"add">,
): Promise<void> {
  return manage(session, { ref, room }, { type, people });
}

export function remove(
  session: Session,
  { type, ref, room, person }: CommandOf<"remove">,
): Promise<void> {
  return manage(session, { ref, room }, { type, person });
}

export function leave(session: Session, { type, ref, room }: CommandOf<"leave">): Promise<void> {
  return manage(session, { ref, room }, { type });
}

export function role(
  session: Session,
  { type, ref, room, person, role }: CommandOf<"role">,
): Promise<void> {
  return manage(session, { ref, room }, { type, person, role });
}

export async function link(
  { live, peer, rates }: Session,
  { ref, room, set }: CommandOf<"link">,
): Promise<void> {
  rates.take("read");
  const link = await live.groups.link(peer.person.id, room, set);
  peer.send({ type: "link", ref, room, link });
}

export async function members(
  { live, peer, rates }: Session,
  { type: _, ref, room, ...query }: CommandOf<"members">,
): Promise<void> {
  rates.take("search"); // reads many names or rooms for one page
  const record = await live.rooms.getFor(room, peer.person.id);
  const page = await listMemberLines(live, record, query);
  peer.send({ type: "members", ref, room, ...page });
}

export async function browse(
  { live, peer, rates }: Session,
  { type: _, ref, ...query }: CommandOf<"browse">,
): Promise<void> {
  rates.take("search");
  const page = await listPublicRooms(live.kv, peer.person.id, query);
  peer.send({ type: "rooms", ref, ...page });
}

async function manage(
  { live, peer, rates }: Session,
  { ref, room }: { ref: number; room: string },
  change: Managing,
): Promise<void> {
  rates.take("read");
  await live.groups.manage(peer.person.id, room, change);
  peer.send({ type: "done", ref, room });
}
