/**
 * Where messages are written: a form that works by itself, grows with its text, and counts down
 * near the limit. Enter sends where there is a keyboard, and breaks the line on touch screens.
 */

import { useComputed } from "@preact/signals";
import { useState } from "preact/hooks";
import { MAX_TEXT_CHARS, TEXT_COUNTER_FROM } from "../lib/chat/limits.ts";
import { cx } from "./cx.ts";
import { AttachButton, pasteFiles, RecorderSlot, TraySlot } from "./files/ComposerFiles.tsx";
import { MicIcon } from "./files/icons.tsx";
import { SendIcon } from "./Icons.tsx";
import type { FilesModel, Recording } from "./models.ts";
import { useComposer } from "./use_composer.ts";

interface ComposerProps {
  roomId: string;
  /** The room's name, for the field's label. */
  name: string;
  /** Drafts by room id, kept while other rooms are open. */
  drafts: Map<string, string>;
  /** Sends; false when the text cannot be sent as it is. */
  onSend(text: string): boolean | void;
  files: FilesModel;
  onVoice(recording: Recording): void;
  /** Something was typed. */
  onTyping?(): void;
  /** What Escape does in the field, if anything. */
  onEscape?(): void;
}

export function Composer(props: ComposerProps) {
  const { roomId, name, files, onVoice } = props;
  const { field, formId, length, ...handlers } = useComposer(props);
  const hasFiles = useComputed(() => !!files.desk.value?.staged(roomId).value.length).value;
  const [recording, setRecording] = useState(false);
  const endRecording = () => {
    setRecording(false);
    field.current?.focus();
  };
  const left = MAX_TEXT_CHARS - length;
  const isOver = left < 0;
  return (
    <form
      method="post"
      action={`/chat/${roomId}`}
      class="flex-none mx-auto w-full max-w-[54rem] px-2 wide:px-6 pt-1 pb-2 wide:pb-4"
      onSubmit={handlers.onSubmit}
    >
      <input type="hidden" name="id" value={formId} />
      <TraySlot files={files} room={roomId} />
      {recording && <RecorderSlot files={files} onSend={onVoice} onClose={endRecording} />}
      <div
        class="composer-box flex items-end gap-1 rounded-[1.5rem] border bg-raised px-1"
        data-files={hasFiles || undefined}
        hidden={recording}
      >
        <AttachButton files={files} room={roomId} />
        <label class="sr-only" for="composer">
          Message to <bdi>{name}</bdi>
        </label>
        <textarea
          ref={field}
          id="composer"
          class="composer-text"
          name="text"
          rows={1}
          dir="auto"
          placeholder="Write a message"
          autocomplete="off"
          enterkeyhint="enter"
          aria-describedby={isOver ? "composer-left" : undefined}
          aria-invalid={isOver}
          onInput={handlers.onInput}
          onKeyDown={handlers.onKeyDown}
          onPaste={(event) => pasteFiles(event, { files, room: roomId })}
        />
        <button
          type="button"
          class="mic"
          title="Record a voice note"
          onClick={() => setRecording(true)}
        >
          <MicIcon />
          <span class="sr-only">Record a voice note</span>
        </button>
        <div class="flex flex-col items-center">
          {left <= TEXT_COUNTER_FROM && <Counter left={left} />}
          <button type="submit" class="send" aria-disabled={isOver || undefined}>
            <span>
              <SendIcon />
            </span>
            <span class="sr-only">Send</span>
          </button>
        </div>
      </div>
    </form>
  );
}

function Counter({ left }: { left: number }) {
  const isOver = left < 0;
  return (
    <p
      id="composer-left"
      class={cx("text-xs tabular-nums", isOver ? "text-danger font-semibold" : "text-muted")}
    >
      <span aria-hidden="true">{isOver ? `\u2212${-left}` : left}</span>
      <span class="sr-only" role={isOver ? "alert" : undefined}>
        {isOver ? "The message is too long" : "characters left"}
      </span>
    </p>
  );
}
