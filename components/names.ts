/** What a person or a room is called on screen, and the avatar that goes with it. */

import { isVisible } from "../lib/chat/text.ts";
import type { Person } from "../lib/chat/people.ts";
import type { RoomSummary } from "../lib/chat/rooms.ts";
import { cx } from "./cx.ts";
import type { PeopleDirectory } from "./models.ts";

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
  return room.group?.name ?? othersIn(room, me).map(displayName).join(", ");
}

/** What people are called, by id; undefined for whom nobody knows (yet). */
export interface Names {
  get(id: string): string | undefined;
  /** The person behind the name. */
  person?(id: string): Person | undefined;
}

/** The names of everybody; whoever reads one while drawing draws anew when it becomes known. */
export function namesIn(directory: PeopleDirectory): Names {
  return {
    get(id) {
      const person = directory.of(id).value;
      return person ? displayName(person) : undefined;
    },
    person: (id) => directory.of(id).value ?? undefined,
  };
}

/** `Ada`, `Ada and Bob`, `Ada, Bob and 3 others`; `most` are named. */
export function listNames(names: readonly string[], most = 2): string {
  const others = names.length - most;
  const all = others > 1 ? [...names.slice(0, most), `${others} others`] : names;
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

/** `1 member`, `1,000 members`. */
export function memberCount(count: number): string {
  return count === 1 ? "1 member" : `${count.toLocaleString("en")} members`;
}

/** Who types: in a room of two that is plain, in a group they are named. */
export function typingWords(people: readonly string[], names: Names | null): string {
  if (!names) return "typing…";
  const list = listNames(people.map((id) => names.get(id) ?? "Someone"));
  return `${list} ${people.length > 1 ? "are" : "is"} typing…`;
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
