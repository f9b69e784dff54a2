/** Above the messages: the way back on phones, who this is, and whether they are there. */

import type { ReadonlySignal } from "@preact/signals";
import type { Person, Presence } from "../lib/chat/values.ts";
import { Avatar } from "./Avatar.tsx";
import { lastSeen, type Place } from "./dates.ts";
import { BackIcon } from "./Icons.tsx";
import type { RoomModel } from "./models.ts";
import { othersIn, roomName } from "./names.ts";
import { RoomMenu } from "./RoomMenu.tsx";

interface RoomHeaderProps {
  room: RoomModel;
  me: Person;
  place: Place;
  now: number;
  /** Unread messages in other rooms, shown on the way back. */
  elsewhere: number;
  presence(id: string): ReadonlySignal<Presence>;
  /** The viewer is done with the room. */
  onLeave(): void;
}

export function RoomHeader(
  { room, me, place, now, elsewhere, presence, onLeave }: RoomHeaderProps,
) {
  const summary = room.summary.value;
  const [other] = othersIn(summary, me);
  const { online, seenAt } = presence(other.id).value;
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
      <Avatar person={other} online={online} size="head" />
      <div class="min-w-0">
        <h1 class="truncate text-left text-base font-semibold" dir="auto">
          {roomName(summary, me)}
        </h1>
        <p class="truncate text-sm text-muted leading-4">
          {room.typing.people.value.length > 0
            ? <span class="text-accent" data-typing>typing…</span>
            : online
            ? "online"
            : lastSeen(seenAt, now, place)}
        </p>
      </div>
      <RoomMenu room={room} onMarked={onLeave} />
    </header>
  );
}
