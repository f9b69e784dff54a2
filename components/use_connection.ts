/** Connection states as the banner shows them: late, so that a blink of the network stays unseen. */

import { useEffect, useState } from "preact/hooks";
import type { ReadonlySignal } from "@preact/signals";
import type { Connection } from "./models.ts";

/** How long a lost connection goes unmentioned. */
export const QUIET_MS = 1_500;

/** The state to tell of, or `"live"` while there is nothing to tell. */
export function useLateConnection(connection: ReadonlySignal<Connection>): Connection {
  const state = connection.value;
  const [isLate, setLate] = useState(false);
  const isLost = state === "connecting" || state === "waiting";
  useEffect(() => {
    if (!isLost) return setLate(false);
    const timer = setTimeout(() => setLate(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, [isLost]);
  return isLost && !isLate ? "live" : state;
}

/** Whole seconds until then, counting down; 0 without a time. */
export function useSecondsUntil(at: number | null): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (at === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [at]);
  return at === null || now === 0 ? 0 : Math.max(0, Math.ceil((at - now) / 1000));
}
