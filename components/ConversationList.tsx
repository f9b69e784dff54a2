/** The viewer's conversations, newest on top: who, the last line, when, and how much is unread. */

import type { ReadonlySignal } from "@preact/signals";
import { newestAt } from "../lib/chat/groups.ts";
import type { Person, Presence } from "../lib/chat/people.ts";
import type { LastPost } from "../lib/chat/rooms.ts";
import { RoomAvatar } from "./Avatar.tsx";
import { cx } from "./cx.ts";
import { listDate, type Place } from "./dates.ts";
import type { RoomModel } from "./models.ts";
import { AtIcon, MutedIcon } from "./Icons.tsx";
import { type Names, othersIn, roomName, typingWords } from "./names.ts";
import { Time } from "./Time.tsx";

interface ListProps {
  rooms: RoomModel[];
  openId: string | null;
  me: Person;
  names: Names;
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

function Conversation({ room, current, me, names, place, now, presence }: RowProps) {
  const summary = room.summary.value;
  const unread = room.unread.value;
  const { last } = summary;
  const grouped = summary.kind === "group";
  const online = !grouped && presence(othersIn(summary, me)[0].id).value.online;
  const typing = room.typing.people.value;
  // The open one is in the composer, and the line would change with every key.
  const draft = current ? "" : room.draft.text.value.trim();
  const touched = newestAt(summary) || summary.createdAt;
  return (
    <li>
      <a
        href={`/chat/${room.id}`}
        class={cx("row", current && "row-current")}
        aria-current={current ? "page" : undefined}
        data-row
      >
        <RoomAvatar room={summary} me={me} online={online} />
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
                at={touched}
                label={listDate(touched, now, place)}
                place={place}
              />
            </span>
          </span>
          <span class="flex items-center gap-2">
            {typing.length > 0
              ? (
                <span class="flex-1 truncate text-sm text-accent leading-5" data-typing>
                  {typingWords(typing, grouped ? names : null)}
                </span>
              )
              : draft
              ? <Draft text={draft} />
              : <Preview last={last} author={authorOf(last, { me, names, grouped })} />}
            {summary.muted && <Muted />}
            {room.mentions.value > 0 && <MentionBadge />}
            {(unread > 0 || summary.marked) && <UnreadBadge count={unread} muted={summary.muted} />}
          </span>
        </span>
      </a>
    </li>
  );
}

/** Who is named before the last line: the viewer, and in a group whoever it was. */
function authorOf(
  last: LastPost | null,
  { me, names, grouped }: { me: Person; names: Names; grouped: boolean },
): string | null {
  if (!last) return null;
  if (last.by === me.id) return "You";
  return grouped ? names.get(last.by) ?? "Someone" : null;
}

/** Its own direction, so that a right-to-left line loses its end and not its beginning. */
function Preview({ last, author }: { last: LastPost | null; author: string | null }) {
  return (
    <span class="flex flex-1 min-w-0 gap-1 text-sm text-muted leading-5">
      {author !== null && (
        <span class="flex flex-none max-w-[45%]">
          <bdi class="truncate">{author.split(" ")[0]}</bdi>:
        </span>
      )}
      <span
        class={cx("flex-1 min-w-0 truncate text-left", last?.deleted && "italic")}
        dir="auto"
      >
        {last?.deleted ? "Message deleted" : last ? last.text : "No messages yet"}
      </span>
    </span>
  );
}

/** What the viewer began to write, before what was said last. */
function Draft({ text }: { text: string }) {
  return (
    <span class="flex flex-1 min-w-0 gap-1 text-sm text-muted leading-5" data-draft>
      <span class="flex-none text-danger">Draft:</span>
      <span class="flex-1 min-w-0 truncate text-left" dir="auto">{text.slice(0, 200)}</span>
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

/** The number is that of all unread messages; this says that some are for the viewer. */
function MentionBadge() {
  return (
    <span class="badge flex-none grid place-items-center size-5 rounded-full" data-mentioned>
      <AtIcon small />
      <span class="sr-only">You were mentioned</span>
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
