/** A field for another text of a message, in its place. Enter saves where there is a keyboard. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { MAX_TEXT_CHARS } from "../lib/chat/limits.ts";
import { countChars, normalizeText } from "../lib/chat/text.ts";
import type { Entry, RoomModel } from "./models.ts";

interface MessageEditorProps {
  entry: Entry;
  room: RoomModel;
  onClose(): void;
}

export function MessageEditor({ entry, room, onClose }: MessageEditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [busy, setBusy] = useState(false);
  useLayoutEffect(() => {
    const node = field.current!;
    node.value = entry.text;
    node.focus();
    node.setSelectionRange(node.value.length, node.value.length);
  }, []);

  /** What was typed stays until the server has it. */
  async function save(): Promise<void> {
    const text = normalizeText(field.current!.value);
    if (busy || text === "" && !entry.files || countChars(text) > MAX_TEXT_CHARS) return;
    if (text === entry.text) return onClose();
    setBusy(true);
    const done = await room.actions.edit(entry.seq!, text);
    setBusy(false);
    if (done) onClose();
  }

  function key(event: KeyboardEvent): void {
    if (event.isComposing || event.keyCode === 229) return;
    const enters = event.key === "Enter" && !event.shiftKey && !event.altKey &&
      !matchMedia("(pointer: coarse)").matches;
    if (event.key !== "Escape" && !enters) return;
    event.preventDefault();
    if (enters) void save();
    else onClose();
  }

  return (
    <form
      class="message-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        ref={field}
        class="composer-text w-full"
        aria-label="Edit message"
        dir="auto"
        rows={1}
        onKeyDown={key}
      />
      <div class="flex justify-end gap-1">
        <button type="button" class="message-item" onClick={onClose}>Cancel</button>
        <button type="submit" class="message-item text-accent font-semibold" aria-disabled={busy}>
          Save
        </button>
      </div>
    </form>
  );
}
