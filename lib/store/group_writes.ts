/**
 * Writes what a plan makes of a group: its record, its log, and the keys by which people, links and
 * the list of public groups lead to it. They follow from the record, which the commit checks, and
 * need no checks of their own.
 */

import { foldName } from "../chat/text.ts";
import { MAX_CHECKS } from "./commits.ts";
import { getAll } from "./get_all.ts";
import type { GroupPlan } from "./group_plan.ts";
import { keys } from "./keys.ts";
import { appendToLog, type LogHead } from "./logs.ts";
import type { UserNote } from "./notes.ts";
import type { ReadRecord } from "./reads.ts";
import type { GroupRecord, Membership } from "./rooms.ts";

/** A public group as its list has it. */
export interface PublicRoom {
  name: string;
  picture?: string;
  image?: string;
  memberCount: number;
}

/**
 * New members who are told by a note in the commit, so that they hear of it whatever happens then.
 * Each is a check; with the record's and the head's a KV Connect server takes no more.
 */
export const MAX_TOLD = MAX_CHECKS.remote - 2;

/** Writes a plan; `old` is the record that it takes the place of. */
export function addPlan(
  atomic: Deno.AtomicOperation,
  { plan: { record, head, events, landmarks, joined, left, image }, old }: {
    plan: GroupPlan;
    old?: GroupRecord;
  },
): void {
  const { id } = record;
  atomic.set(keys.room(id), record);
  if (events.length > 0) atomic.set(keys.head(["room", id]), head);
  for (const mark of landmarks) atomic.set(keys.landmark(id, mark.id, mark.seq), 1);
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
  if (record.image !== old?.image) addImage(atomic, { record, image });
  addLink(atomic, record, old);
  addPublic(atomic, record, old);
}

function addImage(
  atomic: Deno.AtomicOperation,
  { record, image }: Pick<GroupPlan, "record" | "image">,
): void {
  const key = keys.groupImage(record.id);
  if (record.image === undefined) return void atomic.delete(key);
  if (image?.id !== record.image) throw new Error(`The image of group ${record.id} is not here`);
  atomic.set(key, image);
}

function addLink(atomic: Deno.AtomicOperation, record: GroupRecord, old?: GroupRecord): void {
  if (record.link === old?.link) return;
  if (old?.link !== undefined) atomic.delete(keys.link(old.link));
  if (record.link !== undefined) atomic.set(keys.link(record.link), record.id);
}

/** Needs no checks of its own: it follows from the record, which is checked. */
function addPublic(atomic: Deno.AtomicOperation, record: GroupRecord, old?: GroupRecord): void {
  const { id, name, picture, image, members } = record;
  if (old?.public && (!record.public || old.name !== name)) atomic.delete(publicKey(old));
  if (!record.public) return;
  const listed: PublicRoom = {
    name,
    ...picture && { picture },
    ...image && { image },
    memberCount: members.length,
  };
  atomic.set(publicKey({ id, name }), listed);
}

function publicKey({ id, name }: Pick<GroupRecord, "id" | "name">): Deno.KvKey {
  return keys.publicRoom(foldedPart(name), id);
}

/** Folding can make 18 characters of one, and a page's cursor holds this. */
function foldedPart(name: string): string {
  return [...foldName(name)].slice(0, 32).join("");
}

/** Tells the first new members in the commit itself. */
export async function addNotes(
  kv: Deno.Kv,
  atomic: Deno.AtomicOperation,
  { record, joined }: GroupPlan,
): Promise<void> {
  const told = joined.slice(0, MAX_TOLD).map((person) => ["user", person] as const);
  const heads = await getAll<LogHead>(kv, told.map(keys.head));
  const note: UserNote = { type: "room", room: record.id };
  told.forEach((topic, i) => appendToLog(atomic, topic, { head: heads[i], value: note }));
}
