/** Drafts of Ada's for the room `r1`, each with an id of its own. */

import { Appender } from "../../lib/live/appender.ts";
import type { Draft } from "../../lib/store/drafts.ts";

let made = 0;

/** What every draft names; another author or id is set over it. */
export const base = () => ({ room: "r1", by: "ada", id: `id-${++made}` });

export const post = (text = "text"): Draft => ({ ...base(), type: "posted", text });

export const edit = (message: number, text: string): Draft => ({
  ...base(),
  type: "edited",
  message,
  text,
});

export const remove = (message: number): Draft => ({ ...base(), type: "deleted", message });

export const react = (message: number, emoji = "👍", on = true): Draft => ({
  ...base(),
  type: "reacted",
  message,
  emoji,
  on,
});

/** What stores drafts, alone. */
export function newAppender(kv: Deno.Kv, now?: () => number): Appender {
  return new Appender(kv, { onCommit: () => {}, now });
}
