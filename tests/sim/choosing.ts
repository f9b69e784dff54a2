/** Whom and what a deed concerns, as the seed says. */

import type { Entry, RoomModel } from "../../lib/client/room_model.ts";
import type { SimTab } from "./tab.ts";
import type { Town } from "./town.ts";

/** A message that has its place. */
export type Stored = Entry & { seq: number };

export function pick<T>({ world: { random } }: Town, list: readonly T[]): T | undefined {
  return list.length > 0 ? random.pick(list) : undefined;
}

/** Some tab that has its page. */
export function withTab(town: Town, act: (tab: SimTab) => void): void {
  const tab = pick(town, town.openTabs.filter(({ model }) => model !== null));
  if (tab) act(tab);
}

/** Some tab's open room, or another one. */
export function withRoom(town: Town, act: (tab: SimTab, room: RoomModel) => void): void {
  withTab(town, (tab) => {
    const room = tab.model!.room.value ?? pick(town, tab.model!.rooms.value);
    if (room) act(tab, room);
  });
}

/** What a room shows as stored. */
export function storedIn(room: RoomModel): Stored[] {
  return room.entries.value.filter((entry): entry is Stored => entry.seq !== null);
}

/** Somebody wants something of a group that perhaps concerns another; many may not. */
export function withGroup(
  town: Town,
  act: (by: string, room: string, person: string) => void,
): void {
  const room = pick(town, town.groups);
  const by = pick(town, town.people)!.id;
  const person = pick(town, town.people)!.id;
  if (room) act(by, room, person);
}

/** Does something to a message that a tab shows, mostly one of the newest. */
export function withMessage(
  town: Town,
  act: (tab: SimTab, room: RoomModel, message: Stored) => void,
  { own = false } = {},
): void {
  const { random } = town.world;
  withRoom(town, (tab, room) => {
    const onlyOwn = own && random.chance(0.9); // the others are refused
    const messages = storedIn(room)
      .filter(({ by }) => !onlyOwn || by === tab.device.person.id);
    const edited = messages.filter(({ editedAt }) => editedAt !== undefined);
    const some = edited.length > 0 && random.chance(0.4) ? edited : messages;
    const message = pick(town, random.chance(0.8) ? some.slice(-5) : some);
    if (message) act(tab, room, message);
  });
}

/** As {@link withMessage}, with one of those that have files, in whatever room. */
export function withFiles(
  town: Town,
  act: (tab: SimTab, room: RoomModel, message: Stored) => void,
  { own = false } = {},
): void {
  withTab(town, (tab) => {
    const found = tab.model!.rooms.value.flatMap((room) =>
      storedIn(room)
        .filter(({ files, by }) => files && (!own || by === tab.device.person.id))
        .map((message) => ({ room, message }))
    );
    const one = pick(town, found);
    if (one) act(tab, one.room, one.message);
  });
}
