/** What can be looked for, with examples to choose; shown while nothing is. */

import { searchPath } from "./use_search.ts";

const EXAMPLES: [example: string, meaning: string, or?: string][] = [
  ["soup", "Words and parts of words, in any script"],
  ['"see you"', "Exactly these words, in this order"],
  ["from:me", "By a person, also by name", 'from:ada, from:"Ada Okafor"'],
  ["in:ada", "With a person, or in a group", 'in:"reading club"'],
  ["has:image", "With something in it", "has:link, file, video, audio or reaction"],
  ["on:today", "Of a day, month or year", "after:2026-11-22, before:2026-11, on:2026"],
];

export function SearchHelp({ onExample }: { onExample(example: string): void }) {
  return (
    <section aria-labelledby="search-help" class="px-2 pt-3 pb-4">
      <h2 id="search-help" class="px-3 pb-1 text-sm font-semibold text-muted">
        What you can look for
      </h2>
      <ul role="list">
        {EXAMPLES.map(([example, meaning, or]) => (
          <li key={example}>
            <a
              href={searchPath({ q: example, room: null })}
              class="flex items-baseline gap-3 px-3 py-2 rounded-xl hover:bg-hover"
              data-hit
              onClick={(event) => {
                event.preventDefault();
                onExample(example);
              }}
            >
              <code class="search-example">{example}</code>
              <span class="flex-1 min-w-0 text-base">
                {meaning}
                {or && <span class="block text-sm text-muted">{or}</span>}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
