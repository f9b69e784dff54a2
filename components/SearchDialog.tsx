/** Search over the open chat. Loaded when it is first opened. */

import { useEffect, useRef } from "preact/hooks";
import type { Place } from "./dates.ts";
import type { HitLook } from "./hit_look.tsx";
import { SearchView } from "./SearchView.tsx";

interface SearchDialogProps {
  look: HitLook;
  place: Place;
  now: number;
  /** The open conversation. */
  room: { id: string; name: string } | null;
  /** The page that would be the same search; in one conversation only, to begin with, or not. */
  path: string;
  onClose(): void;
}

export default function SearchDialog({ room, path, onClose, ...rest }: SearchDialogProps) {
  const asked = new URLSearchParams(path.split("?")[1]);
  const inRoom = room !== null && asked.get("room") === room.id;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="search-dialog"
      aria-label="Search messages"
      onClose={onClose}
      onKeyDown={(event) => {
        // The chat behind has its own use for this key.
        if (event.key === "Escape") event.stopPropagation();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <div class="flex flex-col min-h-0 flex-1">
        <SearchView
          start={{ q: asked.get("q") ?? "", room, inRoom, page: null, error: null }}
          onClose={() => dialog.current?.close()}
          {...rest}
        />
      </div>
    </dialog>
  );
}
