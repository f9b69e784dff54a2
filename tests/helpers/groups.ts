/** Groups for tests: people, a group of theirs, and an instance that they talk to. */

import type { UserRecord } from "../../lib/store/accounts.ts";
import type { RoomHead } from "../../lib/store/events.ts";
import type { GroupChange } from "../../lib/store/group_plan.ts";
import { changeGroup, createGroup, type NewGroup } from "../../lib/store/groups.ts";
import { newId } from "../../lib/store/ids.ts";
import { keys } from "../../lib/store/keys.ts";
import type { GroupRecord } from "../../lib/store/rooms.ts";
import type { FakeSocket } from "./fake_socket.ts";
import { freshKv } from "./fresh_kv.ts";
import { type InstanceOptions, TestInstance } from "./instance.ts";
import { createPerson } from "./people.ts";

/** Makes a group of the first person's, with the others in it. */
export async function makeGroup(
  kv: Deno.Kv,
  [owner, ...others]: readonly { id: string }[],
  settings: Partial<NewGroup> = {},
): Promise<GroupRecord> {
  const people = others.map(({ id }) => id);
  const { record } = await createGroup(kv, owner.id, {
    id: newId(),
    name: "Garden",
    people,
    ...settings,
  });
  return record;
}

/** Changes a group behind the back of every instance. */
export function change(
  kv: Deno.Kv,
  room: { id: string },
  by: { id: string },
  what: GroupChange,
) {
  return changeGroup(kv, room.id, by.id, what);
}

/** The head of a room. */
export async function headOf(kv: Deno.Kv, { id }: { id: string }): Promise<RoomHead> {
  return (await kv.get<RoomHead>(keys.head(["room", id]))).value!;
}

/** Ada owns a group with Ben and Cat in it; Eve is outside. Declare it with `await using`. */
export async function setUpGroup(
  settings: Partial<NewGroup> = {},
  options: InstanceOptions = {},
) {
  const kv = await freshKv();
  const instance = await TestInstance.start(kv, options);
  const [ada, ben, cat, eve] = await Promise.all(
    ["ada", "ben", "cat", "eve"].map((name) => createPerson(instance.live.kv, name)),
  );
  const room = await makeGroup(instance.live.kv, [ada, ben, cat], settings);
  return {
    kv: instance.live.kv,
    ada,
    ben,
    cat,
    eve,
    room,
    instance,
    async [Symbol.asyncDispose]() {
      await instance[Symbol.asyncDispose]();
      kv.close();
    },
  };
}

let ref = 1_000;

/** Asks and takes the answer, or the error that came instead. */
export async function ask(
  socket: FakeSocket,
  command: { type: string } & Record<string, unknown>,
): Promise<Record<string, unknown> & { type: string }> {
  const mine = ++ref;
  socket.say({ ref: mine, ...command });
  const isAnswer = (fact: object) => "ref" in fact && fact.ref === mine;
  await socket.received.until((all) => all.some(isAnswer), `an answer to ${command.type}`);
  return { ...socket.received.all.find(isAnswer)! };
}

/** Posts and waits for the ack. */
export async function say(socket: FakeSocket, room: string, text: string): Promise<number> {
  const id = newId();
  socket.say({ type: "post", room, id, text });
  return (await socket.take("ack", (ack) => ack.id === id)).seq;
}

/** Ids of people. */
export function idsOf(...people: UserRecord[]): string[] {
  return people.map(({ id }) => id);
}
