/** A button that asks before it does something that cannot be taken back; works without JavaScript. */

import type { ComponentChildren } from "preact";

interface ConfirmProps {
  label: ComponentChildren;
  question: ComponentChildren;
  /** What the form says. */
  fields: Record<string, string>;
  /** What the button that does it is called. */
  yes: string;
}

export function Confirm({ label, question, fields, yes }: ConfirmProps) {
  return (
    <details class="fold">
      <summary class="text-danger font-semibold">{label}</summary>
      <form method="post" class="pt-1">
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <p class="mb-2 text-base">{question}</p>
        <button type="submit" class="button button-danger">{yes}</button>
      </form>
    </details>
  );
}
