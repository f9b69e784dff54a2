/** Who has read a message and who has received it, as of now: loaded when somebody asks. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Receipt } from "../lib/chat/rooms.ts";
import type { Entry, RoomModel } from "./models.ts";
import type { Names } from "./names.ts";

interface MessageReceiptsProps {
  room: RoomModel;
  entry: Entry;
  names: Names;
  onClose(): void;
}

export default function MessageReceipts({ room, entry, names, onClose }: MessageReceiptsProps) {
  const [state, setState] = useState<"loading" | "loaded" | "failed">("loading");
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    close.current?.focus();
    room.receipts.load().then(() => setState("loaded"), () => setState("failed"));
  }, []);
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    onClose();
  };
  const people = room.receipts.people.value.filter(({ by, from = 1 }) =>
    by !== entry.by && from <= entry.seq!
  );
  return (
    <section class="message-editor" aria-label="Read by" onKeyDown={key}>
      <div aria-live="polite">
        {state === "loading" && <p class="text-sm text-muted">Loading…</p>}
        {state === "failed" && <p class="text-sm text-danger">That could not be loaded.</p>}
        {state === "loaded" && <Lists people={people} seq={entry.seq!} names={names} />}
      </div>
      <div class="flex justify-end">
        <button ref={close} type="button" class="message-item" onClick={onClose}>Close</button>
      </div>
    </section>
  );
}

function Lists({ people, seq, names }: { people: Receipt[]; seq: number; names: Names }) {
  const read = people.filter((receipt) => receipt.read >= seq);
  const delivered = people.filter((receipt) => receipt.read < seq && receipt.delivered >= seq);
  const waiting = people.filter((receipt) => receipt.delivered < seq);
  if (people.length === 0) {
    return (
      <p class="py-1 text-sm text-muted">
        Nobody here shows that, or <a href="/settings" class="text-accent underline">you do not</a>.
      </p>
    );
  }
  return (
    <div class="max-h-[16rem] overflow-y-auto" tabindex={0}>
      <List title="Read by" people={read} names={names} />
      <List title="Delivered to" people={delivered} names={names} />
      <List title="Not yet delivered to" people={waiting} names={names} />
    </div>
  );
}

function List({ title, people, names }: { title: string; people: Receipt[]; names: Names }) {
  if (people.length === 0) return null;
  return (
    <>
      <h3 class="pt-1 text-sm font-semibold">
        {title} <span class="font-normal text-muted">{people.length}</span>
      </h3>
      <ul role="list">
        {people.map(({ by }) => (
          <li key={by} class="py-0.5 truncate text-sm">
            <bdi>{names.get(by) ?? "Someone"}</bdi>
          </li>
        ))}
      </ul>
    </>
  );
}
