/**
 * Reads the demo's transcripts. `# 3d 09:25` begins a stretch three days ago at 09:25 UTC, `# 52m`
 * and `# 4h` one that long ago; `name: text` is a message, `name ^2: text` one that answers the second
 * above; an indented line goes on with the message above, and `+ 👍 name name` below it says who
 * reacted; `{a.png}` at the end of a line is a file of the message. Pauses between messages grow with
 * what had to be typed, and are the same in every run.
 */

/** An emoji, and the usernames of those who set it. */
export interface Reacted {
  emoji: string;
  by: string[];
}

/** A message of a transcript. */
export interface Line {
  /** Username. */
  by: string;
  text: string;
  /** Names of files. */
  files?: string[];
  /** Which line it answers, from 0. */
  answers?: number;
  reactions?: Reacted[];
  at: number;
}

const MINUTE_MS = 60_000;
const UNIT_MS: Record<string, number> = { m: MINUTE_MS, h: 60 * MINUTE_MS };
const DAY_MS = 24 * 60 * MINUTE_MS;
/** The newest message is at least this old, so that the demo never speaks from the future. */
const NEWEST_MS = 30_000;

/** The messages of a transcript, oldest first. Throws for a line that is none of the above. */
export function parseTranscript(transcript: string, now: number): Line[] {
  const lines: Line[] = [];
  let at = now;
  for (const row of transcript.trimEnd().split("\n")) {
    const message = /^([^\s:#]+)(?: \^(\d+))?: (.+)$/.exec(row);
    if (row.startsWith("# ")) at = startOf(row.slice(2), now);
    else if (message) {
      const [, by, above, said] = message;
      const { text, files } = filesIn(said);
      const answers = above && { answers: lines.length - Number(above) };
      lines.push({
        by,
        text,
        ...files && { files },
        ...answers,
        at: Math.min(at, now - NEWEST_MS),
      });
      at += pauseAfter(text, lines.length);
    } else if (row.startsWith("+ ")) {
      const [emoji, ...by] = row.slice(2).split(" ");
      (lines[lines.length - 1].reactions ??= []).push({ emoji, by });
    } else if (row.startsWith("  ")) lines[lines.length - 1].text += `\n${row.slice(2)}`;
    else if (row !== "") throw new Error(`This is no line of a transcript: ${row}`);
  }
  return lines;
}

function filesIn(text: string): { text: string; files?: string[] } {
  const files = [...text.matchAll(/ ?\{([\w-]+\.\w+)\}(?=$| ?\{)/g)].map(([, name]) => name);
  return files.length === 0
    ? { text }
    : { text: text.slice(0, text.indexOf(`{${files[0]}}`)).trim(), files };
}

function startOf(head: string, now: number): number {
  const day = /^(\d+)d (\d\d):(\d\d)$/.exec(head);
  if (day) {
    const [, days, hour, minute] = day.map(Number);
    return now - now % DAY_MS - days * DAY_MS + (hour * 60 + minute) * MINUTE_MS;
  }
  const ago = /^(\d+)([mh])$/.exec(head);
  if (!ago) throw new Error(`This is no beginning of a stretch: ${head}`);
  return now - Number(ago[1]) * UNIT_MS[ago[2]];
}

/** From 15 s to some four minutes; `n` makes the pauses uneven. */
function pauseAfter(text: string, n: number): number {
  return 15_000 + Math.min(text.length, 200) * 400 + (n * 7_919 % 120) * 1_000;
}
