/** The frame of the pages before the chat: the brand beside, or on phones above, one form. */

import type { ComponentChildren } from "preact";
import { Mark } from "./Mark.tsx";
import { PageTitle } from "./PageTitle.tsx";

export function AuthLayout(
  { title, lead, children }: { title: string; lead: string; children: ComponentChildren },
) {
  return (
    <div class="min-h-dvh flex flex-col wide:flex-row bg-panel pad-sides">
      <PageTitle title={title} />
      <header class="brand-panel flex-none wide:flex-1 flex flex-col wide:justify-between px-6 wide:px-12 pt-8 pb-7 wide:py-12">
        <div class="flex items-center gap-2.5 text-lg font-bold tracking-tight">
          <Mark /> Parley
        </div>
        <span class="brand-mark">
          <Mark large />
        </span>
        <BrandTalk />
        <p class="hidden wide:block text-sm relative">
          Every message arrives once, in order, or tells you why not.
        </p>
      </header>
      <main class="flex-1 flex flex-col items-center wide:justify-center px-6 py-8 wide:py-12">
        <div class="w-full max-w-sm">
          <h1 class="text-2xl font-bold tracking-tight">{title}</h1>
          <p class="mt-1 mb-6 text-muted">{lead}</p>
          {children}
        </div>
      </main>
    </div>
  );
}

/** Two sides, one table: what the name means, as a conversation. */
function BrandTalk() {
  return (
    <div class="relative mt-5 wide:mt-0 flex flex-col gap-2 wide:gap-3 max-w-md" aria-hidden="true">
      <p class="brand-line brand-theirs">Shall we talk it over?</p>
      <p class="brand-line brand-ours">I thought you would never ask.</p>
    </div>
  );
}
