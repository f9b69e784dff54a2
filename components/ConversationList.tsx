/** The viewer's conversations, newest on top: who, the last line, when, and how much is unread. */

import type { ReadonlySignal } from "@preact/signals";
import type { LastPost, Person, Presence } from "../lib/chat/values.ts";
import { Avatar } from "./Avatar.tsx";
import { cx } from "./cx.ts";
import { listDate, type Place } from "./dates.ts";
import type { RoomModel } from "./models.ts";
import { MutedIcon } from "./Icons.tsx";
import { othersIn, roomName } from "./names.ts";
import { Time } from "./Time.tsx";

interface ListProps {
  rooms: RoomModel[];
  openId: string | null;
  me: Person;
  place: Place;
  now: number;
  presence(id: string): ReadonlySignal<Presence>;
}

export function ConversationList({ rooms, openId, ...rest }: ListProps) {
  return (
    <ul role="list" class="flex flex-col px-2">
      {rooms.map((room) => (
        <Conversation key={room.id} room={room} current={room.id === openId} {...rest} />
      ))}
    </ul>
  );
}

type RowProps = Omit<ListProps, "rooms" | "openId"> & { room: RoomModel; current: boolean };

function Conversation({ room, current, me, place, now, presence }: RowProps) {
  const summary = room.summary.value;
  const unread = room.unread.value;
  const { last } = summary;
  const [other] = othersIn(summary, me);
  const { online } = presence(other.id).value;
  return (
    <li>
      <a
        href={`/chat/${room.id}`}
        class={cx("row", current && "row-current")}
        aria-current={current ? "page" : undefined}
        data-row
      >
        <Avatar person={other} online={online} />
        <span class="flex-1 min-w-0">
          <span class="flex items-baseline gap-2">
            <span class="flex-1 min-w-0 truncate text-left text-base font-semibold" dir="auto">
              {roomName(summary, me)}
            </span>
            {online && <span class="sr-only">online</span>}
            <span
              class={cx(
                "flex-none text-xs",
                unread > 0 && !summary.muted ? "text-accent font-semibold" : "text-muted",
              )}
            >
              <Time
                at={last?.at ?? summary.createdAt}
                label={listDate(last?.at ?? summary.createdAt, now, place)}
                place={place}
              />
            </span>
          </span>
          <span class="flex items-center gap-2">
            {room.typing.people.value.length > 0
              ? <span class="flex-1 text-sm text-accent leading-5" data-typing>typing…</span>
              : <Preview last={last} isOwn={last?.by === me.id} />}
            {summary.muted && <Muted />}
            {(unread > 0 || summary.marked) && <UnreadBadge count={unread} muted={summary.muted} />}
          </span>
        </span>
      </a>
    </li>
  );
}

/** Its own direction, so that a right-to-left line loses its end and not its beginning. */
function Preview({ last, isOwn }: { last: LastPost | null; isOwn: boolean }) {
  return (
    <span class="flex flex-1 min-w-0 gap-1 text-sm text-muted leading-5">
      {isOwn && <span class="flex-none">You:</span>}
      <span
        class={cx("flex-1 min-w-0 truncate text-left", last?.deleted && "italic")}
        dir="auto"
      >
        {last?.deleted ? "Message deleted" : last ? last.text : "No messages yet"}
      </span>
    </span>
  );
}

function Muted() {
  return (
    <span class="flex-none text-muted">
      <MutedIcon small />
      <span class="sr-only">muted</span>
    </span>
  );
}

/** Without a number for a room that is only marked as unread. */
function UnreadBadge({ count, muted }: { count: number; muted?: true }) {
  return (
    <span
      class={cx(
        "flex-none min-w-[1.25rem] h-5 rounded-full px-1.5 text-xs leading-5 font-semibold text-center tabular-nums",
        muted ? "badge-muted" : "badge",
      )}
      data-unread
    >
      {count > 99 ? "99+" : count || ""} <span class="sr-only">unread</span>
    </span>
  );
}
