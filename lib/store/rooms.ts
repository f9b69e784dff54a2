/**
 * Rooms and who belongs to them. Of two people there is one direct room, whoever opens it first
 * and however many do at once: its key is the ordered pair, checked in the creating atomic.
 */

import { NotFoundError } from "../chat/errors.ts";
import { canRead } from "../chat/permissions.ts";
import type { HistoryRule } from "../chat/events.ts";
import { getUser } from "./accounts.ts";
import { retryConflicts } from "./conflicts.ts";
import { getAll } from "./get_all.ts";
import { isId, newId } from "./ids.ts";
import { keys } from "./keys.ts";
import { appendToLog, type LogHead } from "./logs.ts";
import type { UserNote } from "./notes.ts";

/** The room of two people. */
export interface DirectRecord {
  id: string;
  kind: "direct";
  createdAt: number;
  /** Ids of both people, in order. */
  members: string[];
}

/** A group; written by `groups.ts`, each time together with the event that says so. */
export interface GroupRecord {
  id: string;
  kind: "group";
  createdAt: number;
  name: string;
  /** One emoji. */
  picture?: string;
  /** Id of the image under `group_image`; never together with `picture`. */
  image?: string;
  /** Ids of all, those who became members first, first. */
  members: string[];
  owner: string;
  /** Ids, the first appointed first; never the owner's. */
  admins: string[];
  /** Listed under `public_room`: everybody may join. */
  public: boolean;
  /** What those see who join from now on. */
  history: HistoryRule;
  /** First `seq` that a member may see, of those who joined under the rule `joined`. */
  since: Record<string, number>;
  /** Whom an admin removed, the last ones: they do not join again by themselves. */
  removed: string[];
  /** Token of the private link to join. */
  link?: string;
  /** `seq` of the newest event that is in here. */
  changed: number;
}

/** A room as it is stored. */
export type RoomRecord = DirectRecord | GroupRecord;

/** What is kept of a person's being in a room, under `user_room`. */
export interface Membership {
  joinedAt: number;
  /** The room is a group. */
  group?: true;
  /** First `seq` that they may see; absent for all. */
  from?: number;
}

/** A room of a person's. */
export interface MemberOf extends Membership {
  room: string;
}

/** The room, or `null`. Says nothing of who may know: use {@link getRoomFor} for a person. */
export async function getRoom(kv: Deno.Kv, id: string): Promise<RoomRecord | null> {
  if (!isId(id)) return null; // KV throws on keys over 2 KiB
  return (await kv.get<RoomRecord>(keys.room(id))).value;
}

/** The room for one of its members. Throws the same {@link NotFoundError} for absent and private. */
export async function getRoomFor(kv: Deno.Kv, id: string, userId: string): Promise<RoomRecord> {
  const room = await getRoom(kv, id);
  if (!room || !canRead(room, userId)) throw new NotFoundError("There is no such room.");
  return room;
}

/** A person's rooms, in no order. */
export async function listMemberships(kv: Deno.Kv, userId: string): Promise<MemberOf[]> {
  const rooms = kv.list<Membership>({ prefix: keys.userRooms(userId) }, { batchSize: 500 });
  return await Array.fromAsync(rooms, ({ key, value }) => ({ room: String(key[2]), ...value }));
}

/** Ids of a person's rooms, in no order. */
export async function listRoomIds(kv: Deno.Kv, userId: string): Promise<string[]> {
  return (await listMemberships(kv, userId)).map(({ room }) => room);
}

/** Records by id, in their order, the unknown left out. */
export async function getRooms(kv: Deno.Kv, ids: readonly string[]): Promise<RoomRecord[]> {
  const entries = await getAll<RoomRecord>(kv, ids.map(keys.room));
  return entries.flatMap(({ value }) => value ?? []);
}

/**
 * Finds or creates the direct room of two people. Throws {@link NotFoundError} when the other does
 * not exist or is the same person.
 */
export async function getOrCreateDirect(
  kv: Deno.Kv,
  userId: string,
  otherId: string,
): Promise<RoomRecord> {
  if (otherId === userId || !await getUser(kv, otherId)) {
    throw new NotFoundError("There is no such person.");
  }
  const [a, b] = [userId, otherId].sort();
  return await retryConflicts(async () => {
    const pair = await kv.get<string>(keys.direct(a, b));
    if (pair.value !== null) return await getRoom(kv, pair.value);
    const room: DirectRecord = {
      id: newId(),
      kind: "direct",
      createdAt: Date.now(),
      members: [a, b],
    };
    const atomic = kv.atomic().check(pair)
      .set(keys.direct(a, b), room.id)
      .set(keys.room(room.id), room);
    for (const member of room.members) await addMember(kv, atomic, room, member);
    return (await atomic.commit()).ok ? room : null;
  });
}

/** Lists the room under the member and tells the member's sockets. */
async function addMember(
  kv: Deno.Kv,
  atomic: Deno.AtomicOperation,
  room: RoomRecord,
  userId: string,
): Promise<void> {
  const topic = ["user", userId] as const;
  const head = await kv.get<LogHead>(keys.head(topic));
  const note: UserNote = { type: "room", room: room.id };
  const membership: Membership = { joinedAt: room.createdAt };
  atomic.set(keys.userRoom(userId, room.id), membership);
  appendToLog(atomic, topic, { head, value: note });
}
