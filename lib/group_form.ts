/** The form of a group, read and checked: what is wrong with it is said in sentences. */

import { InvalidError } from "./chat/errors.ts";
import { MAX_ROOM_NAME_CHARS } from "./chat/limits.ts";
import { emojiText, opaqueId, roomName } from "./chat/shapes.ts";
import { isVisible, normalizeRoomName } from "./chat/text.ts";
import type { HistoryRule } from "./chat/events.ts";
import { type GroupFormValues, KEPT_IMAGE } from "../components/GroupFields.tsx";
import type { GroupImage } from "./store/group_images.ts";

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

/** What a form sets: all of a group but the picture, which may stay. */
interface FormSettings {
  name: string;
  picture?: string | null;
  image?: GroupImage;
  public: boolean;
  history: HistoryRule;
}

/**
 * A group's settings as they are stored; an image that was chosen goes before every other picture.
 * Throws {@link InvalidError} with what to tell the user.
 */
export function toGroupSettings(
  { name, picture, ...rest }: GroupFormValues,
  image?: GroupImage,
): FormSettings {
  if (!isVisible(normalizeRoomName(name))) throw new InvalidError("The group needs a name.");
  const named = roomName.safeParse(name);
  if (!named.success) {
    throw new InvalidError(`The name is over ${MAX_ROOM_NAME_CHARS} characters. Make it shorter.`);
  }
  const settings = { name: named.data, ...rest };
  if (image) return { ...settings, image };
  if (picture === KEPT_IMAGE) return settings;
  const drawn = picture === "" ? null : emojiText.safeParse(picture);
  if (drawn?.success === false) throw new InvalidError("The picture must be one emoji.");
  return { ...settings, picture: drawn?.data ?? null };
}

/** What is said of a form with an image that is shown again: no page can put a file into a field. */
export function withImage(message: string, image: unknown): string {
  const isAsked = image === null || /\bimage\b/.test(message);
  return isAsked ? message : `${message} Then choose the image again.`;
}

/** Ids of the people that a form chose, each once; what is no id is left out. */
export function readPeople(fields: URLSearchParams): string[] {
  return [...new Set(fields.getAll("person"))].filter((id) => opaqueId.safeParse(id).success);
}
