/** The parts of the search form: what to look for, and where. */

import type { RefObject } from "preact";
import { MAX_SEARCH_CHARS } from "../lib/chat/limits.ts";
import { CloseIcon, SearchIcon } from "./Icons.tsx";

export function SearchField(
  { field, q, onInput, onClose }: {
    field: RefObject<HTMLInputElement>;
    q: string;
    onInput(q: string): void;
    onClose?(): void;
  },
) {
  return (
    <div class="flex items-center gap-2 ps-4 pe-2 py-2">
      <span class="text-muted">
        <SearchIcon />
      </span>
      <label class="sr-only" for="search">Search messages</label>
      <input
        ref={field}
        id="search"
        class="flex-1 min-w-0 h-11 px-1 rounded-lg text-[1rem]"
        type="search"
        name="q"
        maxLength={MAX_SEARCH_CHARS}
        placeholder="Search messages"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        enterkeyhint="search"
        dir="auto"
        autofocus
        value={q}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {onClose
        ? (
          <button type="button" class="icon-button" onClick={onClose}>
            <CloseIcon />
            <span class="sr-only">Close search</span>
          </button>
        )
        : <button type="submit" class="button button-quiet text-sm">Search</button>}
    </div>
  );
}

export function ScopeChoice(
  { room, inRoom, onChoose }: {
    room: { id: string; name: string };
    inRoom: boolean;
    onChoose(inRoom: boolean): void;
  },
) {
  return (
    <fieldset class="flex gap-2 min-w-0 px-4 pb-3 text-sm">
      <legend class="sr-only">Where to look</legend>
      <label class="choice">
        <input
          type="radio"
          name="room"
          value={room.id}
          checked={inRoom}
          onChange={() => onChoose(true)}
        />
        <span class="truncate">
          In <bdi>{room.name}</bdi>
        </span>
      </label>
      <label class="choice">
        <input
          type="radio"
          name="room"
          value=""
          checked={!inRoom}
          onChange={() => onChoose(false)}
        />
        <span class="flex-none">Everywhere</span>
      </label>
    </fieldset>
  );
}
