/**
 * The settings: a section for each subject, each with a form of its own that works by itself. A
 * section that is added brings a `SettingsSection`; what its form does is told at the next load.
 */

import type { ComponentChildren } from "preact";
import type { Settings } from "../lib/store/settings.ts";
import { BackIcon } from "./Icons.tsx";
import { PageTitle } from "./PageTitle.tsx";

interface SettingsPageProps {
  settings: Settings;
  /** A form was saved a moment ago. */
  saved: boolean;
  /** Sections that need more than settings. */
  children?: ComponentChildren;
}

export function SettingsPage({ settings, saved, children }: SettingsPageProps) {
  return (
    <main class="min-h-dvh bg-canvas px-4 py-4 wide:py-8 pad-sides">
      <PageTitle title="Settings" />
      <div class="mx-auto w-full max-w-[40rem] flex flex-col gap-4">
        <header class="flex items-center gap-1 -ms-2">
          <a href="/chat" class="icon-button">
            <BackIcon />
            <span class="sr-only">Back to the chats</span>
          </a>
          <h1 class="text-xl font-bold tracking-tight">Settings</h1>
        </header>
        {saved && <p role="status" class="rounded-xl bg-accent-soft px-4 py-3 text-base">Saved.</p>}
        {children}
        <SettingsSection title="Read receipts" section="receipts">
          <Switch
            name="receipts"
            label="Show when I have received and read messages"
            hint="If this is off, nobody sees yours, and you see nobody’s."
            on={settings.receipts}
          />
        </SettingsSection>
      </div>
    </main>
  );
}

/** One subject, with a form that says which by `section`. */
export function SettingsSection(
  { title, section, children }: { title: string; section: string; children: ComponentChildren },
) {
  const id = `settings-${section}`;
  return (
    <section aria-labelledby={id} class="rounded-2xl bg-raised px-4 wide:px-6 py-4 shadow-card">
      <h2 id={id} class="mb-1 text-lg font-semibold">{title}</h2>
      <form method="post" action="/settings">
        <input type="hidden" name="section" value={section} />
        {children}
        <button type="submit" class="button button-quiet mt-2">Save</button>
      </form>
    </section>
  );
}

/** A setting that is on or off. */
export function Switch(
  { name, label, hint, on }: { name: string; label: string; hint?: string; on: boolean },
) {
  return (
    <label class="flex items-center gap-4 min-h-[2.75rem] py-1">
      <span class="flex-1 min-w-0">
        <span class="block text-base">{label}</span>
        {hint && <span id={`${name}-hint`} class="block text-sm text-muted">{hint}</span>}
      </span>
      <input
        type="checkbox"
        name={name}
        class="switch"
        checked={on}
        aria-describedby={hint && `${name}-hint`}
      />
    </label>
  );
}
