/**
 * Groups: each change is one commit of the record, the event that says so and the keys by which
 * people, links and the list of public groups lead to the record. The commit checks the record and
 * the room's head, so that changes at once have one order, and none is made on what was before.
 *
 * The room's head moves beside the appender, which is told (see `GroupCommit`), or reads it anew.
 */

import { NotFoundError } from "../chat/errors.ts";
import type { HistoryRule } from "../chat/events.ts";
import { faceAfter } from "../chat/groups.ts";
import { getUsers } from "./accounts.ts";
import { retryConflicts } from "./conflicts.ts";
import { type HeadVersion, NO_HEAD, type RoomHead } from "./events.ts";
import type { GroupImage } from "./group_images.ts";
import {
  type GroupAct,
  type GroupChange,
  type GroupPlan,
  planCreation,
  planGroup,
} from "./group_plan.ts";
import { addNotes, addPlan, MAX_TOLD } from "./group_writes.ts";
import { isId, newId } from "./ids.ts";
import { keys } from "./keys.ts";
import type { GroupRecord, RoomRecord } from "./rooms.ts";

/** What a new group is to be. */
export interface NewGroup {
  /** Made by its creator: a group is created once under it. */
  id: string;
  name: string;
  people: readonly string[];
  picture?: string;
  /** In place of an emoji. */
  image?: GroupImage;
  public?: boolean;
  history?: HistoryRule;
}

/** A group after a change. */
export interface GroupCommit extends Pick<GroupPlan, "record" | "events" | "joined" | "left"> {
  /** Of those who joined, whom the commit itself did not tell. */
  untold: string[];
  /** The room's head, if the change moved it. */
  to: HeadVersion | null;
}

/** How long a `create` that is sent again finds the group that it made, in milliseconds. */
const CREATED_MS = 24 * 60 * 60 * 1000;
const NO_ROOM = "There is no such room.";

/** Creates a group. Throws {@link NotFoundError} when somebody in it does not exist. */
export async function createGroup(
  kv: Deno.Kv,
  by: string,
  { id, people, ...settings }: NewGroup,
  now = Date.now(),
): Promise<GroupCommit> {
  await checkPeople(kv, people);
  return await retryConflicts(async () => {
    const made = await kv.get<string>(keys.created(by, id));
    if (made.value !== null) return unchanged(await getGroup(kv, made.value));
    const { image } = settings;
    const plan = planCreation({ record: blank(by, settings, now), head: NO_HEAD, image }, {
      by,
      now,
      newId,
    }, people);
    const atomic = kv.atomic().check(made)
      .set(keys.created(by, id), plan.record.id, { expireIn: CREATED_MS });
    addPlan(atomic, { plan });
    await addNotes(kv, atomic, plan);
    return toCommit(plan, await atomic.commit());
  });
}

function blank(
  owner: string,
  { name, picture, image, public: isPublic = false, history = "all" }: Omit<
    NewGroup,
    "id" | "people"
  >,
  now: number,
): GroupRecord {
  return {
    id: newId(),
    kind: "group",
    createdAt: now,
    name,
    ...faceAfter({}, { picture, image: image?.id }),
    members: [],
    owner,
    admins: [],
    public: isPublic,
    history,
    since: {},
    removed: [],
    changed: 0,
  };
}

/**
 * Changes a group for a person. Throws {@link NotFoundError} for a room that is no group of theirs,
 * and what `planGroup` throws.
 */
export async function changeGroup(
  kv: Deno.Kv,
  roomId: string,
  by: string,
  change: GroupChange,
  { now = Date.now() }: { now?: number } = {},
): Promise<GroupCommit> {
  if (!isId(roomId)) throw new NotFoundError(NO_ROOM); // KV throws on keys over 2 KiB
  if (change.type === "add") await checkPeople(kv, change.people);
  return await retryConflicts(async () => {
    const [room, head] = await kv.getMany<[RoomRecord, RoomHead]>([
      keys.room(roomId),
      keys.head(["room", roomId]),
    ]);
    const old = room.value;
    if (old?.kind !== "group") throw new NotFoundError(NO_ROOM);
    const act: GroupAct = { by, change, now, newId };
    const plan = planGroup({ record: old, head: head.value ?? NO_HEAD }, act);
    if (plan.record === old) return unchanged(old);
    const atomic = kv.atomic().check(room).check(head);
    addPlan(atomic, { plan, old });
    await addNotes(kv, atomic, plan);
    return toCommit(plan, await atomic.commit());
  });
}

/** The group with this link. Throws {@link NotFoundError} if there is none any more. */
export async function getGroupByLink(kv: Deno.Kv, link: string): Promise<GroupRecord> {
  const { value: id } = isId(link) ? await kv.get<string>(keys.link(link)) : { value: null };
  const room = id === null ? null : (await kv.get<RoomRecord>(keys.room(id))).value;
  if (room?.kind !== "group" || room.link !== link) {
    throw new NotFoundError("This link leads nowhere any more. Ask for a new one.");
  }
  return room;
}

async function getGroup(kv: Deno.Kv, id: string): Promise<GroupRecord> {
  const { value } = await kv.get<RoomRecord>(keys.room(id));
  if (value?.kind !== "group") throw new NotFoundError(NO_ROOM);
  return value;
}

async function checkPeople(kv: Deno.Kv, people: readonly string[]): Promise<void> {
  const ids = new Set(people);
  const users = await getUsers(kv, [...ids]);
  if (users.length < ids.size) throw new NotFoundError("There is no such person.");
}

function unchanged(record: GroupRecord): GroupCommit {
  return { record, events: [], joined: [], untold: [], left: [], to: null };
}

function toCommit(
  { record, head, events, joined, left }: GroupPlan,
  result: Deno.KvCommitResult | Deno.KvCommitError,
): GroupCommit | null {
  if (!result.ok) return null;
  const to = events.length > 0 ? { head, versionstamp: result.versionstamp } : null;
  return { record, events, joined, untold: joined.slice(MAX_TOLD), left, to };
}
