/** The list side: header, filter, the conversations and the people that match it. */

import { useCallback } from "preact/hooks";
import type { ReadonlySignal } from "@preact/signals";
import { foldName } from "../lib/chat/text.ts";
import type { Person } from "../lib/chat/people.ts";
import { ConversationList } from "./ConversationList.tsx";
import { cx } from "./cx.ts";
import type { Place } from "./dates.ts";
import { EmptyList } from "./EmptyState.tsx";
import { FilterBox } from "./FilterBox.tsx";
import { ListHeader } from "./ListHeader.tsx";
import type { ChatModel, RoomModel } from "./models.ts";
import { type Names, othersIn, roomName } from "./names.ts";
import { PeopleList } from "./PeopleList.tsx";

interface SidebarProps {
  model: ChatModel;
  names: Names;
  openId: string | null;
  place: Place;
  now: ReadonlySignal<number>;
  /** Where the next page of people is without JavaScript. */
  morePeople: string | null;
  onPerson(id: string): void;
}

export function Sidebar(props: SidebarProps) {
  const { model, names, openId, place, now, morePeople, onPerson } = props;
  const { me, people } = model;
  const query = people.query.value;
  const rooms = model.rooms.value.filter((room) =>
    isBegun(room, openId) && matches(room, me, query)
  );
  const direct = rooms.filter((room) => room.summary.value.kind === "direct");
  const shown = new Set(direct.map((room) => othersIn(room.summary.value, me)[0].id));
  const others = people.list.value.filter(({ id }) => id !== me.id && !shown.has(id));
  const presence = useCallback((id: string) => model.presence(id), [model]);
  const shared = { place, now: now.value, presence };
  return (
    <div
      class={cx(
        "flex flex-col min-h-0 min-w-0 flex-1 wide:flex-none wide:w-[21.25rem] bg-panel wide:border-r pad-top",
        openId !== null && "narrow:hidden",
      )}
    >
      <ListHeader me={me} isHeading={openId === null} />
      <FilterBox
        query={query}
        onInput={(text) => people.query.value = text}
        onSubmit={openFirst}
      />
      <nav class="scroller flex-1 min-h-0 pb-4 pad-bottom" aria-label="Conversations and people">
        {rooms.length > 0 && (
          <>
            <h2 class="sr-only">Conversations</h2>
            <ConversationList rooms={rooms} openId={openId} me={me} names={names} {...shared} />
          </>
        )}
        {rooms.length === 0 && others.length > 0 && query === "" && (
          <EmptyList title="A quiet table">
            Nobody has written yet. Pick a person below and break the silence.
          </EmptyList>
        )}
        {others.length > 0 && (
          <>
            <h2 class="px-5 pt-4 pb-1 text-sm font-semibold text-muted">People</h2>
            <PeopleList people={others} onOpen={onPerson} {...shared} />
          </>
        )}
        {people.more.value && (
          <a
            href={morePeople ?? "/chat"}
            class="button mx-2 flex text-sm text-accent"
            onClick={(event) => {
              event.preventDefault();
              people.loadMore();
            }}
          >
            More people
          </a>
        )}
        {rooms.length + others.length === 0 && (
          <NobodyFound query={query} busy={people.loading.value} />
        )}
        {query !== "" && (
          <a
            href={`/search?${new URLSearchParams({ q: query })}`}
            class="button mx-2 flex text-sm text-accent"
            data-search
            data-row
          >
            Search messages for it
          </a>
        )}
      </nav>
    </div>
  );
}

function NobodyFound({ query, busy }: { query: string; busy: boolean }) {
  if (busy) return <p class="px-5 py-3 text-muted" role="status">Looking…</p>;
  if (query !== "") {
    return (
      <EmptyList title="Nobody by that name">
        No one called “<bdi>{query}</bdi>” is here. Try fewer letters.
      </EmptyList>
    );
  }
  return (
    <EmptyList title="First one here">
      You have the place to yourself. Invite someone to sign up and they will appear in this list.
    </EmptyList>
  );
}

/** Two people who wrote nothing are listed only while that is open; else it would look like a message. */
function isBegun(room: RoomModel, openId: string | null): boolean {
  return room.id === openId || room.summary.value.kind === "group" ||
    room.summary.value.last !== null || room.entries.value.length > 0;
}

function matches(room: RoomModel, me: Person, query: string): boolean {
  const wanted = foldName(query);
  const summary = room.summary.value;
  const people = summary.kind === "direct" ? othersIn(summary, me) : [];
  return [roomName(summary, me), ...people.map(({ name, username }) => `${name} ${username}`)]
    .some((text) => foldName(text).includes(wanted));
}

function openFirst(event: SubmitEvent): void {
  event.preventDefault();
  document.querySelector<HTMLElement>("[data-row]")?.click();
}
