/** How far an own message has come. */

import { cx } from "./cx.ts";
import { AlertIcon, CheckIcon, ChecksIcon, ClockIcon } from "./Icons.tsx";
import type { Entry, Reach } from "./models.ts";

/** Clock, checks or alert, with its meaning as text for those who cannot see it. */
export function MessageState({ state, reach }: { state: Entry["state"]; reach?: Reach }) {
  if (state === "pending") return <Sign label="Sending" icon={<ClockIcon small />} />;
  if (state === "failed") return <Sign label="Not sent" icon={<AlertIcon small />} />;
  if (reach === "delivered") return <Sign label="Delivered" icon={<ChecksIcon small />} />;
  if (reach === "read") return <Sign label="Read" icon={<ChecksIcon small />} marked />;
  return <Sign label="Sent" icon={<CheckIcon small />} />;
}

function Sign(
  { label, icon, marked }: { label: string; icon: preact.JSX.Element; marked?: boolean },
) {
  return (
    <span title={label} class={cx(marked && "message-read")}>
      {icon}
      <span class="sr-only">{label}</span>
    </span>
  );
}
