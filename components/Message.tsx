/**
 * One message: a bubble, own at the end and others' at the start, with its time and state. Its DOM
 * node is keyed by author and client id, so it stays the same from pending to stored.
 */

import { Component } from "preact";
import { cx } from "./cx.ts";
import { clockOf, type Place } from "./dates.ts";
import { isJumbo } from "../lib/chat/emoji.ts";
import { Markdown } from "./Markdown.tsx";
import { MessageState, NotSent } from "./MessageState.tsx";
import type { Entry } from "./models.ts";
import { Time } from "./Time.tsx";

interface MessageProps {
  entry: Entry;
  /** The author's name as read out; `null` for the viewer's own. */
  author: string | null;
  first: boolean;
  last: boolean;
  place: Place;
  onRetry(id: string): void;
  onCancel(id: string): void;
}

/** Renders again only when something it shows has changed: lists hold hundreds of these. */
export class Message extends Component<MessageProps> {
  override shouldComponentUpdate(next: MessageProps): boolean {
    const { props } = this;
    return next.entry !== props.entry || next.first !== props.first || next.last !== props.last ||
      next.place !== props.place || next.author !== props.author;
  }

  override render({ entry, author, first, last, place, onRetry, onCancel }: MessageProps) {
    const own = author === null;
    const jumbo = isJumbo(entry.text);
    const failed = entry.state === "failed";
    return (
      <li
        class={cx(
          "message",
          own && "message-own",
          first && "message-first",
          last && "message-last",
        )}
        data-key={entry.key}
        data-state={entry.state}
      >
        {first && <span class="sr-only">{own ? "You" : <bdi>{author}</bdi>}:</span>}
        <div
          class={cx(
            "bubble",
            failed ? "bubble-failed" : jumbo ? "bubble-jumbo" : own && "bubble-own",
          )}
        >
          <Markdown
            text={entry.text}
            tail={
              <span class="meta">
                <Time at={entry.at} label={clockOf(entry.at, place)} place={place} />
                {own && <MessageState state={entry.state} />}
              </span>
            }
          />
        </div>
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
