/**
 * Where a message shall be forwarded to: the viewer's conversations with a filter, one or several of
 * them ticked. Its code is loaded when somebody opens it.
 */

import { useEffect, useRef, useState } from "preact/hooks";
import { MAX_FORWARDS } from "../lib/chat/limits.ts";
import { foldName } from "../lib/chat/text.ts";
import type { Person } from "../lib/chat/people.ts";
import type { RoomSummary } from "../lib/chat/rooms.ts";
import { RoomAvatar } from "./Avatar.tsx";
import type { RoomModel } from "./models.ts";
import { listNames, roomName } from "./names.ts";

/** Conversations that are shown without a filter, and of a filter. */
const MAX_SHOWN = 50;

interface ForwardPanelProps {
  room: RoomModel;
  seq: number;
  onClose(): void;
}

export default function ForwardPanel({ room, seq, onClose }: ForwardPanelProps) {
  const me = room.actions.viewer;
  const [query, setQuery] = useState("");
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [state, setState] = useState<"choosing" | "sending" | "sent">("choosing");
  const field = useRef<HTMLInputElement>(null);
  const done = useRef<HTMLButtonElement>(null);
  const targets = room.actions.targets();
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (state === "sent") done.current?.focus();
  }, [state]);
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    onClose();
  };
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    if (ticked.size === 0 || state !== "choosing") return;
    setState("sending");
    const all = await Promise.all([...ticked].map((id) => room.actions.forward(seq, id)));
    setState(all.every((one) => one) ? "sent" : "choosing"); // the model says why not
  };
  const names = targets.filter(({ id }) => ticked.has(id)).map((one) => roomName(one, me));
  return (
    <section class="message-editor" aria-label="Forward the message" onKeyDown={key}>
      {state === "sent"
        ? (
          <div class="flex items-center gap-2">
            <p class="flex-1 min-w-0 text-sm" role="status">
              Forwarded to <bdi class="font-semibold">{listNames(names)}</bdi>.
            </p>
            <button ref={done} type="button" class="message-item" onClick={onClose}>Close</button>
          </div>
        )
        : (
          <form onSubmit={send}>
            <input
              ref={field}
              type="search"
              class="field mt-1"
              aria-label="Find a conversation"
              placeholder="Forward to…"
              autocomplete="off"
              value={query}
              onInput={(event) => setQuery(event.currentTarget.value)}
            />
            <Targets
              targets={matching(targets, me, query)}
              me={me}
              ticked={ticked}
              onTick={setTicked}
            />
            <div class="flex justify-end gap-1 pb-1">
              <button type="button" class="message-item" onClick={onClose}>Cancel</button>
              <button
                type="submit"
                class="message-item text-accent font-semibold"
                aria-disabled={ticked.size === 0 || state === "sending"}
              >
                {ticked.size > 1 ? `Forward to ${ticked.size}` : "Forward"}
              </button>
            </div>
          </form>
        )}
    </section>
  );
}

interface TargetsProps {
  targets: RoomSummary[];
  me: Person;
  ticked: ReadonlySet<string>;
  onTick(ticked: ReadonlySet<string>): void;
}

function Targets({ targets, me, ticked, onTick }: TargetsProps) {
  if (targets.length === 0) {
    return <p class="py-3 text-sm text-muted" role="status">No conversation is called so.</p>;
  }
  const toggle = (id: string) => {
    const next = new Set(ticked);
    if (!next.delete(id) && next.size < MAX_FORWARDS) next.add(id);
    onTick(next);
  };
  return (
    <ul role="list" class="forward-list">
      {targets.map((target) => (
        <li key={target.id}>
          <label class="row min-h-0">
            <input
              type="checkbox"
              class="tick"
              checked={ticked.has(target.id)}
              onChange={() => toggle(target.id)}
            />
            <RoomAvatar room={target} me={me} size="head" />
            <span class="flex-1 min-w-0 truncate text-left" dir="auto">{roomName(target, me)}</span>
          </label>
        </li>
      ))}
    </ul>
  );
}

function matching(targets: RoomSummary[], me: Person, query: string): RoomSummary[] {
  const wanted = foldName(query);
  return targets.filter((target) => foldName(roomName(target, me)).includes(wanted))
    .slice(0, MAX_SHOWN);
}
