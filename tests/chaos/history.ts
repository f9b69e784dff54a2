/**
 * What a run of chaos left behind, and the judge of it. Pure: it is given what clients were acked,
 * what each of them saw and what the database holds, and names every broken promise.
 */

import type { MessageState, PostedEvent, RoomEvent } from "../../lib/chat/events.ts";

/** An event at its place in a room. */
export interface Placed {
  seq: number;
  by: string;
  id: string;
}

export interface History {
  /** Each ack that a client got, repeated ones too. */
  acked: (Placed & { room: string })[];
  /** What each client took into its view of a room, in that order. */
  views: { client: string; room: string; events: Placed[] }[];
  /** Each room's log as the database holds it. */
  stored: Map<string, Placed[]>;
  /** The messages of each room by `seq`, as a text that compares: stored, by the log, as shown. */
  messages: Messages;
}

/** A room's messages by `seq`, each as {@link stateOf} has it. */
export type States = Map<number, string>;

export interface Messages {
  /** As their own entries say. */
  stored: Map<string, States>;
  /** As the events of the log, one after the other, leave them. */
  told: Map<string, States>;
  shown: { client: string; room: string; states: States }[];
}

/** What of a message changes. */
export function stateOf({ text, deleted, reactions = [] }: MessageState): string {
  const all = reactions.flatMap(({ emoji, by }) => by.map((person) => `${emoji} ${person}`));
  return JSON.stringify([text, deleted ?? false, all.sort()]);
}

/**
 * Messages as the events of a log leave them. The log has the first text of a message no more once
 * it was changed: `first` gives it.
 */
export function tell(log: readonly RoomEvent[], first: (event: PostedEvent) => string): States {
  const messages = new Map<number, MessageState>();
  for (const event of log) {
    if (event.type === "posted") messages.set(event.seq, { text: first(event) });
    if (!("message" in event)) continue;
    const message = messages.get(event.message)!;
    const reactions = message.reactions ?? [];
    if (event.type === "edited") message.text = event.text;
    if (event.type === "deleted") messages.set(event.message, { text: "", deleted: true });
    if (event.type !== "reacted") continue;
    const { emoji, by, on } = event;
    const others = reactions.filter((one) => one.emoji !== emoji || one.by[0] !== by);
    message.reactions = on ? [...others, { emoji, by: [by] }] : others;
  }
  return new Map([...messages].map(([seq, message]) => [seq, stateOf(message)]));
}

/** Broken promises, each as a sentence. */
export interface Verdict {
  /** Acknowledged, but not stored where the ack said. */
  lost: string[];
  /** Stored, acknowledged or seen at two places. */
  doubled: string[];
  /** Seen after something that comes later. */
  disordered: string[];
  /** A number left out, in a log or in a view. */
  gaps: string[];
  /** A view that is not what is stored. */
  differing: string[];
  /** A message that is not as its events left it, in the database or on somebody's screen. */
  stale: string[];
}

export function judge(history: History): Verdict {
  const verdict: Verdict = {
    lost: [],
    doubled: [],
    disordered: [],
    gaps: [],
    differing: [],
    stale: [],
  };
  for (const [room, log] of history.stored) judgeRun(`log of ${room}`, log, verdict);
  judgeAcks(history, verdict);
  for (const { client, room, events } of history.views) {
    const view = `${client}'s view of ${room}`;
    judgeRun(view, events, verdict);
    judgeView(view, { events, log: history.stored.get(room) ?? [] }, verdict);
  }
  judgeStates(history.messages, verdict);
  return verdict;
}

function judgeStates({ stored, told, shown }: Messages, { stale }: Verdict): void {
  const all = [...stored].map(([room, states]) => ({ client: "the database", room, states }));
  for (const { client, room, states } of [...all, ...shown]) {
    for (const [seq, state] of told.get(room) ?? []) {
      if (states.get(seq) === state) continue;
      stale.push(`${client} has ${seq} of ${room} as ${states.get(seq)}, it is ${state}`);
    }
  }
}

/** Whether no promise was broken. */
export function isClean(verdict: Verdict): boolean {
  return Object.values(verdict).every((broken) => broken.length === 0);
}

/** Numbers from 1 on, one after the other, and no message twice. */
function judgeRun(what: string, events: Placed[], { doubled, disordered, gaps }: Verdict): void {
  const places = new Map<string, number>();
  let last = 0;
  for (const { seq, by, id } of events) {
    const name = `${by}/${id}`;
    if (places.has(name)) doubled.push(`${what}: ${name} at ${places.get(name)} and ${seq}`);
    places.set(name, seq);
    if (seq <= last) disordered.push(`${what}: ${seq} after ${last}`);
    else if (seq > last + 1) gaps.push(`${what}: ${seq} after ${last}`);
    last = Math.max(last, seq);
  }
}

function judgeAcks({ acked, stored }: History, { lost, doubled }: Verdict): void {
  const places = new Map<string, number>();
  const logs = new Map([...stored].map(([room, log]) => [room, new Set(log.map(nameAt))]));
  for (const { room, ...placed } of acked) {
    const name = `${room}: ${placed.by}/${placed.id}`;
    const first = places.get(name) ?? placed.seq;
    if (first !== placed.seq) doubled.push(`${name} acked at ${first} and ${placed.seq}`);
    places.set(name, first);
    if (!logs.get(room)?.has(nameAt(placed))) lost.push(`${name}, acked at ${placed.seq}`);
  }
}

function judgeView(
  what: string,
  { events, log }: { events: Placed[]; log: Placed[] },
  { differing }: Verdict,
): void {
  if (events.length !== log.length) {
    differing.push(`${what} has ${events.length} of ${log.length} messages`);
    return;
  }
  const i = events.findIndex((event, i) => nameAt(event) !== nameAt(log[i]));
  if (i >= 0) differing.push(`${what} has ${nameAt(events[i])} for ${nameAt(log[i])}`);
}

function nameAt({ seq, by, id }: Placed): string {
  return `${seq} ${by}/${id}`;
}
