/** Messages that were found: who wrote what where, with what was looked for marked. */

import type { SearchHit, SearchPage } from "../lib/chat/pages.ts";
import type { Person } from "../lib/chat/people.ts";
import type { RoomSummary } from "../lib/chat/rooms.ts";
import { listDate, type Place } from "./dates.ts";
import type { HitLook } from "./hit_look.tsx";
import { Time } from "./Time.tsx";

interface SearchHitsProps {
  page: SearchPage;
  look: HitLook;
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

function Hit({ hit, room, author, look, place, now, inRoom }: HitProps) {
  const isOwn = hit.by === look.me;
  const name = isOwn ? "You" : author ? look.person(author) : "Someone";
  return (
    <li>
      <a href={`/chat/${hit.room}?at=${hit.seq}`} class="row" data-hit>
        {look.face(room)}
        <span class="flex-1 min-w-0">
          <span class="flex items-baseline gap-2">
            <span class="flex-1 min-w-0 truncate text-left text-base">
              <bdi class="font-semibold">{name}</bdi>
              {!inRoom && (room.group || isOwn) && <Where room={room} name={look.room(room)} />}
            </span>
            <span class="flex-none text-xs text-muted">
              <Time at={hit.at} label={listDate(hit.at, now, place)} place={place} />
            </span>
          </span>
          <span class="line-clamp-2 break-words text-sm leading-5" dir="auto">
            {hit.text.map(({ text, hit }, n) =>
              hit ? <mark key={n}>{text}</mark> : <span key={n}>{text}</span>
            )}
          </span>
        </span>
      </a>
    </li>
  );
}

/** Left out where somebody wrote to the viewer alone: the author's name says it. */
function Where({ room, name }: { room: RoomSummary; name: string }) {
  return (
    <span class="text-muted">
      {room.group ? " in " : " to "}
      <bdi>{name}</bdi>
    </span>
  );
}
