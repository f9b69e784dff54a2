/** Who wrote a run of messages in a group: the avatar at its start, the name above it. */

import { cx } from "./cx.ts";
import { initials, toneOf } from "./names.ts";

export function Author({ id, name }: { id: string; name: string }) {
  return (
    <p class={cx("author", toneOf(id))}>
      <span class="author-face avatar" aria-hidden="true">{initials(name)}</span>
      <bdi class="truncate">{name}</bdi>
      <span class="sr-only">:</span>
    </p>
  );
}
