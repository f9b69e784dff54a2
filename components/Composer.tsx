/**
 * Where messages are written: a form that works by itself, grows with its text, and counts down
 * near the limit. Enter sends where there is a keyboard, and breaks the line on touch screens.
 */

import { useEffect, useState } from "preact/hooks";
import { MAX_TEXT_CHARS, TEXT_COUNTER_FROM } from "../lib/chat/limits.ts";
import { cx } from "./cx.ts";
import { AttachButton, ComposerFiles, paste } from "./files/ComposerFiles.tsx";
import { MicIcon } from "./files/icons.tsx";
import { SendIcon } from "./Icons.tsx";
import { lazy } from "./lazy.tsx";
import type { Recording, RoomModel } from "./models.ts";
import { useComposer } from "./use_composer.ts";

interface ComposerProps {
  room: RoomModel;
  /** The room's name, for the field's label. */
  name: string;
  /** Sends; false when the text cannot be sent as it is. */
  onSend(text: string): boolean | void;
  onVoice(recording: Recording): void;
  /** Something was typed. */
  onTyping?(): void;
  /** What Escape does in the field, if anything. */
  onEscape?(): void;
}

const MentionBox = lazy("", () => import("./MentionBox.tsx"));

export function Composer(props: ComposerProps) {
  const { room, name, onVoice } = props;
  const { field, formId, initial, length, ...handlers } = useComposer({
    ...props,
    draft: room.draft,
  });
  const [recording, setRecording] = useState(false);
  const recorded = (recording?: Recording) => {
    setRecording(false);
    setTimeout(() => field.current?.focus()); // once it is there again
    if (recording) onVoice(recording);
  };
  // Somebody is mentioned, perhaps: from then on names are completed.
  const [naming, setNaming] = useState(false);
  useEffect(() => setNaming(field.current!.value.includes("@")), []); // typed before this ran
  const left = MAX_TEXT_CHARS - length;
  const isOver = left < 0;
  return (
    <form
      method="post"
      action={`/chat/${room.id}`}
      enctype="multipart/form-data"
      class="flex-none mx-auto w-full max-w-[54rem] px-2 wide:px-6 pt-1 pb-2 wide:pb-4"
      onSubmit={handlers.onSubmit}
    >
      <input type="hidden" name="id" value={formId} />
      {/* Not the form: the place to drop files on is as large as the room. */}
      <div class="relative">{naming && <MentionBox room={room} field={field} />}</div>
      <ComposerFiles room={room} recording={recording} onRecorded={recorded} />
      <div
        class="composer-box flex items-end gap-1 rounded-[1.5rem] border bg-raised px-1"
        hidden={recording}
      >
        <AttachButton room={room} />
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
          onFocus={handlers.onFocus}
          onBlur={handlers.onBlur}
          onInput={(event) => {
            handlers.onInput();
            if (event.currentTarget.value.includes("@")) setNaming(true);
          }}
          onKeyDown={handlers.onKeyDown}
          onPaste={(event) => paste(event, room)}
        >
          {initial}
        </textarea>
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
