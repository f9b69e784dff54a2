/** What stands between messages: the day, what happened to the group, the line above the first unread. */

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
