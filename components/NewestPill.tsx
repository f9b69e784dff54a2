/** Floats over the messages while the reader is away from the newest, and leads back there. */

import { DownIcon } from "./Icons.tsx";

/** `count` is how many messages by others came in meanwhile. */
export function NewestPill(
  { shown, count, onClick }: { shown: boolean; count: number; onClick(): void },
) {
  if (!shown) return null;
  return (
    <button
      type="button"
      class="rise absolute bottom-3 end-4 flex items-center gap-2 h-11 min-w-[2.75rem] justify-center px-3 rounded-full bg-raised text-accent text-sm font-semibold shadow-float"
      onClick={onClick}
    >
      {count > 0 && <span>{count === 1 ? "1 new message" : `${count} new messages`}</span>}
      {count === 0 && <span class="sr-only">Go to the newest message</span>}
      <DownIcon />
    </button>
  );
}
