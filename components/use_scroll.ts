/** Binds a {@link ScrollKeeper} to the component that draws the messages. */

import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { ReadonlySignal } from "@preact/signals";
import type { Entry, RoomModel } from "./models.ts";
import { ScrollKeeper } from "./scroll_keeper.ts";

export interface Scroll {
  view: { current: HTMLDivElement | null };
  /** The entries to draw. */
  entries: Entry[];
  older: boolean;
  newer: boolean;
  away: boolean;
  missed: number;
  showOlder(): void;
  jump(): void;
  goTo(seq: number): void;
}

/** The component must be keyed by the room: one keeper serves one room. */
export function useScroll(
  room: RoomModel,
  { me, attentive, at }: { me: string; attentive: ReadonlySignal<boolean>; at: number | null },
): Scroll {
  const view = useRef<HTMLDivElement>(null);
  const keeper = useMemo(() => new ScrollKeeper(room, me, at), []);
  const all = room.entries.value;
  const entries = keeper.visible(all);
  const loading = room.loading.value;
  keeper.beforeRender();
  useLayoutEffect(() => keeper.afterRender(view.current));
  useEffect(() => keeper.settle(), [attentive.value, loading]);
  useEffect(() => {
    const node = view.current!;
    node.addEventListener("scroll", keeper.settle, { passive: true });
    return () => node.removeEventListener("scroll", keeper.settle);
  }, []);
  const first = all.find(({ seq }) => seq !== null)?.seq ?? 0;
  return {
    view,
    entries,
    older: room.older.value || first < keeper.range.value.from,
    newer: room.newer.value,
    away: keeper.away.value,
    missed: room.newer.value ? room.unread.value : keeper.missed(all),
    showOlder: keeper.showOlder,
    jump: keeper.jump,
    goTo: keeper.goTo,
  };
}
