/** The public groups, by name: to find, to look at how many they are, and to join. */

import type { RoomsPage as Rooms } from "../lib/chat/pages.ts";
import type { RoomCard } from "../lib/chat/rooms.ts";
import { GroupAvatar } from "./Avatar.tsx";
import { FindForm } from "./FindForm.tsx";
import { memberCount } from "./names.ts";
import { Card, PageFrame } from "./PageFrame.tsx";

interface RoomsPageProps {
  page: Rooms;
  q: string;
  error?: string;
}

export function RoomsPage({ page: { rooms, next }, q, error }: RoomsPageProps) {
  const more = new URLSearchParams({ ...q && { q }, ...next && { after: next } });
  return (
    <PageFrame
      title="Public groups"
      back={{ href: "/chat", label: "Back to the chats" }}
      error={error}
    >
      <FindForm id="room-filter" label="Find a group" q={q} />
      <Card id="rooms">
        {rooms.length === 0 && <NoRooms q={q} />}
        <ul role="list" class="-mx-3">
          {rooms.map((room) => <RoomRow key={room.id} room={room} />)}
        </ul>
        {next !== null && (
          <a href={`?${more}`} class="button w-full text-sm text-accent">More groups</a>
        )}
      </Card>
    </PageFrame>
  );
}

function RoomRow({ room }: { room: RoomCard }) {
  return (
    <li class="flex items-center gap-3 px-3 min-h-[4rem]">
      <GroupAvatar group={room} />
      <span class="flex-1 min-w-0">
        <span class="block truncate text-left text-base font-semibold" dir="auto">{room.name}</span>
        <span class="block text-sm text-muted leading-5">{memberCount(room.memberCount)}</span>
      </span>
      {room.member
        ? (
          <a href={`/chat/${room.id}`} class="button button-quiet">
            Open<span class="sr-only">{room.name}</span>
          </a>
        )
        : (
          <form method="post" action="/rooms">
            <button type="submit" name="room" value={room.id} class="button button-main">
              Join<span class="sr-only">{room.name}</span>
            </button>
          </form>
        )}
    </li>
  );
}

function NoRooms({ q }: { q: string }) {
  if (q !== "") {
    return (
      <p class="py-2 text-muted">
        No public group is called “<bdi>{q}</bdi>”. Try fewer letters.
      </p>
    );
  }
  return (
    <p class="py-2 text-muted">
      There are no public groups yet.{" "}
      <a href="/groups/new" class="text-accent font-semibold underline">Make one</a>{" "}
      and everybody here can find it.
    </p>
  );
}
