/**
 * The demo's conversations: who talks with the viewer, in which transcript, and how much of it the
 * viewer has not read yet. The texts are in `conversations/`, see `transcript.ts` for their form.
 */

import type { StoredFlags } from "../store/flags.ts";
import { type Line, parseTranscript } from "./transcript.ts";

/** A conversation of the viewer with one other person. */
export interface DemoConversation {
  /** Name of the transcript. */
  file: string;
  /** Username of the other person. */
  with: string;
  /** Messages at the end, all by the other, that the viewer has not read. */
  unread: number;
  /** Messages at the end, all by the viewer, that the other got and has not read. */
  delivered?: number;
  /** What the viewer set for the room. */
  flags?: StoredFlags;
  /** What the viewer began to write. */
  draft?: string;
}

export const DEMO_CONVERSATIONS: readonly DemoConversation[] = [
  { file: "harbour_sign", with: "tomas", unread: 0 },
  { file: "siobhan_harbour", with: "siobhan", unread: 3 },
  { file: "layla_arabic", with: "layla", unread: 3 },
  { file: "noam_hebrew", with: "noam", unread: 0 },
  { file: "misaki_japanese", with: "美咲", unread: 2 },
  { file: "priya_hindi", with: "priya", unread: 0, delivered: 1 },
  { file: "weilin_chinese", with: "weilin", unread: 0 },
  { file: "jonas_german", with: "jonas", unread: 0, flags: { marked: true } },
  { file: "lucia_spanish", with: "lucia", unread: 0, draft: "¿Y si la próxima vez llevamos" },
  { file: "zoe_emoji", with: "zoe", unread: 1, flags: { muted: true } },
  { file: "captain_long_words", with: "captain", unread: 0 },
  { file: "q_short", with: "qq", unread: 0 },
];

/** The lines of a conversation as if it had happened up to `now`. */
export async function readConversation(
  { file }: Pick<DemoConversation, "file">,
  now: number,
): Promise<Line[]> {
  const text = await Deno.readTextFile(new URL(`conversations/${file}.txt`, import.meta.url));
  return parseTranscript(text, now);
}
