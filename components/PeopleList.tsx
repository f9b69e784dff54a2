/** People to begin a conversation with. Each row is a form, so it works without JavaScript. */

import type { ReadonlySignal } from "@preact/signals";
import type { PersonLine, Presence } from "../lib/chat/people.ts";
import { Avatar } from "./Avatar.tsx";
import { lastSeen, type Place } from "./dates.ts";
import { displayName } from "./names.ts";

interface PeopleListProps {
  people: PersonLine[];
  place: Place;
  now: number;
  presence(id: string): ReadonlySignal<Presence>;
  onOpen(id: string): void;
}

export function PeopleList({ people, ...rest }: PeopleListProps) {
  return (
    <ul role="list" class="flex flex-col px-2">
      {people.map((person) => <PersonRow key={person.id} person={person} {...rest} />)}
    </ul>
  );
}

type RowProps = Omit<PeopleListProps, "people"> & { person: PersonLine };

function PersonRow({ person, place, now, presence, onOpen }: RowProps) {
  const { online, seenAt } = presence(person.id).value;
  const open = (event: SubmitEvent) => {
    event.preventDefault();
    onOpen(person.id);
  };
  return (
    <li>
      <form method="post" action="/chat" onSubmit={open}>
        <input type="hidden" name="person" value={person.id} />
        <button type="submit" class="row" data-row>
          <Avatar person={person} online={online} />
          <span class="flex-1 min-w-0">
            <span class="block truncate text-left text-base font-semibold" dir="auto">
              {displayName(person)}
            </span>
            <span class="block truncate text-sm text-muted leading-5">
              <bdi>@{person.username}</bdi>
              {" · "}
              {online ? "online" : lastSeen(seenAt, now, place)}
            </span>
          </span>
        </button>
      </form>
    </li>
  );
}
