/**
 * Choosing people inside a form: the chosen as chips, a search field with its own button, and boxes
 * to tick. All of it is the server's, and the form sends the ticked ids as `person`; `live`, an
 * island, asks for the same page again as somebody types or ticks.
 */

import type { ComponentChildren } from "preact";
import { MAX_ADDED, MAX_QUERY_CHARS } from "../lib/chat/limits.ts";
import type { Person } from "../lib/chat/people.ts";
import type { Pick } from "../lib/pick_people.ts";
import { Avatar } from "./Avatar.tsx";
import { CloseIcon } from "./Icons.tsx";
import { displayName } from "./names.ts";

interface PeoplePickerProps extends Pick {
  /** Where the form goes to find people. */
  action: string;
  live: ComponentChildren;
}

export function PeoplePicker({ action, chosen, found, more, q, live }: PeoplePickerProps) {
  return (
    <div data-picker>
      <div data-part="chosen">
        {chosen.length > 0 && (
          <ul role="list" class="flex flex-wrap gap-1.5 mb-3" aria-label="Chosen">
            {chosen.map((person) => <Chip key={person.id} person={person} />)}
          </ul>
        )}
      </div>
      <div class="flex gap-2">
        <label class="sr-only" for="people-filter">Find people</label>
        <input
          id="people-filter"
          type="search"
          name="q"
          class="field"
          maxLength={MAX_QUERY_CHARS}
          placeholder="Find people"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={q}
        />
        <button
          type="submit"
          formMethod="get"
          formAction={action}
          formNoValidate
          class="button button-quiet"
          data-find
        >
          Find
        </button>
      </div>
      <p class="mt-2 text-sm text-muted" role="status" data-part="count">
        {countWords({ chosen: chosen.length, found: found.length, more })}
      </p>
      <ul
        role="list"
        class="scroller mt-1 -mx-2 max-h-[24rem] flex flex-col"
        data-part="offered"
      >
        {found.map((person) => <Row key={person.id} person={person} />)}
      </ul>
      {live}
    </div>
  );
}

function Chip({ person }: { person: Person }) {
  return (
    <li class="min-w-0 max-w-full">
      <label class="chip">
        <input type="checkbox" name="person" value={person.id} checked class="sr-only" />
        <Avatar person={person} size="message" />
        <bdi class="truncate min-w-0">{displayName(person)}</bdi>
        <CloseIcon small />
      </label>
    </li>
  );
}

function Row({ person }: { person: Person }) {
  return (
    <li>
      <label class="row">
        <Avatar person={person} />
        <span class="flex-1 min-w-0">
          <span class="block truncate text-left text-base font-semibold" dir="auto">
            {displayName(person)}
          </span>
          <span class="block truncate text-sm text-muted leading-5">
            <bdi>@{person.username}</bdi>
          </span>
        </span>
        <input type="checkbox" name="person" value={person.id} class="check" />
      </label>
    </li>
  );
}

function countWords(
  { chosen, found, more }: { chosen: number; found: number; more: boolean },
): string {
  const people = chosen === 1 ? "1 person chosen" : `${chosen} people chosen`;
  if (chosen >= MAX_ADDED) return `${people}. That is as many as fit at once.`;
  if (found === 0) return `${people}. Nobody else is found.`;
  return more ? `${people}. There are more than these: type a name.` : `${people}.`;
}
