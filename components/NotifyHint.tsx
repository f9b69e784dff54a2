/** Offers notifications, once and quietly, above the chat; loaded when there is a reason to. */

import { useState } from "preact/hooks";
import type { PushDesk, PushState } from "../lib/client/push/desk.ts";
import { BellIcon, CloseIcon } from "./Icons.tsx";

interface HintProps {
  desk: PushDesk;
  onClose(): void;
}

const SAID: Partial<Record<PushState, string>> = {
  on: "Notifications are on here. Quiet hours are in the settings.",
  blocked: "The browser blocks notifications of this site. Its settings can allow them.",
};

export default function NotifyHint({ desk, onClose }: HintProps) {
  const [said, setSaid] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const close = () => {
    desk.dismiss();
    onClose();
  };
  const turnOn = async () => {
    setBusy(true);
    const state = await desk.turnOn().catch(() => null);
    if (state === "off") return close(); // the browser's own question was closed
    setBusy(false);
    setSaid(SAID[state ?? "unsupported"] ?? "That did not work. The settings can try again.");
  };
  return (
    <aside
      class="rise flex items-center gap-3 flex-none bg-accent-soft ps-4 pe-1 text-base pad-sides"
      aria-label="Notifications"
    >
      <span class="text-accent narrow:hidden">
        <BellIcon />
      </span>
      <p class="flex-1 min-w-0 py-2" role="status">
        {said ?? "Know when they answer: get notifications on this device."}
      </p>
      {said === null && (
        <button
          type="button"
          class="flex-none min-h-[2.75rem] px-2 font-semibold text-accent"
          disabled={busy}
          onClick={turnOn}
        >
          Turn on
        </button>
      )}
      <button type="button" class="icon-button" onClick={close}>
        <CloseIcon />
        <span class="sr-only">{said === null ? "Not now" : "Close"}</span>
      </button>
    </aside>
  );
}
