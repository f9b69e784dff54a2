/** Turns notifications on and off in this browser; the one part of the settings that needs script. */

import { useEffect, useState } from "preact/hooks";
import { PushDesk, type PushState } from "../lib/client/push/desk.ts";

const SAID: Record<PushState, string> = {
  on: "Notifications are on in this browser.",
  off: "Notifications are off in this browser.",
  blocked:
    "This browser blocks notifications of this site. Allow them in its settings for the site, then come back.",
  unsupported:
    "This browser shows no notifications for this site. On an iPhone or iPad, add Parley to the home screen first and open it from there.",
};

/** `account`: whose notifications. */
export default function PushSwitch({ account }: { account: string }) {
  const [state, setState] = useState<PushState | null>(null);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    new PushDesk(account).state().then(setState, () => setState("unsupported"));
  }, []);
  const turn = async (work: (desk: PushDesk) => Promise<PushState | void>) => {
    setBusy(true);
    setFailed(false);
    try {
      const now = await work(new PushDesk(account)) ?? "off";
      if (now !== state && (now === "on" || state === "on")) return location.replace("/settings");
      setState(now);
    } catch {
      setFailed(true);
    }
    setBusy(false);
  };
  return (
    <div>
      <p class="text-base text-balance" role="status">
        {failed
          ? "That did not work. Check the connection and try again."
          : state
          ? SAID[state]
          : "Notifications need JavaScript in this browser."}
      </p>
      {state === "off" && (
        <button
          type="button"
          class="button button-main mt-3"
          disabled={busy}
          onClick={() => turn((desk) => desk.turnOn())}
        >
          Turn on notifications
        </button>
      )}
      {state === "on" && (
        <button
          type="button"
          class="button button-quiet mt-3"
          disabled={busy}
          onClick={() => turn((desk) => desk.turnOff())}
        >
          Turn off here
        </button>
      )}
    </div>
  );
}
