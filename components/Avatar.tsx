/** A person's initials on their colour, with a dot while they are online. */

import type { Person } from "../lib/chat/values.ts";
import { cx } from "./cx.ts";
import { displayName, initials, toneOf } from "./names.ts";
import { PresenceDot } from "./PresenceDot.tsx";

/** `size` follows the place: 36 px in a header, 44 px in a list, 64 px alone on a page. */
export function Avatar(
  { person, online, size = "list" }: {
    person: Person;
    online?: boolean;
    size?: "head" | "list" | "page";
  },
) {
  const head = size === "head";
  const page = size === "page";
  return (
    <span class="relative flex-none" aria-hidden="true">
      <span
        class={cx(
          "avatar",
          toneOf(person.id),
          head && "size-9 text-sm",
          page && "size-16 text-xl",
          !head && !page && "size-11 text-base",
        )}
      >
        {initials(displayName(person))}
      </span>
      {online && <PresenceDot />}
    </span>
  );
}
