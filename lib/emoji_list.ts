/** Builds the list of emoji that the picker loads when it is opened: Unicode's, in its groups. */

import groups from "unicode-emoji-json/data-by-group.json" with { type: "json" };
import { isEmoji } from "./chat/emoji.ts";

/** A group's name, and its emoji with their names. */
export type EmojiGroup = [name: string, emoji: [emoji: string, name: string][]];

/** Everything that may be put under a message. */
export function emojiList(): EmojiGroup[] {
  return groups.map(({ name, emojis }) => [
    name,
    emojis.flatMap(({ emoji, name }): [string, string][] => isEmoji(emoji) ? [[emoji, name]] : []),
  ]);
}
