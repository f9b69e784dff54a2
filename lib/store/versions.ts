/** The texts that a message had, for those who ask. */

import { InvalidError, NotFoundError } from "../chat/errors.ts";
import type { EditedEvent } from "../chat/events.ts";
import type { StoredMessage } from "./drafts.ts";
import { getAll } from "./get_all.ts";
import { keys } from "./keys.ts";
import type { FirstText } from "./room_plan.ts";

/** One text of a message, and when it was written. */
export interface Version {
  at: number;
  text: string;
}

/**
 * All texts of a message, the first one first. Throws {@link NotFoundError} if there is no such
 * message, {@link InvalidError} if it was deleted. An edit that comes in between may be missing.
 */
export async function listVersions(kv: Deno.Kv, room: string, seq: number): Promise<Version[]> {
  const message = await getMessage(kv, room, seq);
  if (message.deleted) throw new InvalidError("This message was deleted.");
  if (!message.edits) return [{ at: message.at, text: message.text }];
  const wanted = message.edits.map((edit) => keys.entry(["room", room], edit));
  const entries = await getAll<FirstText | EditedEvent>(kv, [keys.original(room, seq), ...wanted]);
  return entries.flatMap(({ value }) =>
    value?.text !== undefined ? [{ at: value.at, text: value.text }] : []
  );
}

/** A message as it is stored. Throws {@link NotFoundError} if there is none at this place. */
export async function getMessage(kv: Deno.Kv, room: string, seq: number): Promise<StoredMessage> {
  const { value } = await kv.get<StoredMessage>(keys.entry(["room", room], seq));
  if (value?.type !== "posted") throw new NotFoundError("There is no such message.");
  return { ...value, seq };
}
