/** Messages outside of their conversations, each a card that leads to its place. */

import type { ComponentChildren } from "preact";
import { ALL } from "../lib/chat/mentions.ts";
import type { MessageCard } from "../lib/message_cards.ts";
import { Avatar } from "./Avatar.tsx";
import { listDate, type Place } from "./dates.ts";
import { Markdown } from "./Markdown.tsx";
import { displayName } from "./names.ts";
import { Time } from "./Time.tsx";

interface MessageCardsProps {
  cards: MessageCard[];
  me: string;
  place: Place;
  /** The conversation is known: do not name it on each card. */
  inRoom?: boolean;
  /** What can be done with one, besides going there. */
  action?(card: MessageCard): ComponentChildren;
}

export function MessageCards({ cards, action, ...rest }: MessageCardsProps) {
  return (
    <ol role="list" class="flex flex-col gap-3">
      {cards.map((card) => (
        <li key={`${card.room} ${card.seq}`} class="rounded-2xl bg-raised shadow-card px-4 py-3">
          {card.author
            ? <Card card={card} author={displayName(card.author)} {...rest} />
            : <p class="italic text-muted text-sm">This message is no longer there.</p>}
          <div class="flex flex-wrap -ms-3">
            {card.author && <GoThere card={card} author={displayName(card.author)} />}
            {action?.(card)}
          </div>
        </li>
      ))}
    </ol>
  );
}

interface CardProps extends Pick<MessageCardsProps, "me" | "place" | "inRoom"> {
  card: MessageCard;
  author: string;
}

function Card({ card, author, me, place, inRoom }: CardProps) {
  const { at, text, label, roomName } = card;
  return (
    <>
      <div class="flex items-center gap-3">
        <Avatar person={card.author!} size="head" />
        <p class="flex-1 min-w-0 text-sm leading-5">
          <span class="block truncate text-left font-semibold text-base" dir="auto">
            {card.author!.id === me ? "You" : author}
          </span>
          <span class="block truncate text-muted">
            {!inRoom && roomName !== author && (
              <>
                <bdi>{roomName}</bdi>
                {" · "}
              </>
            )}
            <Time at={at} label={listDate(at, Date.now(), place)} place={place} />
          </span>
        </p>
      </div>
      <div class="card-text">
        {text === ""
          ? <p class="text-muted">{label}</p>
          : <Markdown text={text} mentioned={mentionedIn(card, me)} />}
      </div>
    </>
  );
}

function GoThere({ card: { room, seq }, author }: { card: MessageCard; author: string }) {
  return (
    <a href={`/chat/${room}?at=${seq}`} class="message-item text-accent font-semibold">
      Go to the message
      <span class="sr-only">
        of <bdi>{author}</bdi>
      </span>
    </a>
  );
}

function mentionedIn({ mentioned, all }: MessageCard, me: string) {
  const people = new Map(mentioned.map(({ username, id }) => [username, id]));
  if (all) people.set(ALL, me);
  return { me, people };
}
