/** Any page that failed. What is absent and what is forbidden look the same. */

import { Mark } from "./Mark.tsx";
import { PageTitle } from "./PageTitle.tsx";

export function ErrorPage(
  { status, title, message }: { status: number; title: string; message: string },
) {
  return (
    <main class="min-h-dvh flex flex-col items-center justify-center gap-2 bg-canvas p-6 text-center">
      <PageTitle title={title} />
      <span class="text-accent mb-3">
        <Mark large />
      </span>
      <p class="text-sm font-semibold text-muted tabular-nums">Error {status}</p>
      <h1 class="text-xl font-bold tracking-tight text-balance">{title}</h1>
      <p class="max-w-sm text-muted text-balance">{message}</p>
      <a href="/" class="button button-main mt-4">Back to Parley</a>
    </main>
  );
}
