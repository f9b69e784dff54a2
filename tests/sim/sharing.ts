/** What people do with files, and what becomes of those that nobody wanted. */

import type { RoomEvent } from "../../lib/chat/events.ts";
import type { FileRef } from "../../lib/chat/file_refs.ts";
import { openFile } from "../../lib/store/file_access.ts";
import { postMessage } from "../../lib/post_message.ts";
import { RatesByPerson } from "../../lib/live/rates.ts";
import { keys } from "../../lib/store/keys.ts";
import { receiveFile } from "../../lib/store/receive_file.ts";
import { collect } from "../helpers/files.ts";
import { pick, type Stored, withFiles, withMessage, withRoom } from "./choosing.ts";
import { contentOf, drawContent, isContent } from "./content.ts";
import { SimFault } from "./faults.ts";
import type { Said } from "./ledger.ts";
import { firstFor, roomsOf } from "./invariants.ts";
import { membershipIn } from "./membership.ts";
import type { Mutation } from "./store.ts";
import type { Town } from "./town.ts";

/** The day of so many uploads is over, and some instance looks at them. */
export function expire(town: Town, count: number): void {
  const { random, clock } = town.world;
  const due = random.shuffled(town.store.list({ prefix: keys.dueUploads() })).slice(0, count);
  const mutations = due.flatMap(({ key }): Mutation[] => [
    { type: "delete", key },
    { type: "set", key: keys.dueUpload(clock, String(key[2])), value: 1 },
  ]);
  town.store.commit({ checks: [], mutations });
  if (random.chance(0.7)) town.ask(({ sweeper }) => Promise.resolve(sweeper.kick()));
}

/** Authors delete some of the messages that have files or were edited. */
export function clearAway(town: Town): void {
  for (const room of roomsOf(town)) {
    for (const event of town.ledger.log(room)) {
      const isWanted = shows(event) || event.type === "posted" && event.editedAt !== undefined;
      if (!isWanted || town.world.random.chance(0.5)) continue;
      const tab = pick(town, town.openTabs.filter(({ device }) => device.person.id === event.by));
      const there = tab?.model?.rooms.value.find(({ id }) => id === room);
      // Who came back to a group may not see what they wrote before.
      const isSeen = there && event.seq >= firstFor(town, room, event.by);
      if (isSeen) tab!.change(there, { type: "deleted", message: event.seq });
    }
  }
}

/** Whose look at which file. */
interface Look {
  user: string;
  room: string;
  message: Stored;
  ref: FileRef;
}

export const SHARING = {
  /** A message with files. */
  share: (town: Town) =>
    withRoom(town, (tab, room) => {
      const { world } = town;
      void tab.choose(room, drawFiles(town)).then(() => tab.post(room));
      if (world.random.chance(0.7)) return;
      // As if it had begun a day before: it is swept while it is posted.
      world.after(world.root, world.random.between([0, 400]), () => expire(town, Infinity));
    }),
  /** Files that lie beside a text that is not sent, perhaps for ever. */
  stage: (town: Town) => withRoom(town, (tab, room) => void tab.choose(room, drawFiles(town))),
  /** Somebody's message, mostly one with files, in another room. */
  forward: (town: Town) =>
    (town.world.random.chance(0.8) ? withFiles : withMessage)(town, (tab, room, message) => {
      const target = pick(town, room.actions.targets());
      if (target) tab.forward(room, message, target.id);
    }),
  /** The deletion of a message with files. */
  unshare: (town: Town) =>
    withFiles(town, (tab, room, { seq: message }) => {
      tab.change(room, { type: "deleted", message });
    }, { own: true }),
  /** A look at a file. */
  open: (town: Town) =>
    withFiles(town, (tab, { id: room }, message) => {
      const { id: user } = tab.device.person;
      for (const ref of message.files ?? []) look(town, { user, room, message, ref });
    }),
  /** A message with files by the form of the page without JavaScript. */
  form: (town: Town) =>
    withRoom(town, (tab, room) => sendForm(town, tab.device.person.id, room.id)),
  /** The day of some upload, or of all, is over. */
  expire: (town: Town) => expire(town, town.world.random.chance(0.3) ? Infinity : 1),
};

/** As the route does. What comes is right; nothing comes only of what is gone, or not theirs now. */
function look(town: Town, { user, room, message, ref }: Look): void {
  const { world, ledger } = town;
  town.ask(async ({ live, files }) => {
    try {
      const place = await live.rooms.getFor(room, user);
      const file = await openFile(files, place, { user, id: ref.id });
      const bytes = await collect(file.read({ start: 0, end: file.size }));
      if (!isContent(ref.name, bytes)) world.fail(`${ref.id} in ${room} is not ${ref.name}`);
    } catch (error) {
      if (error instanceof SimFault) return;
      const log = ledger.log(room);
      const isGone = !shows(log[message.seq - 1]) || membershipIn(log, user).departed;
      if (!isGone) world.fail(`${user} cannot read ${ref.id} in ${room}: ${error}`);
    }
  });
}

function shows(event: RoomEvent): boolean {
  return event.type === "posted" && event.files !== undefined;
}

function drawFiles({ world: { random } }: Town): string[] {
  return Array.from({ length: random.pick([1, 1, 1, 2]) }, () => drawContent(random));
}

/** As the page's route does; nobody tries again. */
function sendForm(town: Town, by: string, room: string): void {
  const names = drawFiles(town);
  const id = `form-${++town.forms}`;
  const said: Said = {
    room,
    by,
    id,
    text: `${id} is sent`,
    tab: id,
    number: 0,
    kept: false,
    cancelled: false,
    files: names,
  };
  town.ledger.say(said);
  const breaks = town.world.random.chance(town.net.lost);
  town.ask(async ({ live, files, instance }) => {
    await live.rooms.getFor(room, by);
    const ids: string[] = [];
    for (const name of names) {
      const bytes = contentOf(name);
      const most = bytes.length + town.world.random.int(0, 300);
      const body = instance.receive(bytes, breaks);
      ids.push(String(await receiveFile(files, by, { name, type: "", most, body })));
    }
    const rates = new RatesByPerson(1_000);
    await postMessage({ live, rates }, by, { room, id, text: said.text, files: ids });
    said.kept = true;
  });
}
