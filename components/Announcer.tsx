/**
 * Reads out new messages by others to screen readers, and nothing else: the list itself is no live
 * region, so history, one's own messages and acknowledgements stay silent.
 */

import { useEffect, useRef, useState } from "preact/hooks";
import { previewOfMessage } from "../lib/chat/files.ts";
import type { Person } from "../lib/chat/people.ts";
import type { RoomModel } from "./models.ts";
import type { Names } from "./names.ts";

/** The component must be keyed by the room. */
export function Announcer({ room, me, names }: { room: RoomModel; me: Person; names: Names }) {
  const [text, setText] = useState("");
  const heard = useRef(room.summary.peek().head);
  const entries = room.entries.value;
  useEffect(() => {
    const fresh = entries.filter(({ seq, by, deleted }) =>
      seq !== null && seq > heard.current && by !== me.id && !deleted
    );
    if (fresh.length === 0) return;
    heard.current = fresh[fresh.length - 1].seq!;
    setText(fresh.map((e) => `${names.get(e.by) ?? "Someone"}: ${previewOfMessage(e)}`).join("\n"));
  }, [entries]);
  return <div class="sr-only" aria-live="polite" data-announcer>{text}</div>;
}
