/**
 * The menu of a message: reactions in a row, then what can be done, what everybody may do first and
 * what cannot be undone last. Arrow keys go through it as it stands on screen.
 */

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { canEdit } from "../lib/chat/messages.ts";
import { cx } from "./cx.ts";
import { nextInGrid } from "./grid_keys.ts";
import { BookmarkIcon, ChecksIcon, ForwardIcon, PinIcon, PlusIcon } from "./Icons.tsx";
import type { MessageActionsProps } from "./MessageActions.tsx";
import type { Entry } from "./models.ts";
import {
  BookmarkedIcon,
  CopyIcon,
  DeleteIcon,
  EditIcon,
  HistoryIcon,
  LinkIcon,
  ReplyIcon,
  UnpinIcon,
} from "./menu_icons.tsx";
import { QUICK } from "./quick_emoji.ts";

interface MessageMenuProps extends MessageActionsProps {
  onReact(emoji: string, on: boolean): void;
}

export function MessageMenu(props: MessageMenuProps) {
  const { entry, me, onAct, onReact } = props;
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => menu.current?.querySelector<HTMLElement>(ITEMS)?.focus(), []);
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
              onClick={() => onReact(emoji, !mine)}
            >
              {emoji}
            </button>
          );
        })}
        <button
          type="button"
          role="menuitem"
          tabindex={-1}
          class="emoji grid place-items-center text-muted"
          title="More emoji"
          onClick={() => onAct("react")}
        >
          <PlusIcon />
          <span class="sr-only">More</span>
        </button>
      </div>
      <Items {...props} />
    </div>
  );
}

function Items({ entry, own, room, onAct, onReply }: MessageMenuProps) {
  const seq = entry.seq!;
  const close = () => onAct(null);
  const editable = own && canEdit(entry, { by: entry.by, now: Date.now() });
  const saved = room.saves.messages.value?.has(seq) ?? false;
  useLayoutEffect(() => room.saves.need(), []);
  return (
    <div role="group" aria-label="This message" class="message-items">
      <Item icon={<ReplyIcon />} label="Answer" onClick={() => (close(), onReply(entry))} />
      <Item icon={<ForwardIcon />} label="Forward" onClick={() => onAct("forward")} />
      <Item
        icon={entry.pinned ? <UnpinIcon /> : <PinIcon />}
        label={entry.pinned ? "Unpin" : "Pin"}
        onClick={() => (close(), void room.actions.pin(seq, !entry.pinned))}
      />
      <Item
        icon={saved ? <BookmarkedIcon /> : <BookmarkIcon />}
        label={saved ? "Unsave" : "Save"}
        onClick={() => (close(), void room.saves.set(seq, !saved))}
      />
      {entry.text !== "" && (
        <Item icon={<CopyIcon />} label="Copy text" onClick={() => (close(), copy(entry.text))} />
      )}
      <Item
        icon={<LinkIcon />}
        label="Copy link"
        onClick={() => (close(), copy(`${location.origin}/chat/${room.id}?at=${seq}`))}
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
      {own && <Item icon={<DeleteIcon />} label="Delete" danger onClick={() => onAct("delete")} />}
    </div>
  );
}

interface ItemProps {
  icon: JSX.Element;
  label: string;
  danger?: boolean;
  onClick(): void;
}

function Item({ icon, label, danger, onClick }: ItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      tabindex={-1}
      class={cx("message-item", danger && "text-danger")}
      onClick={onClick}
    >
      <span class={cx("flex-none", !danger && "text-muted")}>{icon}</span>
      {label}
    </button>
  );
}

function hasReacted({ reactions }: Entry, emoji: string, me: string): boolean {
  return reactions?.some((one) => one.emoji === emoji && one.by.includes(me)) ?? false;
}

/** A page that is not served securely has no clipboard. */
function copy(text: string): void {
  void navigator.clipboard?.writeText(text);
}

const ITEMS = "[role^=menuitem]";

/** Arrow keys go round the items, Escape and Tab close. */
function walk(event: KeyboardEvent, menu: HTMLElement, close: () => void): void {
  if (event.key === "Tab") return close(); // it goes on from the button that opened this
  const items = [...menu.querySelectorAll<HTMLElement>(ITEMS)];
  const next = nextInGrid(items, document.activeElement, event.key);
  if (!next && event.key !== "Escape") return;
  event.preventDefault();
  if (next) next.focus();
  else close();
}
