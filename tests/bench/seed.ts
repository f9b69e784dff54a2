/**
 * People, sessions, rooms and messages written straight into a database before a server opens it:
 * registering ten thousand people through Argon2 would take minutes. The records are those of
 * `lib/store`; rooms of more than two have no other maker yet.
 */

import { Appender } from "../../lib/live/appender.ts";
import type { UserRecord } from "../../lib/store/accounts.ts";
import { newId } from "../../lib/store/ids.ts";
import { keys } from "../../lib/store/keys.ts";
import { personKey, personTermKeys } from "../../lib/store/people.ts";
import type { RoomRecord } from "../../lib/store/rooms.ts";
import { createSession } from "../../lib/store/sessions.ts";

/** A signed-in person. */
export interface Account {
  id: string;
  cookie: string;
}

/** A room with those of its members that a benchmark connects. */
export interface SeededRoom {
  id: string;
  members: Account[];
}

const PEOPLE_PER_COMMIT = 100;
const MEMBERS_PER_COMMIT = 500;

/** Creates people who are signed in. */
export async function seedPeople(kv: Deno.Kv, count: number): Promise<Account[]> {
  const people = Array.from({ length: count }, (_, n) => newPerson(n));
  const accounts: Account[] = [];
  for (let i = 0; i < count; i += PEOPLE_PER_COMMIT) {
    const part = people.slice(i, i + PEOPLE_PER_COMMIT);
    const atomic = kv.atomic();
    for (const person of part) addPerson(atomic, person);
    await atomic.commit();
    accounts.push(...await Promise.all(part.map((person) => signIn(kv, person.id))));
  }
  return accounts;
}

function newPerson(n: number): UserRecord {
  const id = newId();
  return { id, username: `user${n}-${id.slice(0, 6)}`, name: `Person ${n}`, createdAt: Date.now() };
}

function addPerson(atomic: Deno.AtomicOperation, user: UserRecord): void {
  const { id, username, name } = user;
  const person = { id, username, name };
  atomic.set(keys.user(id), user).set(keys.username(username), id).set(personKey(person), person);
  for (const key of personTermKeys(person)) atomic.set(key, person);
}

async function signIn(kv: Deno.Kv, id: string): Promise<Account> {
  return { id, cookie: `session=${await createSession(kv, id)}` };
}

/** Creates a room; `silent` members belong to it and are never connected. */
export async function seedRoom(
  kv: Deno.Kv,
  members: Account[],
  silent: Account[] = [],
): Promise<SeededRoom> {
  const all = [...members, ...silent].map((member) => member.id).sort();
  const room: RoomRecord = { id: newId(), kind: "direct", createdAt: Date.now(), members: all };
  for (let i = 0; i < all.length; i += MEMBERS_PER_COMMIT) {
    const atomic = kv.atomic().set(keys.room(room.id), room);
    for (const id of all.slice(i, i + MEMBERS_PER_COMMIT)) {
      atomic.set(keys.userRoom(id, room.id), { joinedAt: room.createdAt });
    }
    await atomic.commit();
  }
  return { id: room.id, members };
}

/** Creates `rooms` rooms of `members` people each, everybody in one. */
export async function seedRooms(
  kv: Deno.Kv,
  { rooms, members }: { rooms: number; members: number },
): Promise<SeededRoom[]> {
  const people = await seedPeople(kv, rooms * members);
  const groups = Array.from(
    { length: rooms },
    (_, n) => people.slice(n * members, (n + 1) * members),
  );
  return await Promise.all(groups.map((group) => seedRoom(kv, group)));
}

/** Stores `count` messages in a room, by its members in turn. */
export async function seedPosts(kv: Deno.Kv, room: SeededRoom, count: number): Promise<void> {
  const appender = new Appender(kv, { onCommit: () => {} });
  const posts = Array.from({ length: count }, (_, n) => ({
    type: "posted" as const,
    room: room.id,
    by: room.members[n % room.members.length].id,
    id: `seed-${n}`,
    text: `Message ${n}: ${"lorem ipsum dolor ".repeat(3)}`,
  }));
  await Promise.all(posts.map((post) => appender.append(post)));
}
