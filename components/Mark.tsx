/** The mark: a P that is a speech bubble. The same drawing as `static/mark.svg`. */

import { cx } from "./cx.ts";

/** Drawn in the current colour; the name stands beside it or in the page's title. */
export function Mark({ large }: { large?: boolean }) {
  return (
    <svg
      class={cx(large ? "size-14" : "size-7")}
      viewBox="0 0 32 32"
      fill="currentColor"
      aria-hidden="true"
    >
      <path
        fill-rule="evenodd"
        d="M5.5 14A10.5 10.5 0 1 1 16 24.5h-2.6L5.5 30.5V14Zm10.5-4a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z"
      />
    </svg>
  );
}
