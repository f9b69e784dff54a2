/** A page beside the chat: the way back, its heading, and what went wrong. */

import type { ComponentChildren } from "preact";
import { BackIcon } from "./Icons.tsx";
import { PageTitle } from "./PageTitle.tsx";

interface PageFrameProps {
  title: string;
  /** The heading, where it is not the title. */
  heading?: string;
  /** Where the arrow leads, and what it is called. */
  back: { href: string; label: string };
  error?: string;
  children: ComponentChildren;
}

export function PageFrame({ title, heading = title, back, error, children }: PageFrameProps) {
  return (
    <main class="min-h-dvh bg-canvas px-4 py-4 wide:py-8 pad-sides">
      <PageTitle title={title} />
      <div class="mx-auto w-full max-w-[40rem] flex flex-col gap-4">
        <header class="flex items-center gap-1 -ms-2">
          <a href={back.href} class="icon-button">
            <BackIcon />
            <span class="sr-only">{back.label}</span>
          </a>
          <h1 class="text-xl font-bold tracking-tight">{heading}</h1>
        </header>
        {error && (
          <p
            id="form-error"
            role="alert"
            class="rounded-xl bg-danger-soft text-danger px-4 py-3 text-base"
          >
            {error}
          </p>
        )}
        {children}
      </div>
    </main>
  );
}

/** A white card on the page with a heading of its own. */
export function Card(
  { id, title, children }: { id: string; title?: string; children: ComponentChildren },
) {
  return (
    <section
      aria-labelledby={title === undefined ? undefined : id}
      class="rounded-2xl bg-raised px-4 wide:px-6 py-4 shadow-card"
    >
      {title !== undefined && <h2 id={id} class="mb-2 text-lg font-semibold">{title}</h2>}
      {children}
    </section>
  );
}
