/** What a place says while there is nothing in it: short, and with the next step. */

import type { ComponentChildren } from "preact";
import type { Person } from "../lib/chat/people.ts";
import { RoomAvatar } from "./Avatar.tsx";
import { Mark } from "./Mark.tsx";
import type { RoomModel } from "./models.ts";
import { roomName } from "./names.ts";

/** Beside the list, before a conversation is chosen. */
export function NothingOpen({ hasRooms }: { hasRooms: boolean }) {
  return (
    <div class="hidden wide:flex flex-1 flex-col items-center justify-center gap-3 bg-canvas p-8 text-center">
      <span class="text-accent">
        <Mark large />
      </span>
      <p class="text-lg font-semibold">
        {hasRooms ? "Pick up where you left off" : "Say hello first"}
      </p>
      <p class="max-w-xs text-muted text-balance">
        {hasRooms
          ? "Choose a conversation, or find someone new in the list."
          : "Choose a person in the list and write the first line. They will see it at once."}
      </p>
    </div>
  );
}

/** A room in which nobody has said anything. */
export function EmptyRoom({ room, me }: { room: RoomModel; me: Person }) {
  const summary = room.summary.value;
  return (
    <div class="flex flex-col items-center gap-2 px-4 py-[16dvh] text-center">
      <RoomAvatar room={summary} me={me} size="page" />
      <p class="mt-2 text-lg font-semibold" dir="auto">
        <bdi>{roomName(summary, me)}</bdi>
      </p>
      <p class="max-w-xs text-muted text-balance">
        Nothing said yet. The floor is yours.
      </p>
      {summary.group?.memberCount === 1 && (
        <a href={`/chat/${room.id}/add`} class="button button-main mt-2">Add people</a>
      )}
    </div>
  );
}

/** A quiet paragraph in place of list rows. */
export function EmptyList({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="px-5 py-3 text-base">
      <p class="font-semibold">{title}</p>
      <p class="text-muted text-balance">{children}</p>
    </div>
  );
}
