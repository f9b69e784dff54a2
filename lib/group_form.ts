/** The form of a group, read and checked: what is wrong with it is said in sentences. */

import { InvalidError } from "./chat/errors.ts";
import { MAX_ROOM_NAME_CHARS } from "./chat/limits.ts";
import { emojiText, opaqueId, roomName } from "./chat/shapes.ts";
import { isVisible, normalizeRoomName } from "./chat/text.ts";
import type { HistoryRule } from "./chat/events.ts";
import type { GroupFormValues } from "../components/GroupFields.tsx";

/** The fields as they were typed, to show them again. */
export function readGroupFields(fields: URLSearchParams): GroupFormValues {
  const text = (name: string) => (fields.get(name) ?? "").slice(0, 1_000);
  return {
    name: text("name"),
    picture: text("emoji").trim() || text("picture"),
    public: text("public") === "yes",
    history: text("history") === "joined" ? "joined" : "all",
  };
}

/** A group's settings as they are stored. Throws {@link InvalidError} with what to tell the user. */
export function toGroupSettings(
  { name, picture, ...rest }: GroupFormValues,
): { name: string; picture: string | null; public: boolean; history: HistoryRule } {
  if (!isVisible(normalizeRoomName(name))) throw new InvalidError("The group needs a name.");
  const named = roomName.safeParse(name);
  if (!named.success) {
    throw new InvalidError(`The name is over ${MAX_ROOM_NAME_CHARS} characters. Make it shorter.`);
  }
  const drawn = picture === "" ? null : emojiText.safeParse(picture);
  if (drawn?.success === false) throw new InvalidError("The picture must be one emoji.");
  return { name: named.data, picture: drawn?.data ?? null, ...rest };
}

/** Ids of the people that a form chose, each once; what is no id is left out. */
export function readPeople(fields: URLSearchParams): string[] {
  return [...new Set(fields.getAll("person"))].filter((id) => opaqueId.safeParse(id).success);
}
