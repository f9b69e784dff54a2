/**
 * What must be true of the logs and of every model, by a naive look at the store. Each function
 * answers why something is not so, or `null`; the caller decides whether it may still come true.
 */

import { MAX_WINDOW_EVENTS } from "../../lib/client/event_window.ts";
import type { RoomModel } from "../../lib/client/room_model.ts";
import type { RoomEvent } from "../../lib/chat/values.ts";
import type { RoomHead } from "../../lib/store/events.ts";
import { keys } from "../../lib/store/keys.ts";
import type { ReadRecord } from "../../lib/store/reads.ts";
import type { Said } from "./ledger.ts";
import type { SimTab } from "./tab.ts";
import type { Town } from "./town.ts";
import { textOf } from "../helpers/events.ts";

/** Why something is not as it must be. */
export type Problem = string | null;

/** Ids of all rooms, or of one person's. */
export function roomsOf({ store }: Town, user?: string): string[] {
  const prefix = user === undefined ? ["room"] : keys.userRooms(user);
  return store.list({ prefix }).map(({ key }) => String(key[key.length - 1])).sort();
}

/** Logs are gapless, and hold what was promised, once, in the order of each tab. */
export function logProblems(town: Town): string[] {
  const problems: string[] = [];
  const places = new Map<string, number>();
  for (const room of roomsOf(town)) {
    const log = town.ledger.log(room);
    log.forEach((event, i) => {
      if (event.seq !== i + 1) problems.push(`${room} has ${event.seq} in place ${i + 1}`);
      if (event.posts !== i + 1) problems.push(`${room} counts ${event.posts} posts at ${i + 1}`);
      if (i > 0 && event.at < log[i - 1].at) problems.push(`${room}: time runs back at ${i + 1}`);
      if (places.has(event.id)) problems.push(`${event.id} is stored twice`);
      places.set(event.id, event.seq);
      const said = town.ledger.said.get(event.id);
      const same = said?.room === room && said.by === event.by && said.text === textOf(event);
      if (!same) problems.push(`${room} #${event.seq} is nothing that was said`);
    });
    const head = town.store.get(keys.head(["room", room])).value as RoomHead | null;
    if ((head?.seq ?? 0) !== log.length) problems.push(`${room}'s head is ${head?.seq}`);
  }
  for (const [id, seq] of town.ledger.acked) {
    if (places.get(id) !== seq) problems.push(`${id} was acked as ${seq}, is ${places.get(id)}`);
  }
  return [...problems, ...missing(town, places), ...disorder(town, places)];
}

function missing({ ledger, openTabs }: Town, places: Map<string, number>): string[] {
  const alive = new Set(openTabs.map(({ name }) => name));
  return [...ledger.said.values()]
    .filter(({ id, kept, cancelled, tab }) =>
      !places.has(id) && !cancelled && (kept || alive.has(tab))
    )
    .map(({ id }) => `${id} was written down and is not stored`);
}

/** Messages of one tab to one room are stored in the order in which they were said. */
function disorder({ ledger }: Town, places: Map<string, number>): string[] {
  const last = new Map<string, Said>();
  const problems: string[] = [];
  for (const said of ledger.said.values()) {
    const { id, tab, room, cancelled } = said;
    if (cancelled || !places.has(id)) continue;
    const lane = `${tab} in ${room}`;
    const before = last.get(lane);
    if (before && places.get(before.id)! > places.get(id)!) {
      problems.push(`${before.id} was said before ${id} and is stored after it`);
    }
    last.set(lane, said);
  }
  return problems;
}

/** At any time: what a room shows as stored is a run of its log, and nothing is shown twice. */
export function windowProblem(town: Town, tab: SimTab, room: RoomModel): Problem {
  const entries = room.entries.value;
  const where = `${tab.name} shows of ${room.id}`;
  if (new Set(entries.map(({ key }) => key)).size < entries.length) {
    return `${where} something twice`;
  }
  const log = town.ledger.log(room.id);
  let last = 0;
  for (const { seq, by, id, text, at, state } of entries) {
    if (seq === null || state !== "stored") continue;
    if (seq <= last) return `${where} ${seq} after ${last}`;
    last = seq;
    const event: RoomEvent | undefined = log[seq - 1];
    const same = event && event.by === by && event.id === id && textOf(event) === text &&
      event.at === at;
    if (!same) return `${where} ${id} as ${seq}, stored is ${event?.id}`;
  }
  return null;
}

/** A room that was loaded to its beginning shows its whole log, or as much as a window holds. */
export function wholeProblem(town: Town, tab: SimTab, room: RoomModel): Problem {
  const count = Math.min(town.ledger.log(room.id).length, MAX_WINDOW_EVENTS);
  const seqs = room.entries.value.map(({ seq }) => seq);
  const gap = seqs.findIndex((seq, i) => seq !== i + 1);
  if (gap < 0 && seqs.length === count) return windowProblem(town, tab, room);
  const where = gap < 0 ? "without a gap" : `with a gap at ${gap + 1}`;
  return `${tab.name} shows ${seqs.length} of ${count} of ${room.id} ${where}`;
}

/** The model knows the person's rooms, and their heads. */
export function roomsProblem(town: Town, { name, model, device }: SimTab): Problem {
  const rooms = model!.rooms.value;
  const known = rooms.map(({ id }) => id).sort().join();
  const stored = roomsOf(town, device.person.id).join();
  if (known !== stored) return `${name} knows the rooms ${known}, not ${stored}`;
  for (const { id, summary } of rooms) {
    const head = town.ledger.log(id).length;
    const { head: shown, last } = summary.value;
    if (shown !== head || (last?.seq ?? 0) !== head) {
      return `${name} takes ${shown} for the head of ${id} and ${last?.seq} for its last, not ${head}`;
    }
  }
  return null;
}

/** Unread is the number of others' messages after the read pointer. */
export function unreadProblem(town: Town, { name, model, device }: SimTab): Problem {
  const me = device.person.id;
  let sum = 0;
  for (const { id, unread, summary } of model!.rooms.value) {
    const { value } = town.store.get(keys.read(me, id));
    const read = (value as ReadRecord | null)?.seq ?? 0;
    const count = town.ledger.log(id).filter(({ seq, by }) => seq > read && by !== me).length;
    if (summary.value.read !== read) {
      return `${name} takes ${summary.value.read} for the pointer in ${id}, not ${read}`;
    }
    if (unread.value !== count) {
      return `${name} counts ${unread.value} unread in ${id}, not ${count}`;
    }
    sum += count;
  }
  return model!.unread.value === sum ? null : `${name} counts ${model!.unread.value} unread in all`;
}

/** Somebody is online where a tab of theirs is connected, and nowhere else. */
export function presenceProblem(town: Town): Problem {
  const live = town.openTabs.filter(({ live }) => live);
  const online = new Set(live.map(({ device }) => device.person.id));
  for (const { name, model, device } of live) {
    for (const { id } of town.people) {
      if (id === device.person.id) continue;
      const shown = model!.presence(id).value.online;
      if (shown !== online.has(id)) return `${name} takes ${id} for ${shown ? "on" : "off"}line`;
    }
  }
  return null;
}
