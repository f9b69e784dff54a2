/** The texts that a message had, the first one first, loaded when somebody asks for them. */

import { useEffect, useRef, useState } from "preact/hooks";
import { clockOf, type Place } from "./dates.ts";
import type { RoomModel } from "./models.ts";
import { Time } from "./Time.tsx";

interface MessageVersionsProps {
  room: RoomModel;
  seq: number;
  place: Place;
  onClose(): void;
}

export function MessageVersions({ room, seq, place, onClose }: MessageVersionsProps) {
  const [versions, setVersions] = useState<{ at: number; text: string }[] | null>(null);
  const close = useRef<HTMLButtonElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    close.current?.focus();
    room.actions.versions(seq).then(setVersions, () => setFailed(true));
  }, []);
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    onClose();
  };
  return (
    <section class="message-editor" aria-label="Earlier versions" onKeyDown={key}>
      {failed && <p class="text-sm text-danger">The versions could not be loaded.</p>}
      {!versions && !failed && <p class="text-sm text-muted">Loading…</p>}
      <ol role="list">
        {versions?.slice(0, -1).map(({ at, text }) => (
          <li key={at} class="py-1 border-b">
            <span class="text-xs text-muted">
              <Time at={at} label={clockOf(at, place)} place={place} />
            </span>
            <p class="message-version" dir="auto">{text}</p>
          </li>
        ))}
      </ol>
      <div class="flex justify-end">
        <button ref={close} type="button" class="message-item" onClick={onClose}>Close</button>
      </div>
    </section>
  );
}
