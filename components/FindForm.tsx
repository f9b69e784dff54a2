/** A form that narrows the list on its page by what is typed; it needs no script. */

import { MAX_QUERY_CHARS } from "../lib/chat/limits.ts";

export function FindForm({ id, label, q }: { id: string; label: string; q: string }) {
  return (
    <form method="get" role="search" class="flex gap-2">
      <label class="sr-only" for={id}>{label}</label>
      <input
        id={id}
        type="search"
        name="q"
        class="field"
        maxLength={MAX_QUERY_CHARS}
        placeholder={label}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        value={q}
      />
      <button type="submit" class="button button-quiet">Find</button>
    </form>
  );
}
