/**
 * Whom edits mention who were not mentioned before: they are told like of a new message. Pure. Which
 * of them still are when it is told, and have not read it, is for `plan.ts` to find out.
 */

import type { RoomEvent } from "../chat/events.ts";
import type { MentionChange } from "../store/room_plan.ts";

/** An edit that mentions somebody anew. */
export interface Call {
  /** `seq` of the message, and of the edit. */
  message: number;
  seq: number;
  /** Those whom it names anew. */
  people: ReadonlySet<string>;
  /** It mentions everyone anew: all but those who were named before. */
  allBut: ReadonlySet<string> | null;
}

/** The calls in what a commit changed of a room. */
export function callsIn(
  events: readonly RoomEvent[],
  mentions: readonly MentionChange[],
): Call[] {
  return mentions.flatMap(({ seq: message, before, now }) => {
    const edit = events.findLast((event) => event.type === "edited" && event.message === message);
    if (!edit || before.all) return [];
    const known = new Set(before.mentions);
    const people = new Set(now.mentions).difference(known);
    if (people.size === 0 && !now.all) return [];
    return [{ message, seq: edit.seq, people, allBut: now.all ? known : null }];
  });
}

/** Whether a call is for a person. */
export function isCalled({ people, allBut }: Call, userId: string): boolean {
  return people.has(userId) || allBut !== null && !allBut.has(userId);
}
