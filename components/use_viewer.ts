/**
 * What only the browser knows of the viewer: whether they look at the page, what time it is for
 * them, and where they are. All of it begins as the server rendered it, so hydration changes nothing.
 */

import { useEffect, useState } from "preact/hooks";
import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { Place } from "./dates.ts";

const YEAR_S = 365 * 24 * 60 * 60;
/** How often relative times are brought up to date. */
const TICK_MS = 20_000;

/** Visible and focused; told to `changed` at once and on every change. */
export function useAttention(changed: (attentive: boolean) => void): ReadonlySignal<boolean> {
  const attentive = useSignal(false);
  useEffect(() => {
    const look = () => {
      const now = document.visibilityState === "visible" && document.hasFocus();
      changed(now);
      attentive.value = now;
    };
    look();
    globalThis.addEventListener("focus", look);
    globalThis.addEventListener("blur", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      globalThis.removeEventListener("focus", look);
      globalThis.removeEventListener("blur", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return attentive;
}

/** Epoch milliseconds, a little behind; `start` until hydrated. */
export function useNow(start: number): ReadonlySignal<number> {
  const now = useSignal(start);
  useEffect(() => {
    now.value = Date.now();
    const timer = setInterval(() => now.value = Date.now(), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** The server's guess, then the viewer's own; the cookie `tz` makes the next guess right. */
export function usePlace(guess: Place): Place {
  const [place, setPlace] = useState(guess);
  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || guess.zone;
    const locale = navigator.language || guess.locale;
    document.cookie = `tz=${encodeURIComponent(zone)}; path=/; max-age=${YEAR_S}; samesite=lax`;
    if (zone !== guess.zone || locale !== guess.locale) setPlace({ zone, locale });
  }, []);
  return place;
}

/** Shows unread messages in the title and on the icon, whose link in `_app.tsx` names both its pictures. */
export function useTabSigns({ unread, title }: { unread: number; title: string }): void {
  useEffect(() => {
    const name = `${title} · Parley`;
    document.title = unread > 0 ? `(${unread}) ${name}` : name;
    const icon = document.querySelector<HTMLLinkElement>("link[rel=icon][data-unread-href]");
    if (!icon) return;
    icon.dataset.read ??= icon.href;
    const wanted = unread > 0 ? icon.dataset.unreadHref! : icon.dataset.read;
    if (icon.getAttribute("href") !== wanted) icon.href = wanted;
  }, [unread, title]);
}
