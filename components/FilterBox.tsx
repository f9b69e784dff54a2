/** The filter over conversations and people; without JavaScript it is a plain search form. */

import { SearchIcon } from "./Icons.tsx";

export function FilterBox(
  { query, onInput, onSubmit }: {
    query: string;
    onInput(query: string): void;
    onSubmit(event: SubmitEvent): void;
  },
) {
  return (
    <form role="search" method="get" action="/chat" class="relative px-3 pb-2" onSubmit={onSubmit}>
      <label class="sr-only" for="filter">Find a person or conversation</label>
      <span class="absolute start-6 top-3 text-muted">
        <SearchIcon />
      </span>
      <input
        id="filter"
        class="h-11 w-full rounded-full bg-hover ps-11 pe-4 text-base touch:text-[1rem]"
        type="search"
        name="q"
        maxLength={64}
        placeholder="Find a person or conversation"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        enterkeyhint="search"
        value={query}
        onInput={(event) =>
          onInput(event.currentTarget.value)}
      />
    </form>
  );
}
