/**
 * What is pinned in the open room, over its messages: asked for when it is opened, and again when a
 * message is pinned or taken down meanwhile.
 */

import { useEffect, useRef, useState } from "preact/hooks";
import { labelOf } from "../lib/chat/files.ts";
import { previewOf } from "../lib/chat/preview.ts";
import type { Pin } from "../lib/chat/pages.ts";
import { listDate, type Place } from "./dates.ts";
import { CloseIcon } from "./Icons.tsx";
import { UnpinIcon } from "./menu_icons.tsx";
import type { RoomModel } from "./models.ts";
import type { Names } from "./names.ts";
import { Time } from "./Time.tsx";

interface PinsPanelProps {
  room: RoomModel;
  me: string;
  names: Names;
  place: Place;
  now: number;
  onJump(seq: number): void;
  onClose(): void;
}

export default function PinsPanel(props: PinsPanelProps) {
  const { room, onClose } = props;
  const [pins, setPins] = useState<Pin[] | null>(null);
  const [failed, setFailed] = useState(false);
  const close = useRef<HTMLButtonElement>(null);
  const shown = pinnedNow(room);
  useEffect(() => close.current?.focus(), []);
  useEffect(() => {
    room.actions.pins().then(setPins, () => setFailed(true));
  }, [shown]);
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    onClose();
  };
  return (
    <section class="panel rise" aria-labelledby="pins-title" onKeyDown={key} data-panel>
      <header class="flex items-center justify-between ps-4 pe-1">
        <h2 id="pins-title" class="text-base font-semibold">Pinned messages</h2>
        <button ref={close} type="button" class="icon-button" onClick={onClose}>
          <CloseIcon />
          <span class="sr-only">Close the pinned messages</span>
        </button>
      </header>
      {failed && <p class="px-4 pb-3 text-sm text-danger">They could not be loaded.</p>}
      {!pins && !failed && <p class="px-4 pb-3 text-sm text-muted" role="status">Loading…</p>}
      {pins?.length === 0 && (
        <p class="px-4 pb-3 text-sm text-muted">
          Nothing is pinned any more.
        </p>
      )}
      <ol role="list" class="scroller min-h-0 px-2 pb-2">
        {pins?.map((pin) => <PinRow key={pin.message.seq} pin={pin} {...props} />)}
      </ol>
    </section>
  );
}

function PinRow(
  { pin: { by, message }, room, me, names, place, now, onJump, onClose }:
    & PinsPanelProps
    & { pin: Pin },
) {
  const { seq, text, files, at } = message;
  const call = (id: string) => id === me ? "you" : names.get(id) ?? "someone";
  const author = message.by === me ? "You" : names.get(message.by) ?? "Someone";
  const jump = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onClose();
    onJump(seq);
  };
  return (
    <li class="flex items-center gap-1">
      <a href={`/chat/${room.id}?at=${seq}`} class="row min-h-0" onClick={jump}>
        <span class="flex-1 min-w-0">
          <span class="flex items-baseline gap-2">
            <bdi class="flex-1 min-w-0 truncate text-sm font-semibold">{author}</bdi>
            <span class="flex-none text-xs text-muted">
              <Time at={at} label={listDate(at, now, place)} place={place} />
            </span>
          </span>
          <span class="line-clamp-2 text-sm" dir="auto">
            {previewOf(text) || files && labelOf(files)}
          </span>
          <span class="block truncate text-xs text-muted">
            Pinned by <bdi>{call(by)}</bdi>
          </span>
        </span>
      </a>
      <button
        type="button"
        class="icon-button"
        title="Unpin"
        onClick={() => void room.actions.pin(seq, false)}
      >
        <UnpinIcon />
        <span class="sr-only">
          Unpin the message of <bdi>{author}</bdi>
        </span>
      </button>
    </li>
  );
}

/** Which of the messages that are held are pinned, as one text: when it changes, the list may have. */
function pinnedNow(room: RoomModel): string {
  return room.entries.value.filter(({ pinned }) => pinned).map(({ seq }) => seq).join();
}
