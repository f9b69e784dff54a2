/** A page of messages: a heading, the cards, what to say without any, and the way to older ones. */

import type { ComponentChildren } from "preact";
import type { MessageCard } from "../lib/message_cards.ts";
import type { Place } from "./dates.ts";
import { EmptyList } from "./EmptyState.tsx";
import { MessageCards } from "./MessageCards.tsx";
import { Card, PageFrame } from "./PageFrame.tsx";

interface CardsPageProps extends Place {
  title: string;
  back: { href: string; label: string };
  cards: MessageCard[];
  me: string;
  inRoom?: boolean;
  /** Cursor of the next page. */
  next?: string | null;
  empty: { title: string; text: string };
  action?(card: MessageCard): ComponentChildren;
}

export function CardsPage(props: CardsPageProps) {
  const { title, back, cards, me, inRoom, next, empty, action, zone, locale } = props;
  return (
    <PageFrame title={title} back={back}>
      {cards.length === 0
        ? (
          <Card id="nothing">
            <EmptyList title={empty.title}>{empty.text}</EmptyList>
          </Card>
        )
        : (
          <MessageCards
            cards={cards}
            me={me}
            place={{ zone, locale }}
            inRoom={inRoom}
            action={action}
          />
        )}
      {next && (
        <a
          href={`?${new URLSearchParams({ after: next })}`}
          class="button text-sm text-accent mx-auto"
        >
          Older ones
        </a>
      )}
    </PageFrame>
  );
}
