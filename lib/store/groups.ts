/**
 * Groups: each change is one commit of the record, the event that says so and the keys by which
 * people, links and the list of public groups lead to the record. The commit checks the record and
 * the room's head, so that changes at once have one order, and none is made on what was before.
 *
 * The room's head moves beside the appender, which is told (see `GroupCommit`), or reads it anew.
 */

import { NotFoundError } from "../chat/errors.ts";
import { foldName } from "../chat/text.ts";
import type { HistoryRule } from "../chat/values.ts";
import { getUsers } from "./accounts.ts";
import { retryConflicts } from "./conflicts.ts";
import type { HeadVersion, RoomHead } from "./events.ts";
import {
  type GroupAct,
  type GroupChange,
  type GroupPlan,
  planCreation,
  planGroup,
} from "./group_plan.ts";
import { MAX_REMOTE_CHECKS } from "./commits.ts";
import { getAll } from "./get_all.ts";
import { isId, newId } from "./ids.ts";
import { keys } from "./keys.ts";
import { appendToLog, type LogHead } from "./logs.ts";
import type { UserNote } from "./notes.ts";
import type { ReadRecord } from "./reads.ts";
import type { GroupRecord, Membership, RoomRecord } from "./rooms.ts";

/** A public group as its list has it. */
export interface PublicRoom {
  name: string;
  picture?: string;
  memberCount: number;
}

/** What a new group is to be. */
export interface NewGroup {
  /** Made by its creator: a group is created once under it. */
  id: string;
  name: string;
  people: readonly string[];
  picture?: string;
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

/**
 * New members who are told by a note in the commit, so that they hear of it whatever happens then.
 * Each is a check; with the record's and the head's a KV Connect server takes no more.
 */
const MAX_TOLD = MAX_REMOTE_CHECKS - 2;

/** How long a `create` that is sent again finds the group that it made, in milliseconds. */
const CREATED_MS = 24 * 60 * 60 * 1000;
const NO_ROOM = "There is no such room.";
const NO_HEAD: RoomHead = { seq: 0, posts: 0, own: {}, last: null };

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
    const plan = planCreation({ record: blank(by, settings, now), head: NO_HEAD }, {
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
  { name, picture, public: isPublic = false, history = "all" }: Omit<NewGroup, "id" | "people">,
  now: number,
): GroupRecord {
  return {
    id: newId(),
    kind: "group",
    createdAt: now,
    name,
    ...picture && { picture },
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

async function addNotes(
  kv: Deno.Kv,
  atomic: Deno.AtomicOperation,
  { record, joined }: GroupPlan,
): Promise<void> {
  const told = joined.slice(0, MAX_TOLD).map((person) => ["user", person] as const);
  const heads = await getAll<LogHead>(kv, told.map(keys.head));
  const note: UserNote = { type: "room", room: record.id };
  told.forEach((topic, i) => appendToLog(atomic, topic, { head: heads[i], value: note }));
}

/** Writes a plan; `old` is the record that it takes the place of. */
function addPlan(
  atomic: Deno.AtomicOperation,
  { plan: { record, head, events, joined, left }, old }: { plan: GroupPlan; old?: GroupRecord },
): void {
  const { id } = record;
  atomic.set(keys.room(id), record);
  if (events.length > 0) atomic.set(keys.head(["room", id]), head);
  for (const { seq, ...stored } of events) atomic.set(keys.entry(["room", id], seq), stored);
  const [{ seq, at } = { seq: 0, at: 0 }] = events;
  for (const person of joined) {
    const from = Object.hasOwn(record.since, person) ? record.since[person] : undefined;
    const membership: Membership = { joinedAt: at, group: true, ...from !== undefined && { from } };
    atomic.set(keys.userRoom(person, id), membership);
    // Nothing of before is unread. The head counts no posts of theirs: see `depart`.
    if (old) atomic.set(keys.read(person, id), { seq, others: head.posts } satisfies ReadRecord);
  }
  for (const person of left) {
    atomic.delete(keys.userRoom(person, id)).delete(keys.read(person, id));
  }
  addLink(atomic, record, old);
  addPublic(atomic, record, old);
}

function addLink(atomic: Deno.AtomicOperation, record: GroupRecord, old?: GroupRecord): void {
  if (record.link === old?.link) return;
  if (old?.link !== undefined) atomic.delete(keys.link(old.link));
  if (record.link !== undefined) atomic.set(keys.link(record.link), record.id);
}

/** Needs no checks of its own: it follows from the record, which is checked. */
function addPublic(atomic: Deno.AtomicOperation, record: GroupRecord, old?: GroupRecord): void {
  const { id, name, picture, members } = record;
  if (old?.public && (!record.public || old.name !== name)) atomic.delete(publicKey(old));
  if (!record.public) return;
  const listed: PublicRoom = { name, ...picture && { picture }, memberCount: members.length };
  atomic.set(publicKey({ id, name }), listed);
}

function publicKey({ id, name }: Pick<GroupRecord, "id" | "name">): Deno.KvKey {
  return keys.publicRoom(foldedPart(name), id);
}

/** Folding can make 18 characters of one, and a page's cursor holds this. */
function foldedPart(name: string): string {
  return [...foldName(name)].slice(0, 32).join("");
}
