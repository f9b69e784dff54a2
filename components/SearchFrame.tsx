/** Search as a page of its own. */

import type { ComponentChildren } from "preact";
import { BackIcon } from "./Icons.tsx";
import { PageTitle } from "./PageTitle.tsx";

/** `back`: the conversation that the search began in. */
export function SearchFrame({ back, children }: { back: string; children: ComponentChildren }) {
  return (
    <main class="flex flex-col h-dvh bg-canvas wide:py-6 pad-sides">
      <PageTitle title="Search" />
      <div class="mx-auto w-full max-w-[44rem] flex flex-col flex-1 min-h-0 pad-top">
        <header class="flex items-center gap-1 flex-none h-14 px-2">
          <a href={back} class="icon-button">
            <BackIcon />
            <span class="sr-only">Back to the chats</span>
          </a>
          <h1 class="text-xl font-bold tracking-tight">Search</h1>
        </header>
        <div class="flex flex-col flex-1 min-h-0 wide:rounded-2xl bg-raised shadow-card overflow-hidden">
          {children}
        </div>
      </div>
    </main>
  );
}
