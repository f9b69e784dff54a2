/** Above the messages: the way back on phones, who this is, and whether they are there. */

import type { JSX } from "preact";
import type { ReadonlySignal } from "@preact/signals";
import type { Person, Presence } from "../lib/chat/people.ts";
import { RoomAvatar } from "./Avatar.tsx";
import { lastSeen, type Place } from "./dates.ts";
import { BackIcon, GroupIcon, PinIcon, SearchIcon } from "./Icons.tsx";
import { MENU_ITEM } from "./menu_item.ts";
import type { RoomModel } from "./models.ts";
import { memberCount, type Names, othersIn, roomName, typingWords } from "./names.ts";
import { RoomMenu } from "./RoomMenu.tsx";

interface RoomHeaderProps {
  room: RoomModel;
  me: Person;
  names: Names;
  place: Place;
  now: number;
  /** Unread messages in other rooms, shown on the way back. */
  elsewhere: number;
  presence(id: string): ReadonlySignal<Presence>;
  /** The viewer wants to see what is pinned. */
  onPins(): void;
  /** The viewer is done with the room. */
  onLeave(): void;
}

export function RoomHeader(props: RoomHeaderProps) {
  const { room, me, elsewhere, presence, onLeave } = props;
  const summary = room.summary.value;
  const grouped = summary.kind === "group";
  const online = !grouped && presence(othersIn(summary, me)[0].id).value.online;
  const title = (
    <>
      <RoomAvatar room={summary} me={me} online={online} size="head" />
      <div class="min-w-0">
        <h1 class="truncate text-left text-base font-semibold" dir="auto">
          {roomName(summary, me)}
        </h1>
        <p class="truncate text-sm text-muted leading-4">
          <Standing {...props} />
        </p>
      </div>
    </>
  );
  return (
    <header class="flex items-center gap-3 h-16 flex-none px-3 wide:px-5 bg-panel border-b pad-sides">
      <a
        href="/chat"
        class="wide:hidden flex items-center h-11 min-w-[2.75rem] -ms-2 ps-2 pe-1 rounded-full text-accent"
      >
        <BackIcon />
        <span class="sr-only">Back to conversations</span>
        {elsewhere > 0 && (
          <span class="min-w-[1.25rem] rounded-full bg-accent text-accent-ink text-xs leading-5 font-semibold px-1.5 text-center tabular-nums">
            {elsewhere > 99 ? "99+" : elsewhere} <span class="sr-only">unread elsewhere</span>
          </span>
        )}
      </a>
      {grouped
        ? (
          <a href={`/chat/${room.id}/info`} class="head-link" title="Members and settings">
            {title}
            <span class="sr-only">Members and settings</span>
          </a>
        )
        : title}
      <a
        href={`/search?room=${room.id}`}
        class="icon-button ms-auto"
        title="Search this conversation"
        data-search
      >
        <SearchIcon />
        <span class="sr-only">Search this conversation</span>
      </a>
      <RoomMenu room={room} onMarked={onLeave}>
        {summary.pins && <PinsItem room={room} onPins={props.onPins} />}
        {grouped && (
          <a href={`/chat/${room.id}/info`} class={MENU_ITEM}>
            <span class="text-muted">
              <GroupIcon />
            </span>
            Members and settings
          </a>
        )}
      </RoomMenu>
    </header>
  );
}

/** Opens what is pinned; without JavaScript it leads to the page of it. */
function PinsItem({ room, onPins }: Pick<RoomHeaderProps, "room" | "onPins">) {
  const open = (event: JSX.TargetedMouseEvent<HTMLAnchorElement>) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.currentTarget.closest("details")!.open = false;
    onPins();
  };
  return (
    <a href={`/chat/${room.id}/pins`} class={MENU_ITEM} onClick={open} data-pins>
      <span class="text-muted">
        <PinIcon />
      </span>
      Pinned messages
    </a>
  );
}

/** Below the name: who types, or else whether they are there, or how many they are. */
function Standing({ room, me, names, place, now, presence }: RoomHeaderProps) {
  const summary = room.summary.value;
  const typing = room.typing.people.value;
  if (typing.length > 0) {
    const words = typingWords(typing, summary.group ? names : null);
    return <span class="text-accent" data-typing>{words}</span>;
  }
  if (summary.group) {
    const others = room.members.ids.value.filter((id) => id !== me.id && presence(id).value.online);
    const online = others.length > 0 ? `, ${others.length + 1} online` : "";
    return <>{memberCount(summary.group.memberCount) + online}</>;
  }
  const { online, seenAt } = presence(othersIn(summary, me)[0].id).value;
  return <>{online ? "online" : lastSeen(seenAt, now, place)}</>;
}
