/** Messages that were found: who wrote what where, with what was looked for marked. */

import type { Person, RoomSummary, SearchHit, SearchPage } from "../lib/chat/values.ts";
import { RoomAvatar } from "./Avatar.tsx";
import { listDate, type Place } from "./dates.ts";
import { displayName, othersIn } from "./names.ts";
import { Time } from "./Time.tsx";

interface SearchHitsProps {
  page: SearchPage;
  me: Person;
  place: Place;
  now: number;
  /** All are of one conversation. */
  inRoom: boolean;
}

export function SearchHits({ page, ...rest }: SearchHitsProps) {
  const rooms = new Map(page.rooms.map((room) => [room.id, room]));
  const people = new Map(page.people.map((person) => [person.id, person]));
  return (
    <ol role="list" class="flex flex-col px-2 pb-2">
      {page.hits.map((hit) => {
        const room = rooms.get(hit.room);
        return room && (
          <Hit
            key={`${hit.room} ${hit.seq}`}
            hit={hit}
            room={room}
            author={people.get(hit.by)}
            {...rest}
          />
        );
      })}
    </ol>
  );
}

interface HitProps extends Omit<SearchHitsProps, "page"> {
  hit: SearchHit;
  room: RoomSummary;
  author?: Person;
}

function Hit({ hit, room, author, me, place, now, inRoom }: HitProps) {
  const isOwn = hit.by === me.id;
  const name = isOwn ? "You" : author ? displayName(author) : "Someone";
  return (
    <li>
      <a href={`/chat/${hit.room}?at=${hit.seq}`} class="row" data-hit>
        <RoomAvatar room={room} me={me} />
        <span class="flex-1 min-w-0">
          <span class="flex items-baseline gap-2">
            <span class="flex-1 min-w-0 truncate text-left text-base">
              <bdi class="font-semibold">{name}</bdi>
              {!inRoom && <Where room={room} isOwn={isOwn} me={me} />}
            </span>
            <span class="flex-none text-xs text-muted">
              <Time at={hit.at} label={listDate(hit.at, now, place)} place={place} />
            </span>
          </span>
          <span class="line-clamp-2 break-words text-sm leading-5" dir="auto">
            {hit.text.map(({ text, hit }) => hit ? <mark>{text}</mark> : text)}
          </span>
        </span>
      </a>
    </li>
  );
}

/** The author's name says it where they wrote to the viewer alone. */
function Where({ room, isOwn, me }: { room: RoomSummary; isOwn: boolean; me: Person }) {
  if (!room.group && !isOwn) return null;
  const name = room.group?.name ?? displayName(othersIn(room, me)[0]);
  return (
    <span class="text-muted">
      {room.group ? " in " : " to "}
      <bdi>{name}</bdi>
    </span>
  );
}
