/** Commands about people: finding them, watching their presence, looking oneself, opening a room. */

import type { CommandOf } from "../../chat/commands.ts";
import { MAX_TYPING_TOLD, TYPING_EVERY_MS } from "../../chat/limits.ts";
import { getUsers, toPerson } from "../../store/accounts.ts";
import { OPENS, takeFromBucket } from "../../store/buckets.ts";
import { getOrCreateDirect } from "../../store/rooms.ts";
import { tellTyping } from "../../store/typing.ts";
import { listPeopleLines } from "../people_lines.ts";
import type { Session } from "../session.ts";

export async function people(
  { live, peer, rates }: Session,
  { type: _, ref, ...query }: CommandOf<"people">,
): Promise<void> {
  rates.take("read");
  const page = await listPeopleLines(live, peer.person.id, query);
  peer.send({ type: "people", ref, ...page });
}

export async function who(
  { live, peer, rates }: Session,
  { ref, people }: CommandOf<"who">,
): Promise<void> {
  rates.take("read");
  const users = await getUsers(live.kv, [...new Set(people)]);
  peer.send({ type: "who", ref, people: users.map(toPerson) });
}

export async function watch(
  { live, peer, rates }: Session,
  { people }: CommandOf<"watch">,
): Promise<void> {
  rates.take("read");
  live.hub.watch(peer, people);
  peer.send({ type: "presence", people: await live.presence.get(people) });
}

export async function open(
  { live, peer, rates }: Session,
  { ref, with: other }: CommandOf<"open">,
): Promise<void> {
  rates.take("read");
  const me = peer.person.id;
  await takeFromBucket(live.kv, OPENS, me);
  const room = await getOrCreateDirect(live.kv, me, other);
  peer.send({ type: "opened", ref, room: await live.enter(peer, room.id) });
}

/** Lossy: what comes too soon, or what KV refuses, is dropped without a word. */
export async function typing(
  { live, peer, rates, typed }: Session,
  { room }: CommandOf<"typing">,
): Promise<void> {
  const by = peer.person.id;
  const { members, kind } = await live.rooms.getFor(room, by);
  const now = Date.now();
  if (typed.room === room && now - typed.at < TYPING_EVERY_MS / 2) return;
  rates.take(kind === "group" ? "search" : "read"); // in a group many are told
  Object.assign(typed, { room, at: now });
  const readers = members.filter((id) => id !== by && live.presence.isOnline(id));
  const told = readers.slice(0, kind === "group" ? MAX_TYPING_TOLD : undefined).map((reader) =>
    tellTyping(live.kv, reader, { room, by })
  );
  await Promise.allSettled(told);
}

/** Takes no token: it is answered from memory, and its writes are gathered. */
export function attention(
  { live, peer }: Session,
  { focused }: CommandOf<"attention">,
): void {
  if (live.hub.peers.has(peer)) live.attention.set(peer, focused);
}
