/** What a person or a room is called on screen, and the avatar that goes with it. */

import { isVisible } from "../lib/chat/text.ts";
import type { Person, RoomSummary } from "../lib/chat/values.ts";
import { cx } from "./cx.ts";

const TONES = cx("tone-0 tone-1 tone-2 tone-3 tone-4 tone-5 tone-6 tone-7").split(" ");

/** The free name, or the username when there is none to see. */
export function displayName(person: Person): string {
  return isVisible(person.name) ? person.name : person.username;
}

/** The members of a room other than the viewer; a room with oneself has oneself. */
export function othersIn(room: RoomSummary, me: Person): Person[] {
  const others = room.members.filter((member) => member.id !== me.id);
  return others.length > 0 ? others : [me];
}

/** What the viewer calls a room. */
export function roomName(room: RoomSummary, me: Person): string {
  return othersIn(room, me).map(displayName).join(", ");
}

/** One or two letters: the first of the first and last word. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (words.length === 0) return [...name.trim()][0] ?? "?";
  const firsts = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  const letters = firsts.map((word) => word.match(/[\p{L}\p{N}]/u)?.[0] ?? "");
  // Two ideographs do not fit the circle, and Arabic letters would join; one says as much.
  return (/^[\u0600-\u07ff\u1100-\u11ff\u2e80-\ud7ff]/.test(letters[0])
    ? letters[0]
    : letters.join(""))
    .toUpperCase();
}

/** The class of a person's avatar colour, the same wherever the person appears. */
export function toneOf(id: string): string {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + char.codePointAt(0)!) >>> 0;
  return TONES[hash % TONES.length];
}
