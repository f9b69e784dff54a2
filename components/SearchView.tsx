/**
 * Search: a field, where to look, and what was found. On its page a plain form with links; over the
 * chat it searches while one types, and arrow keys lead from the field into the results and back.
 */

import { useRef } from "preact/hooks";
import type { SearchPage } from "../lib/chat/pages.ts";
import type { Place } from "./dates.ts";
import type { HitLook } from "./hit_look.tsx";
import { ScopeChoice, SearchField } from "./SearchForm.tsx";
import { SearchHelp } from "./SearchHelp.tsx";
import { SearchHits } from "./SearchHits.tsx";
import { searchPath, useSearch } from "./use_search.ts";

/** A search and its answer as they are when the view begins. */
export interface SearchStart {
  q: string;
  /** The conversation that the search began in, to look only there. */
  room: { id: string; name: string } | null;
  /** Look only there. */
  inRoom: boolean;
  page: SearchPage | null;
  /** Why there is no answer. */
  error: string | null;
}

interface SearchViewProps {
  start: SearchStart;
  look: HitLook;
  place: Place;
  now: number;
  onClose?(): void;
}

export function SearchView({ start, look, place, now, onClose }: SearchViewProps) {
  const search = useSearch(start);
  const { q, inRoom, page, busy, error } = search;
  const field = useRef<HTMLInputElement>(null);
  const { room } = start;
  const show = (example: string) => {
    search.ask({ q: example });
    field.current?.focus();
  };
  return (
    <div class="flex flex-col min-h-0 flex-1" onKeyDown={step}>
      <form
        role="search"
        method="get"
        action="/search"
        class="flex-none search-form"
        onSubmit={(event) => {
          event.preventDefault();
          search.now();
          firstHit(event.currentTarget)?.focus();
        }}
      >
        <SearchField field={field} q={q} onInput={(q) => search.ask({ q })} onClose={onClose} />
        {room && (
          <ScopeChoice
            room={room}
            inRoom={inRoom}
            onChoose={(inRoom) => search.ask({ inRoom })}
          />
        )}
      </form>
      <div class="scroller flex-1 min-h-0 pad-bottom" aria-busy={busy}>
        <p role="status" class="px-5 pt-3 pb-1 text-sm text-muted empty:hidden">
          {statusOf({ q, page, busy, error })}
        </p>
        {error && <p role="alert" class="px-5 pt-3 text-base text-danger">{error}</p>}
        {page && page.hits.length > 0 && (
          <SearchHits page={page} look={look} place={place} now={now} inRoom={inRoom} />
        )}
        {page?.next && (
          <a
            href={searchPath({ q, room: inRoom ? room!.id : null, before: page.next })}
            class="button mx-2 mb-2 flex text-sm text-accent"
            data-hit
            onClick={(event) => {
              event.preventDefault();
              search.more();
            }}
          >
            Older messages
          </a>
        )}
        {page && !busy && page.hits.length === 0 && !page.next && <Nothing page={page} />}
        {q.trim() === "" && !error && <SearchHelp onExample={show} />}
      </div>
    </div>
  );
}

function Nothing({ page: { unknown } }: { page: SearchPage }) {
  return (
    <div class="px-5 pb-4 text-base">
      {unknown.map((name) => (
        <p key={name}>
          Nobody and no group of yours is called “<bdi>{name}</bdi>”.
        </p>
      ))}
      {unknown.length === 0 && (
        <p class="text-muted">
          Try fewer words, or only a part of one: it is found inside of longer words too.
        </p>
      )}
    </div>
  );
}

function statusOf(
  { q, page, busy, error }: {
    q: string;
    page: SearchPage | null;
    busy: boolean;
    error: string | null;
  },
): string {
  if (busy) return "Searching…";
  if (error || !page || q.trim() === "") return "";
  const { hits: { length }, next } = page;
  if (length === 0) return next ? "Nothing among the newest messages." : "No message found.";
  if (next) return `The newest ${length} messages`;
  return length === 1 ? "1 message" : `${length} messages`;
}

function firstHit(form: HTMLFormElement): HTMLElement | null {
  return form.parentElement!.querySelector("[data-hit]");
}

/** From the field into the results, and from one to the next. */
function step(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const { target, currentTarget: view } = event;
  const isRadio = target instanceof HTMLInputElement && target.type === "radio";
  if (by === 0 || isRadio || event.isComposing) return;
  const stops = [...view.querySelectorAll<HTMLElement>("#search, [data-hit]")];
  const next = stops[stops.indexOf(target as HTMLElement) + by];
  if (!next || !stops.includes(target as HTMLElement)) return;
  event.preventDefault();
  next.focus();
}
