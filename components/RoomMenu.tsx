/**
 * What can be done with an open conversation, behind the button in its header: a disclosure with
 * links and forms, so that it works without JavaScript. Other items go between its tags.
 */

import type { ComponentChildren, JSX } from "preact";
import { BellIcon, MoreIcon, MutedIcon, UnreadIcon } from "./Icons.tsx";
import { MENU_ITEM } from "./menu_item.ts";
import type { RoomModel } from "./models.ts";

interface RoomMenuProps {
  room: RoomModel;
  /** The viewer marked it as unread: they want to leave it. */
  onMarked(): void;
  children?: ComponentChildren;
}

export function RoomMenu({ room, onMarked, children }: RoomMenuProps) {
  const { muted } = room.summary.value;
  return (
    <details class="relative flex-none -ms-3 -me-2" data-menu>
      <summary class="icon-button">
        <MoreIcon />
        <span class="sr-only">Conversation menu</span>
      </summary>
      <div class="rise absolute end-0 top-12 z-20 w-64 rounded-2xl bg-raised p-2 shadow-float">
        {children}
        <FlagItem
          room={room}
          name="muted"
          on={!muted}
          label={muted ? "Unmute" : "Mute"}
          icon={muted ? <BellIcon /> : <MutedIcon />}
        />
        <FlagItem
          room={room}
          name="marked"
          on
          label="Mark as unread"
          icon={<UnreadIcon />}
          onDone={onMarked}
        />
      </div>
    </details>
  );
}

interface FlagItemProps {
  room: RoomModel;
  name: "muted" | "marked";
  on: boolean;
  label: string;
  icon: JSX.Element;
  onDone?(): void;
}

function FlagItem({ room, name, on, label, icon, onDone }: FlagItemProps) {
  const submit = (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    closeMenu(event.currentTarget);
    void room.actions.flag({ [name]: on }).then((done) => done && onDone?.());
  };
  return (
    <form method="post" action={`/chat/${room.id}/flags`} onSubmit={submit}>
      <button type="submit" name={name} value={on ? "on" : "off"} class={MENU_ITEM}>
        <span class="text-muted">{icon}</span>
        {label}
      </button>
    </form>
  );
}

/** Closes the menu that an element is in; the focus goes back to its button. */
function closeMenu(within: HTMLElement): void {
  const menu = within.closest("details");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
}
