/**
 * Messages outside of their conversations, for pages: what was saved, pinned, or mentions the
 * viewer. A card names its conversation and its author; of a message that is gone only its place.
 */

import { labelOf } from "./chat/files.ts";
import type { PostedEvent } from "./chat/events.ts";
import type { Person } from "./chat/people.ts";
import { roomName } from "../components/names.ts";
import { getUsers, toPerson, type UserRecord } from "./store/accounts.ts";
import { listSummaries } from "./store/summaries.ts";

/** A message to show; `message` is null for what is gone or not the viewer's to read. */
export interface MessageAt {
  room: string;
  seq: number;
  message: PostedEvent | null;
}

/** What a card shows. */
export interface MessageCard {
  room: string;
  seq: number;
  /** What the viewer calls the conversation; null where the message is gone. */
  roomName: string | null;
  author: Person | null;
  at: number;
  text: string;
  /** Of files, where there is no text. */
  label?: string;
  /** Whom its text mentions. */
  mentioned: Person[];
  all?: true;
}

/** Cards for messages that the viewer may read, in their order. */
export async function cardsOf(
  kv: Deno.Kv,
  viewer: UserRecord,
  places: readonly MessageAt[],
): Promise<MessageCard[]> {
  const messages = places.flatMap(({ message }) => message ?? []);
  const rooms = new Set(places.flatMap(({ room, message }) => message ? [room] : []));
  const named = new Set(messages.flatMap(({ by, mentions = [] }) => [by, ...mentions]));
  const [summaries, users] = await Promise.all([
    listSummaries(kv, viewer.id, { ids: [...rooms] }),
    getUsers(kv, [...named]),
  ]);
  const names = new Map(
    summaries.rooms.map((summary) => [summary.id, roomName(summary, toPerson(viewer))]),
  );
  const people = new Map(users.map((user) => [user.id, toPerson(user)]));
  return places.map(({ room, seq, message }) => {
    const author = message && people.get(message.by);
    return {
      room,
      seq,
      roomName: message && (names.get(room) ?? null),
      author: author ?? null,
      at: message?.at ?? 0,
      text: message?.text ?? "",
      ...message?.files && { label: labelOf(message.files) },
      mentioned: (message?.mentions ?? []).flatMap((id) => people.get(id) ?? []),
      ...message?.all && { all: message.all },
    };
  });
}
