/** Says when messages are not flowing and what happens next; silent for the first moments. */

import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Connection } from "./models.ts";
import { useLateConnection, useSecondsUntil } from "./use_connection.ts";

interface BannerProps {
  connection: ReadonlySignal<Connection>;
  retryAt: ReadonlySignal<number | null>;
  onRetry(): void;
}

export function ConnectionBanner({ connection, retryAt, onRetry }: BannerProps) {
  const state = useLateConnection(connection);
  const seconds = useSecondsUntil(retryAt.value);
  const isOut = state === "signed_out";
  const isOutdated = state === "outdated";
  const isWaiting = state === "waiting";
  const isConnecting = state === "connecting";
  return (
    <div role="status">
      {isOut && (
        <Bar text="You are signed out.">
          <a class="underline" href="/login" target="_top">Sign in</a>
        </Bar>
      )}
      {isOutdated && (
        <Bar text="There is a new version of Parley.">
          <button type="button" class="underline" onClick={() => location.reload()}>Reload</button>
        </Bar>
      )}
      {isConnecting && <Bar text="Connecting…" />}
      {isWaiting && (
        <Bar text="No connection." more={seconds > 0 ? `Next try in ${seconds} s` : undefined}>
          <button type="button" class="underline" onClick={onRetry}>Retry now</button>
        </Bar>
      )}
    </div>
  );
}

/** `more` changes every second, so it is not read out. */
function Bar(
  { text, more, children }: { text: string; more?: string; children?: ComponentChildren },
) {
  return (
    <div class="flex items-center justify-center gap-3 min-h-[2.75rem] px-4 bg-ink text-panel text-sm font-medium">
      <span>{text}</span>
      {more && <span class="tabular-nums" aria-hidden="true">{more}</span>}
      {children && <span class="flex font-semibold">{children}</span>}
    </div>
  );
}
