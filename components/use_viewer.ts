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
/** Whoever does nothing for so long is not there. */
const AWAY_MS = 5 * 60_000;
const STIRS = ["pointermove", "pointerdown", "keydown", "wheel"];

/**
 * Visible and focused; told to `changed` at once and on every change, with whether anything was
 * done in the last minutes: a screen that nobody sits at must not keep their other devices silent.
 */
export function useAttention(
  changed: (attentive: boolean, there: boolean) => void,
): ReadonlySignal<boolean> {
  const attentive = useSignal(false);
  useEffect(() => {
    let stirredAt = Date.now();
    let there = true;
    const look = () => {
      const now = document.visibilityState === "visible" && document.hasFocus();
      there = Date.now() - stirredAt < AWAY_MS;
      changed(now, now && there);
      attentive.value = now;
    };
    const stir = () => {
      stirredAt = Date.now();
      if (!there) look();
    };
    const timer = setInterval(() => there && Date.now() - stirredAt >= AWAY_MS && look(), TICK_MS);
    look();
    const own: [EventTarget, string, () => void][] = [
      [globalThis, "focus", look],
      [globalThis, "blur", look],
      [document, "visibilitychange", look],
      ...STIRS.map((type) => [document, type, stir] as [EventTarget, string, () => void]),
    ];
    for (const [target, type, heard] of own) target.addEventListener(type, heard);
    return () => {
      clearInterval(timer);
      for (const [target, type, heard] of own) target.removeEventListener(type, heard);
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
