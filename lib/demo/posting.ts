/** What the lines of a transcript lead to beside their texts: answers, reactions, how far was read. */

import type { Appender } from "../live/appender.ts";
import type { Line } from "./transcript.ts";

interface Posted {
  room: string;
  seq: number;
  line: Line;
  idOf(username: string): string;
}

/** What a line answers, as a post says it; `seqs` is where the lines before were stored. */
export function answerOf({ answers }: Line, seqs: readonly number[]): { reply?: number } {
  return answers === undefined ? {} : { reply: seqs[answers] };
}

/** Appends the reactions to a line that was just stored. */
export async function react(appender: Appender, { room, seq, line, idOf }: Posted): Promise<void> {
  for (const { emoji, by } of line.reactions ?? []) {
    for (const name of by) {
      const draft = { room, by: idOf(name), id: `demo-${seq}-${name}-${emoji}`, message: seq };
      await appender.append({ type: "reacted", ...draft, emoji, on: true });
    }
  }
}

/** How far somebody has read who has not read the last `unread` lines; `head` is the room's end. */
export function readUpTo(seqs: readonly number[], unread: number, head: number): number {
  return unread === 0 ? head : seqs[seqs.length - unread] - 1;
}
