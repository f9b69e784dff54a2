/** Where a message shall be forwarded to, by a form: a filter, and a box for each conversation. */

import type { Person } from "../lib/chat/people.ts";
import type { RoomSummary } from "../lib/chat/rooms.ts";
import { RoomAvatar } from "./Avatar.tsx";
import { FindForm } from "./FindForm.tsx";
import { Markdown } from "./Markdown.tsx";
import { roomName } from "./names.ts";
import { PageFrame } from "./PageFrame.tsx";

interface ForwardPageProps {
  room: string;
  seq: number;
  me: Person;
  text: string;
  label?: string;
  targets: RoomSummary[];
  q: string;
  /** Names this try, so that a form that is sent twice forwards once. */
  id: string;
}

export function ForwardPage({ room, seq, me, text, label, targets, q, id }: ForwardPageProps) {
  const here = `/chat/${room}/${seq}`;
  return (
    <PageFrame title="Forward" back={{ href: here, label: "Back to the message" }}>
      <article class="bubble">
        {text === "" ? <p>{label}</p> : <Markdown text={text} />}
      </article>
      <FindForm id="conversation-filter" label="Find a conversation" q={q} />
      <form method="post" class="flex flex-col gap-2">
        <input type="hidden" name="id" value={id} />
        {targets.length === 0 && <p class="text-muted">No conversation is called so.</p>}
        <ul role="list">
          {targets.map((target) => (
            <li key={target.id}>
              <label class="row">
                <input type="checkbox" class="tick" name={`to-${target.id}`} value="on" />
                <RoomAvatar room={target} me={me} size="head" />
                <span class="flex-1 min-w-0 truncate text-left" dir="auto">
                  {roomName(target, me)}
                </span>
              </label>
            </li>
          ))}
        </ul>
        <button type="submit" class="button button-main">Forward</button>
      </form>
    </PageFrame>
  );
}
