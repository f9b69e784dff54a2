/**
 * What can be done with a message, in the flow below its bubble, so that nothing is cut off: a menu,
 * and behind its items the question before a deletion, the field for another text, the earlier texts.
 * Its code is loaded when the page is idle, or when it is wanted.
 */

import { useLayoutEffect, useRef } from "preact/hooks";
import { lazy } from "./lazy.tsx";
import { keepRecent } from "./recent_emoji.ts";
import type { Place } from "./dates.ts";
import { MessageEditor } from "./MessageEditor.tsx";
import { MessageMenu } from "./MessageMenu.tsx";
import { MessageVersions } from "./MessageVersions.tsx";
import type { Entry, RoomModel } from "./models.ts";
import type { Names } from "./names.ts";

/** What is open under a message. */
export type Act = "menu" | "react" | "delete" | "edit" | "versions" | "receipts" | "forward";

export interface MessageActionsProps {
  act: Act;
  entry: Entry;
  own: boolean;
  me: string;
  room: RoomModel;
  place: Place;
  names: Names;
  /** Opens something else, or with `null` nothing. */
  onAct(act: Act | null): void;
  onReply(entry: Entry): void;
}

const MessageReceipts = lazy("The list", () => import("./MessageReceipts.tsx"));
const ForwardPanel = lazy("The conversations", () => import("./ForwardPanel.tsx"));
const EmojiPicker = lazy("The emoji", () => import("./EmojiPicker.tsx"));

export default function MessageActions(props: MessageActionsProps) {
  const { act, entry, room, place, onAct } = props;
  const close = () => onAct(null);
  const react = (emoji: string, on: boolean) => {
    keepRecent(emoji);
    void room.actions.react(entry.seq!, { emoji, on });
    close();
  };
  if (act === "menu") return <MessageMenu {...props} onReact={react} />;
  if (act === "react") {
    return <EmojiPicker onPick={(emoji) => react(emoji, true)} onClose={close} />;
  }
  if (act === "delete") {
    return <DeleteQuestion onDelete={() => void room.actions.delete(entry.seq!)} onClose={close} />;
  }
  if (act === "forward") {
    return <ForwardPanel room={room} seq={entry.seq!} onClose={close} />;
  }
  if (act === "versions") {
    return <MessageVersions room={room} seq={entry.seq!} place={place} onClose={close} />;
  }
  if (act === "receipts") {
    return <MessageReceipts room={room} entry={entry} names={props.names} onClose={close} />;
  }
  return <MessageEditor entry={entry} room={room} onClose={close} />;
}

function DeleteQuestion({ onDelete, onClose }: { onDelete(): void; onClose(): void }) {
  const yes = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => yes.current?.focus(), []);
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    onClose();
  };
  return (
    <div
      role="alertdialog"
      aria-label="Delete this message for everyone?"
      class="message-menu"
      onKeyDown={key}
    >
      <span class="px-2 text-sm">Delete for everyone?</span>
      <button
        ref={yes}
        type="button"
        class="message-item text-danger font-semibold"
        onClick={() => (onDelete(), onClose())}
      >
        Delete
      </button>
      <button type="button" class="message-item" onClick={onClose}>Keep</button>
    </div>
  );
}
