/**
 * What must be true of the logs and of every model, by a naive look at the store. Each function
 * answers why something is not so, or `null`; the caller decides whether it may still come true.
 */

import { isGroupEvent } from "../../lib/chat/groups.ts";
import { MAX_UNREAD_MENTIONS } from "../../lib/chat/limits.ts";
import { isMentioned } from "../../lib/chat/messages.ts";
import { visibleFrom } from "../../lib/chat/permissions.ts";
import type { RoomRecord } from "../../lib/store/rooms.ts";
import { MAX_WINDOW_EVENTS } from "../../lib/client/event_window.ts";
import type { RoomModel } from "../../lib/client/room_model.ts";
import type { PostedEvent, RoomEvent } from "../../lib/chat/events.ts";
import type { RoomSummary } from "../../lib/chat/rooms.ts";
import type { RoomHead } from "../../lib/store/events.ts";
import { keys } from "../../lib/store/keys.ts";
import type { ReadRecord } from "../../lib/store/reads.ts";
import { Fates, sameFate, shownFate } from "./changes.ts";
import type { Ledger, Made, Said } from "./ledger.ts";
import { membershipIn } from "./membership.ts";
import type { SimStore } from "./store.ts";
import type { SimTab } from "./tab.ts";
import type { Town } from "./town.ts";

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
    let posts = 0;
    log.forEach((event, i) => {
      if (event.type === "posted") posts++;
      if (event.seq !== i + 1) problems.push(`${room} has ${event.seq} in place ${i + 1}`);
      if (event.posts !== posts) problems.push(`${room} counts ${event.posts} posts at ${i + 1}`);
      if (i > 0 && event.at < log[i - 1].at) problems.push(`${room}: time runs back at ${i + 1}`);
      if (places.has(event.id)) problems.push(`${event.id} is stored twice`);
      places.set(event.id, event.seq);
      if (!wasMeant(town, room, event)) problems.push(`${room} #${event.seq} is nobody's doing`);
    });
    problems.push(...fateProblems(town, room));
    const head = town.store.get(keys.head(["room", room])).value as RoomHead | null;
    if ((head?.seq ?? 0) !== log.length) problems.push(`${room}'s head is ${head?.seq}`);
  }
  for (const [id, seq] of town.ledger.acked) {
    if (places.get(id) !== seq) problems.push(`${id} was acked as ${seq}, is ${places.get(id)}`);
  }
  for (const { id, answer } of town.ledger.made.values()) {
    if (answer === "stored" && !places.has(id)) problems.push(`${id} was promised, is not stored`);
  }
  return [...problems, ...missing(town, places), ...disorder(town, places)];
}

/** Whether somebody posted it, or asked for it and might. */
function wasMeant({ ledger }: Town, room: string, event: RoomEvent): boolean {
  const { id, by, type } = event;
  if (isGroupEvent(event)) return true; // judged by what follows from them
  const meant = type === "posted" ? ledger.said.get(id) : ledger.made.get(id);
  if (meant?.room !== room || meant.by !== by) return false;
  if (type === "posted") return true;
  const isOwn = ledger.log(room)[(meant as Made).message - 1]?.by === by;
  return (meant as Made).type === type && (type === "reacted" || type === "pinned" || isOwn);
}

/** Each message is stored as its events left it. What was deleted is nowhere in the database. */
function fateProblems({ ledger, store }: Town, room: string): string[] {
  const log = ledger.log(room);
  const fates = new Fates(ledger, log);
  const passedOn = passedOnIn(ledger);
  const everything = log.some(({ type }) => type === "deleted") ? textsIn(store) : "";
  return log.flatMap((event) => {
    if (event.type !== "posted") return [];
    const fate = fates.of(event.seq);
    const where = `${room} #${event.seq}`;
    if (!sameFate(fate, shownFate(event))) return [`${where} is not as its events left it`];
    if (!fate.deleted) return forwardProblems(ledger, event);
    if (passedOn.has(event.id)) return []; // its text may stay where it was forwarded
    const texts = [ledger.said.get(event.id)!, ...changesOf(ledger, room, event.seq)];
    const left = texts.find(({ text }) => text && everything.includes(`"${text}"`));
    return left ? [`${where} was deleted, and ${left.text} is still stored`] : [];
  });
}

/** Messages that were forwarded, or are forwards. */
function passedOnIn({ said }: Ledger): Set<string> {
  return new Set([...said.values()].flatMap(({ id, of }) => of === undefined ? [] : [id, of]));
}

/** A forward says what its source said, at some time, and whose words these were first. */
function forwardProblems({ said, made }: Ledger, { id, text, forwarded }: PostedEvent): string[] {
  const source = said.get(said.get(id)!.of ?? "");
  if (!source) return [];
  let first = source;
  while (first.of !== undefined) first = said.get(first.of)!;
  if (forwarded?.by !== first.by) return [`${id} is said to be from ${forwarded?.by}`];
  const edits = [...made.values()].filter(({ type }) => type === "edited");
  const isKnown = first.text === text || edits.some((edit) => edit.text === text);
  return isKnown ? [] : [`${id} forwards “${text}”, which ${first.id} never said`];
}

function textsIn(store: SimStore): string {
  return JSON.stringify(
    [...store.list({ prefix: [] })],
    (_, value) =>
      typeof value === "bigint" ? String(value) : value instanceof Uint8Array ? null : value,
  );
}

function changesOf({ made }: Ledger, room: string, seq: number): Made[] {
  return [...made.values()].filter(({ room: r, message }) => r === room && message === seq);
}

function missing({ ledger, openTabs }: Town, places: Map<string, number>): string[] {
  const alive = new Set(openTabs.map(({ name }) => name));
  return [...ledger.said.values()]
    .filter(({ id, kept, cancelled, tab }) =>
      !places.has(id) && !cancelled && (kept || alive.has(tab))
    )
    .filter(({ room, by }) => !membershipIn(ledger.log(room), by).departed)
    .map(({ id }) => `${id} was written down and is not stored`);
}

/**
 * Messages of one tab to one room are stored in the order in which they were said. One with files
 * gets its place when they are there.
 */
function disorder({ ledger }: Town, places: Map<string, number>): string[] {
  const last = new Map<string, Said>();
  const problems: string[] = [];
  for (const said of ledger.said.values()) {
    const { id, tab, room, cancelled, files = [] } = said;
    if (cancelled || files.length > 0 || !places.has(id)) continue;
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
  const fates = new Fates(town.ledger, log);
  let last = 0;
  for (const entry of entries) {
    const { seq, by, id, at, state } = entry;
    if (seq === null || state !== "stored") continue;
    if (seq <= last) return `${where} ${seq} after ${last}`;
    last = seq;
    const event: RoomEvent | undefined = log[seq - 1];
    const same = event && event.by === by && event.id === id && event.at === at;
    if (!same) return `${where} ${id} as ${seq}, stored is ${event?.id}`;
    const fate = fates.of(seq, entry.changed ?? seq);
    if (!sameFate(fate, shownFate(entry))) return `${where} ${seq} as it was at no time`;
  }
  return null;
}

/**
 * A room that was loaded to its beginning shows all messages of its log, or as many as a window of
 * events holds, each as it is now.
 */
export function wholeProblem(town: Town, tab: SimTab, room: RoomModel): Problem {
  const log = town.ledger.log(room.id);
  const first = firstFor(town, room.id, tab.device.person.id) - 1;
  const held = log.slice(first, first + MAX_WINDOW_EVENTS).filter(({ type }) => type === "posted");
  const seqs = room.entries.value.map(({ seq }) => seq);
  const gap = held.findIndex(({ seq }, i) => seqs[i] !== seq);
  const where = `${tab.name} shows ${seqs.length} of ${held.length} of ${room.id}`;
  if (gap >= 0) return `${where} with a gap at ${held[gap].seq}`;
  if (seqs.length !== held.length) return where;
  const fates = new Fates(town.ledger, log);
  const stale = room.entries.value.find((entry) =>
    !sameFate(fates.of(entry.seq!), shownFate(entry))
  );
  return stale ? `${tab.name} shows ${stale.seq} of ${room.id} as it was` : null;
}

/** The first `seq` of a room that a person may see. */
export function firstFor({ store }: Town, room: string, person: string): number {
  return visibleFrom(store.get(keys.room(room)).value as RoomRecord, person);
}

/** The model knows the person's rooms, and their heads. */
export function roomsProblem(town: Town, { name, model, device }: SimTab): Problem {
  const rooms = model!.rooms.value;
  const known = rooms.map(({ id }) => id).sort().join();
  const stored = roomsOf(town, device.person.id).join();
  if (known !== stored) return `${name} knows the rooms ${known}, not ${stored}`;
  for (const { id, summary } of rooms) {
    const log = town.ledger.log(id);
    const { head, last } = summary.value;
    if (head !== log.length) {
      return `${name} takes ${head} for the head of ${id}, not ${log.length}`;
    }
    const from = firstFor(town, id, device.person.id);
    const newest = log.findLast(({ type, seq }) => type === "posted" && seq >= from);
    const text = newest && new Fates(town.ledger, log).of(newest.seq).text;
    if (last?.seq !== newest?.seq || last?.text !== text) {
      return `${name} takes ${last?.seq} for the last of ${id}, “${last?.text}” for “${text}”`;
    }
  }
  return null;
}

/** Unread is the number of others' messages after the read pointer that were not deleted. */
export function unreadProblem(town: Town, { name, model, device }: SimTab): Problem {
  const me = device.person.id;
  let sum = 0;
  for (const { id, unread, summary } of model!.rooms.value) {
    const { value } = town.store.get(keys.read(me, id));
    const read = (value as ReadRecord | null)?.seq ?? 0;
    const count = town.ledger.log(id)
      .filter((event) => event.type === "posted" && !event.deleted)
      .filter(({ seq, by }) => seq > read && by !== me).length;
    if (summary.value.read !== read) {
      return `${name} takes ${summary.value.read} for the pointer in ${id}, not ${read}`;
    }
    if (unread.value !== count) {
      return `${name} counts ${unread.value} unread in ${id}, not ${count}`;
    }
    const wrong = mentionProblem(town, summary.value, { me, read });
    if (wrong) return `${name} ${wrong}`;
    sum += count;
  }
  return model!.unread.value === sum ? null : `${name} counts ${model!.unread.value} unread in all`;
}

/**
 * Unread mentions are those of others' messages, as they are now, that name the viewer or all. Of
 * more than a hundred only the newest are told; when some of these go, the next older ones are told
 * by the next summary, so fewer may be known.
 */
function mentionProblem(
  town: Town,
  { id, mentions = [] }: RoomSummary,
  { me, read }: { me: string; read: number },
): Problem {
  const from = Math.max(firstFor(town, id, me), read + 1);
  const right = town.ledger.log(id).flatMap((event) =>
    event.type === "posted" && event.seq >= from && isMentioned(event, me) ? [event.seq] : []
  );
  const isCut = right.length >= MAX_UNREAD_MENTIONS && mentions.length >= MAX_UNREAD_MENTIONS / 2;
  const known = isCut ? right.slice(-mentions.length) : right;
  return mentions.join() === known.join()
    ? null
    : `is mentioned at ${mentions.join()} in ${id}, not ${right.join()}`;
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
