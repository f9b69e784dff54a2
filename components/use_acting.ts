/** Which message has something open below it: one at a time. The focus returns where it came from. */

import { useEffect, useState } from "preact/hooks";
import type { Act } from "./MessageActions.tsx";

/** What is open, and for which message. */
export interface Acting {
  key: string;
  act: Act;
}

export function useActing() {
  const [acting, setActing] = useState<Acting | null>(null);
  useEffect(() => {
    if (acting?.act !== "menu") return;
    const away = ({ target }: Event) => {
      if (target instanceof Element && !target.closest("[role=menu],[data-more]")) setActing(null);
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [acting]);
  return {
    acting,
    onAct(key: string, act: Act | null): void {
      setActing(act && { key, act });
      if (act === null) refocus(key);
    },
  };
}

function refocus(key: string): void {
  for (const line of document.querySelectorAll<HTMLElement>("[data-key]")) {
    if (line.dataset.key === key) line.querySelector<HTMLElement>("[data-more]")?.focus();
  }
}
