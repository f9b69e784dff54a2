/** A message by itself, with forms for what can be done to it and the texts that it had. */

import type { Readers } from "../lib/readers.ts";
import type { MessageState, Reaction } from "../lib/chat/events.ts";
import type { Person } from "../lib/chat/people.ts";
import { cx } from "./cx.ts";
import { QUICK } from "./quick_emoji.ts";
import { canEdit } from "../lib/chat/messages.ts";
import { fullDate, type Place } from "./dates.ts";
import { Markdown } from "./Markdown.tsx";
import { Attachments } from "./files/Attachments.tsx";
import { displayName } from "./names.ts";
import { PageFrame } from "./PageFrame.tsx";
import { Time } from "./Time.tsx";

interface MessagePageProps extends Place {
  room: string;
  seq: number;
  me: string;
  message: { by: string; at: number } & MessageState;
  /** Who wrote it. */
  author: Person | null;
  /** The viewer saved it. */
  saved: boolean;
  /** Of a group's message, whom it has reached. */
  readers: Readers | null;
  versions: { at: number; text: string }[];
  now: number;
}

export function MessagePage(props: MessagePageProps) {
  const { room, seq, me, message, author, saved, readers, versions, now, zone, locale } = props;
  const own = message.by === me && !message.deleted;
  const place = { zone, locale };
  return (
    <PageFrame
      title="Message"
      back={{ href: `/chat/${room}?at=${seq}`, label: "Back to the conversation" }}
    >
      <p class="-mb-2 text-sm text-muted">
        <bdi class="font-semibold text-ink">
          {message.by === me ? "You" : author ? displayName(author) : "Someone"}
        </bdi>, <Time at={message.at} label={fullDate(message.at, place)} place={place} />
      </p>
      <article class="bubble">
        {message.files && (
          <div class="files">
            <Attachments room={room} files={message.files} all />
          </div>
        )}
        {message.deleted ? <p>This message was deleted.</p> : <Markdown text={message.text} />}
      </article>
      {!message.deleted && <ReactForm me={me} reactions={message.reactions ?? []} />}
      {!message.deleted && (
        <div class="flex flex-wrap gap-2">
          <Toggle type="pinned" on={!message.pinned} label={message.pinned ? "Unpin" : "Pin"} />
          <a href={`/chat/${room}/${seq}/forward`} class="button button-quiet">Forward</a>
          <Toggle type="saved" on={!saved} label={saved ? "Remove from saved" : "Save"} />
        </div>
      )}
      <ReplyForm room={room} seq={seq} />
      {own && canEdit(message, { by: me, now }) && (
        <EditForm text={message.text} mayBeEmpty={message.files !== undefined} />
      )}
      {own && (
        <form method="post">
          <button
            type="submit"
            name="type"
            value="deleted"
            class="button button-quiet text-danger"
          >
            Delete for everyone
          </button>
        </form>
      )}
      {readers && (
        <section>
          <ReaderList title="Read by" people={readers.read} />
          <ReaderList title="Delivered to" people={readers.delivered} />
        </section>
      )}
      {versions.length > 1 && (
        <section>
          <h2 class="font-semibold">Earlier versions</h2>
          <ol role="list">
            {versions.slice(0, -1).map(({ at, text }) => (
              <li key={at} class="py-2 border-b">
                <span class="text-xs text-muted">
                  <Time at={at} label={fullDate(at, place)} place={place} />
                </span>
                <p class="message-version" dir="auto">{text}</p>
              </li>
            ))}
          </ol>
        </section>
      )}
    </PageFrame>
  );
}

function ReaderList({ title, people }: { title: string; people: Person[] }) {
  if (people.length === 0) return null;
  return (
    <>
      <h2 class="pt-2 font-semibold">
        {title} <span class="font-normal text-muted">{people.length}</span>
      </h2>
      <ul role="list" class="text-base">
        {people.map((person) => (
          <li key={person.id} class="truncate">
            <bdi>{displayName(person)}</bdi>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Each button says what shall be: there or not. */
function ReactForm({ me, reactions }: { me: string; reactions: Reaction[] }) {
  const mine = new Set(reactions.filter(({ by }) => by.includes(me)).map(({ emoji }) => emoji));
  const offered = [...new Set([...reactions.map(({ emoji }) => emoji), ...QUICK])];
  return (
    <div role="group" aria-label="React" class="flex flex-wrap gap-1">
      {offered.map((emoji) => (
        <form key={emoji} method="post">
          <input type="hidden" name="type" value="reacted" />
          <input type="hidden" name="on" value={mine.has(emoji) ? "no" : "yes"} />
          <button
            type="submit"
            name="emoji"
            value={emoji}
            aria-pressed={mine.has(emoji)}
            class={cx("reaction", mine.has(emoji) && "reaction-mine")}
          >
            {emoji}
          </button>
        </form>
      ))}
    </div>
  );
}

/** The button says what shall be. */
function Toggle({ type, on, label }: { type: "pinned" | "saved"; on: boolean; label: string }) {
  return (
    <form method="post">
      <input type="hidden" name="on" value={on ? "yes" : "no"} />
      <button type="submit" name="type" value={type} class="button button-quiet">{label}</button>
    </form>
  );
}

function ReplyForm({ room, seq }: { room: string; seq: number }) {
  return (
    <form method="post" action={`/chat/${room}`} class="flex flex-col gap-2">
      <input type="hidden" name="reply" value={seq} />
      <label class="font-semibold" for="answer">Answer</label>
      <textarea id="answer" name="text" class="field" rows={2} dir="auto" required />
      <button type="submit" class="button button-quiet self-start">Send</button>
    </form>
  );
}

function EditForm({ text, mayBeEmpty }: { text: string; mayBeEmpty: boolean }) {
  return (
    <form method="post" class="flex flex-col gap-2">
      <label class="font-semibold" for="text">Edit</label>
      <textarea
        id="text"
        name="text"
        class="field"
        rows={5}
        dir="auto"
        required={!mayBeEmpty}
        value={text}
      />
      <button type="submit" name="type" value="edited" class="button button-main self-start">
        Save text
      </button>
    </form>
  );
}
