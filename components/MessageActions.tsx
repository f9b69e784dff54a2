/**
 * What can be done with a message, in the flow below its bubble, so that nothing is cut off: a menu,
 * and behind its items the question before a deletion, the field for another text, the earlier texts.
 */

import { useLayoutEffect, useRef } from "preact/hooks";
import { canEdit } from "../lib/chat/messages.ts";
import {
  ChecksIcon,
  DeleteIcon,
  EditIcon,
  HistoryIcon,
  LinkIcon,
  PlusIcon,
  ReplyIcon,
} from "./Icons.tsx";
import { cx } from "./cx.ts";
import { lazy } from "./lazy.tsx";
import { QUICK } from "./quick_emoji.ts";
import { keepRecent } from "./recent_emoji.ts";
import type { Place } from "./dates.ts";
import { MessageEditor } from "./MessageEditor.tsx";
import { MessageVersions } from "./MessageVersions.tsx";
import type { Entry, RoomModel } from "./models.ts";
import type { Names } from "./names.ts";

/** What is open under a message. */
export type Act = "menu" | "react" | "delete" | "edit" | "versions" | "receipts";

interface MessageActionsProps {
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
const EmojiPicker = lazy("The emoji", () => import("./EmojiPicker.tsx"));

export default function MessageActions(props: MessageActionsProps) {
  const { act, entry, room, place, onAct } = props;
  const close = () => onAct(null);
  if (act === "menu") return <Menu {...props} />;
  if (act === "react") {
    return (
      <EmojiPicker
        onPick={(emoji) => (put(props, emoji, true), close())}
        onClose={close}
      />
    );
  }
  if (act === "delete") {
    return <DeleteQuestion onDelete={() => void room.actions.delete(entry.seq!)} onClose={close} />;
  }
  if (act === "versions") {
    return <MessageVersions room={room} seq={entry.seq!} place={place} onClose={close} />;
  }
  if (act === "receipts") {
    return <MessageReceipts room={room} entry={entry} names={props.names} onClose={close} />;
  }
  return <MessageEditor entry={entry} room={room} onClose={close} />;
}

function put({ room, entry }: MessageActionsProps, emoji: string, on: boolean): void {
  keepRecent(emoji);
  void room.actions.react(entry.seq!, { emoji, on });
}

function Menu(props: MessageActionsProps) {
  const { entry, own, me, room, onAct, onReply } = props;
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => menu.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus(), []);
  const editable = own && canEdit(entry, { by: entry.by, now: Date.now() });
  return (
    <div
      ref={menu}
      role="menu"
      aria-label="Message"
      class="message-menu"
      onKeyDown={(event) => walk(event, menu.current!, () => onAct(null))}
    >
      <div role="group" aria-label="React" class="flex flex-wrap w-full">
        {QUICK.map((emoji) => {
          const mine = hasReacted(entry, emoji, me);
          return (
            <button
              key={emoji}
              type="button"
              role="menuitemcheckbox"
              aria-checked={mine}
              tabindex={-1}
              class={cx("emoji", mine && "reaction-mine")}
              onClick={() => (put(props, emoji, !mine), onAct(null))}
            >
              {emoji}
            </button>
          );
        })}
        <Item icon={<PlusIcon />} label="More" onClick={() => onAct("react")} />
      </div>
      <Item
        icon={<ReplyIcon />}
        label="Answer"
        onClick={() => (onAct(null), onReply(entry))}
      />
      <Item
        icon={<LinkIcon />}
        label="Copy link"
        onClick={() => (copyLink(room.id, entry.seq!), onAct(null))}
      />
      {editable && <Item icon={<EditIcon />} label="Edit" onClick={() => onAct("edit")} />}
      {entry.editedAt !== undefined && (
        <Item
          icon={<HistoryIcon />}
          label="Earlier versions"
          onClick={() => onAct("versions")}
        />
      )}
      {room.summary.value.kind === "group" && (
        <Item
          icon={<ChecksIcon />}
          label="Read by"
          onClick={() => onAct("receipts")}
        />
      )}
      {own && <Item icon={<DeleteIcon />} label="Delete" onClick={() => onAct("delete")} />}
    </div>
  );
}

function Item(
  { icon, label, onClick }: { icon: preact.JSX.Element; label: string; onClick(): void },
) {
  return (
    <button type="button" role="menuitem" tabindex={-1} class="message-item" onClick={onClick}>
      {icon}
      {label}
    </button>
  );
}

function hasReacted({ reactions }: Entry, emoji: string, me: string): boolean {
  return reactions?.some((one) => one.emoji === emoji && one.by.includes(me)) ?? false;
}

/** A page that is not served securely has no clipboard. */
function copyLink(room: string, seq: number): void {
  void navigator.clipboard?.writeText(`${location.origin}/chat/${room}?at=${seq}`);
}

/** Arrow keys go round the items, Escape and Tab close. */
function walk(event: KeyboardEvent, menu: HTMLElement, close: () => void): void {
  const items = [...menu.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: -1,
  };
  if (event.key !== "Tab" && event.key !== "Escape" && !(event.key in steps)) return;
  if (event.key !== "Tab") event.preventDefault(); // Tab goes on from the button that opened this
  if (!(event.key in steps)) return close();
  items.at(steps[event.key] % items.length)?.focus();
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
