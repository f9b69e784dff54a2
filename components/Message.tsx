/**
 * One message: a bubble, own at the end and others' at the start, with its time and state. Its DOM
 * node is keyed by author and client id, so it stays the same from pending to stored.
 */

import { Component } from "preact";
import { Author } from "./Author.tsx";
import { FilesSlot } from "./files/FilesSlot.tsx";
import { cx } from "./cx.ts";
import { clockOf, type Place } from "./dates.ts";
import { isJumbo } from "../lib/chat/emoji.ts";
import { ALL } from "../lib/chat/mentions.ts";
import type { Person } from "../lib/chat/people.ts";
import { Markdown, type Mentioned } from "./Markdown.tsx";
import { NotSent } from "./later.ts";
import { MessageState } from "./MessageState.tsx";
import { lazy } from "./lazy.tsx";
import type { Act } from "./MessageActions.tsx";
import type { Entry, Reach, RoomModel } from "./models.ts";
import type { Names } from "./names.ts";
import { ForwardIcon, MoreIcon, PinIcon } from "./Icons.tsx";
import { Reactions } from "./Reactions.tsx";
import { Quote } from "./Quote.tsx";
import { Time } from "./Time.tsx";

interface MessageProps {
  entry: Entry;
  /** The author's name as read out; `null` for the viewer's own. */
  author: string | null;
  /** Whom it mentions, as far as they are known. */
  mentioned?: readonly (Person | undefined)[];
  /** Among several people: the author is shown, not only read out. */
  grouped: boolean;
  first: boolean;
  last: boolean;
  place: Place;
  /** How far an own message has come. */
  reach?: Reach;
  /** What is open below it. */
  act: Act | null;
  room: RoomModel;
  me: string;
  /** The message that it answers, once that is known. */
  quoted?: Entry;
  /** What people are called, by id. */
  names: Names;
  onReply(entry: Entry): void;
  onJump(seq: number): void;
  onAct(key: string, act: Act | null): void;
  onRetry(id: string): void;
  onCancel(id: string): void;
}

/** What is open below a message. */
export const MessageActions = lazy("The menu", () => import("./MessageActions.tsx"));

/** Renders again only when something it shows has changed: lists hold hundreds of these. */
export class Message extends Component<MessageProps> {
  override shouldComponentUpdate(next: MessageProps): boolean {
    const { props } = this;
    return next.entry !== props.entry || next.first !== props.first || next.last !== props.last ||
      next.place !== props.place || next.author !== props.author ||
      next.act !== props.act || next.quoted !== props.quoted ||
      !isSame(next.mentioned, props.mentioned) || next.reach !== props.reach;
  }

  override render(props: MessageProps) {
    const { entry, author, first, last, place, act, room, onRetry, onCancel } = props;
    const onAct = (act: Act | null) => props.onAct(entry.key, act);
    const own = author === null;
    const faced = props.grouped && !own;
    const jumbo = !entry.files && isJumbo(entry.text);
    const failed = entry.state === "failed";
    return (
      <li
        class={cx(
          "message",
          own && "message-own",
          faced && "message-faced",
          first && "message-first",
          last && "message-last",
        )}
        data-key={entry.key}
        data-seq={entry.seq ?? undefined}
        tabindex={-1}
        // Without JavaScript this is what brings the message into view.
        autofocus={entry.seq !== null && entry.seq === room.startAt}
        data-state={entry.state}
      >
        {first && (faced
          ? <Author id={entry.by} name={author} />
          : <span class="sr-only">{own ? "You" : <bdi>{author}</bdi>}:</span>)}
        <div class="message-line">
          <div
            class={cx(
              "bubble",
              failed ? "bubble-failed" : jumbo ? "bubble-jumbo" : own && "bubble-own",
              entry.deleted && "bubble-deleted",
            )}
          >
            {entry.reply !== undefined && !entry.deleted && (
              <Quote
                room={room}
                seq={entry.reply}
                quoted={props.quoted}
                names={props.names}
                onJump={props.onJump}
              />
            )}
            {entry.forwarded && <ForwardedFrom by={entry.forwarded.by} names={props.names} />}
            {entry.files && (
              <FilesSlot
                room={room.id}
                files={entry.files}
                page={entry.seq === null ? undefined : `/chat/${room.id}/${entry.seq}`}
                uploads={entry.uploads}
                sending={{
                  files: room.files,
                  onCancel: () => onCancel(entry.id),
                }}
              />
            )}
            <Markdown
              text={entry.deleted ? "This message was deleted." : entry.text}
              mentioned={mentionedIn(entry, props)}
              tail={
                <span class="meta">
                  {entry.pinned && <Pinned />}
                  {entry.editedAt !== undefined && <span>edited</span>}
                  <Time at={entry.at} label={clockOf(entry.at, place)} place={place} />
                  {own && <MessageState state={entry.state} reach={props.reach} />}
                </span>
              }
            />
          </div>
          {entry.seq !== null && !entry.deleted && (
            <MoreLink room={room.id} seq={entry.seq} open={act !== null} onAct={onAct} />
          )}
        </div>
        {entry.reactions && (
          <Reactions
            reactions={entry.reactions}
            me={props.me}
            names={props.names}
            onToggle={(emoji, on) => void room.actions.react(entry.seq!, { emoji, on })}
          />
        )}
        {act && !entry.deleted && (
          <MessageActions
            act={act}
            entry={entry}
            own={own}
            me={props.me}
            room={room}
            place={place}
            names={props.names}
            onAct={onAct}
            onReply={props.onReply}
          />
        )}
        {failed && (
          <NotSent
            reason={entry.error}
            onRetry={() => onRetry(entry.id)}
            onCancel={() => onCancel(entry.id)}
          />
        )}
      </li>
    );
  }
}

function isSame<T>(a: readonly T[] = [], b: readonly T[] = []): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

/** Whom names in the text stand for; `undefined` where nobody is mentioned. */
function mentionedIn({ all }: Entry, { mentioned, me }: MessageProps): Mentioned | undefined {
  if (!mentioned && !all) return undefined;
  const people = new Map(mentioned?.flatMap((one) => one ? [[one.username, one.id]] : []));
  if (all) people.set(ALL, me);
  return { me, people };
}

function Pinned() {
  return (
    <span title="Pinned">
      <PinIcon small />
      <span class="sr-only">Pinned</span>
    </span>
  );
}

function ForwardedFrom({ by, names }: { by: string; names: Names }) {
  return (
    <p class="forwarded">
      <ForwardIcon small />
      <span class="truncate">
        Forwarded from <bdi class="font-semibold">{names.get(by) ?? "someone"}</bdi>
      </span>
    </p>
  );
}

interface MoreLinkProps {
  room: string;
  seq: number;
  open: boolean;
  onAct(act: Act | null): void;
}

/** Opens the menu; without JavaScript it leads to the page of the message, which does the same. */
function MoreLink({ room, seq, open, onAct }: MoreLinkProps) {
  const toggle = (event: Event) => {
    event.preventDefault();
    onAct(open ? null : "menu");
  };
  return (
    <a
      href={`/chat/${room}/${seq}`}
      role="button"
      aria-haspopup="menu"
      aria-expanded={open}
      class="message-more"
      data-more
      onClick={toggle}
      onKeyDown={(event) => event.key === " " && toggle(event)}
    >
      <MoreIcon />
      <span class="sr-only">Message actions</span>
    </a>
  );
}
