/** What stands between messages: the day, what happened to the group, the line above the first unread. */

import { PinIcon } from "./Icons.tsx";

/** The date of the messages below it, on a pill. */
export function DayDivider({ label }: { label: string }) {
  return (
    <li class="flex justify-center pt-4 pb-1">
      <span class="rounded-full bg-line px-3 py-1 text-xs font-medium text-muted">{label}</span>
    </li>
  );
}

/** What happened to the group. */
export function GroupLine({ words }: { words: string }) {
  return (
    <li class="group-line" data-line>
      <span dir="auto">{words}</span>
    </li>
  );
}

/** Somebody pinned a message: the way there. */
export function PinLine(
  { words, href, onJump }: { words: string; href: string; onJump(): void },
) {
  const jump = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onJump();
  };
  return (
    <li class="group-line" data-line>
      <a href={href} dir="auto" class="pin-line" onClick={jump}>
        <PinIcon small />
        {words}
      </a>
    </li>
  );
}

/** "New" across the width; `data-unread` is where a room with unread messages opens. */
export function UnreadDivider() {
  return (
    <li class="flex items-center gap-3 pt-4 pb-1 text-xs font-semibold text-accent" data-unread>
      <span class="h-px flex-1 bg-accent" aria-hidden="true" />
      New messages
      <span class="h-px flex-1 bg-accent" aria-hidden="true" />
    </li>
  );
}
