/** Above an answer: who and what it answers, on one line, and the way there. */

import { useEffect } from "preact/hooks";
import { previewOfMessage } from "../lib/chat/files.ts";
import type { Entry, RoomModel } from "./models.ts";
import type { Names } from "./names.ts";

interface QuoteProps {
  room: RoomModel;
  seq: number;
  /** Undefined while it is not known. */
  quoted?: Entry;
  names: Names;
  onJump(seq: number): void;
}

export function Quote({ room, seq, quoted, names, onJump }: QuoteProps) {
  useEffect(() => {
    if (!quoted) room.needQuoted(seq);
  }, [quoted]);
  const jump = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onJump(seq);
  };
  return (
    <a href={`/chat/${room.id}?at=${seq}`} class="quote" onClick={jump}>
      <span class="sr-only">In answer to</span>
      <bdi class="font-semibold">{quoted ? names.get(quoted.by) ?? "Someone" : "…"}</bdi>
      <span class="truncate" dir="auto">{quoted ? summaryOf(quoted) : "Show the message"}</span>
    </a>
  );
}

/** A message on one line. */
export function summaryOf(entry: Pick<Entry, "text" | "files" | "deleted">): string {
  return entry.deleted ? "Deleted message" : previewOfMessage(entry);
}
