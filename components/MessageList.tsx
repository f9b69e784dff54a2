/**
 * The messages of one room in a scroller that starts at its end: `column-reverse` does that in the
 * server's page already, so hydration moves nothing. Loads older pages as the reader nears the top,
 * keeps their place meanwhile, and follows new messages only while the reader is at the bottom.
 */

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { ReadonlySignal } from "@preact/signals";
import type { Person } from "../lib/chat/people.ts";
import { dayLabel, type Place } from "./dates.ts";
import { DayDivider, GroupLine, PinLine, UnreadDivider } from "./Dividers.tsx";
import { EmptyRoom } from "./EmptyState.tsx";
import { wordsOf } from "./group_words.ts";
import { Message, MessageActions } from "./Message.tsx";
import type { Entry, RoomModel } from "./models.ts";
import type { Names } from "./names.ts";
import { NewestPill } from "./later.ts";
import { linesAmong } from "./message_window.ts";
import { useActing } from "./use_acting.ts";
import { timeline } from "./timeline.ts";
import { useScroll } from "./use_scroll.ts";

/** When the page is taken to be idle, in milliseconds after it was drawn. */
const IDLE_MS = 1_000;

interface MessageListProps {
  room: RoomModel;
  me: Person;
  names: Names;
  place: Place;
  now: number;
  attentive: ReadonlySignal<boolean>;
  /** The viewer wants to answer a message. */
  onReply(entry: Entry): void;
  /** What is open over the messages; it can lead to one of them. */
  panel?(onJump: (seq: number) => void): ComponentChildren;
}

export function MessageList(props: MessageListProps) {
  const { room, me, names, place, now, attentive, onReply } = props;
  const scroll = useScroll(room, { me: me.id, attentive, at: room.startAt });
  const items = timeline(scroll.entries, {
    me: me.id,
    zone: place.zone,
    dividerAfter: room.dividerAfter.value,
    // A range that begins within what is held begins with a message.
    oldest: scroll.entries[0] === room.entries.value[0] ? room.oldest.value : undefined,
    lines: linesAmong(room.lines.value, { drawn: scroll.entries, held: room.entries.value }),
  });
  const grouped = room.summary.value.kind === "group";
  const isEmpty = scroll.entries.length === 0 && !room.loading.value;
  const { acting, onAct } = useActing();
  useEffect(() => whenIdle(scroll.view, (key) => onAct(key, "menu")), []);
  const retry = (id: string) => room.retry(id);
  const cancel = (id: string) => room.cancel(id);
  const first = scroll.entries[0]?.seq ?? room.oldest.value;
  const last = scroll.entries.at(-1)?.seq;
  return (
    <div class="relative flex flex-col flex-1 min-h-0">
      <div
        ref={scroll.view}
        class="scroller flex flex-col-reverse flex-1 min-h-0"
        role="log"
        aria-live="off"
        aria-label="Messages"
        aria-busy={room.loading.value}
        tabindex={0}
      >
        <div class="mx-auto w-full max-w-[54rem] px-3 wide:px-6 pt-3 pb-2">
          {scroll.older && (
            <PageLink href={`?before=${first}`} onClick={scroll.showOlder}>Older messages</PageLink>
          )}
          {isEmpty && <EmptyRoom room={room} me={me} />}
          <ol role="list">
            {items.map((item) => {
              if (item.kind === "day") {
                return <DayDivider key={item.key} label={dayLabel(item.at, now, place)} />;
              }
              if (item.kind === "unread") return <UnreadDivider key={item.key} />;
              if (item.kind === "line") {
                const { event } = item;
                if (event.type === "pinned") {
                  return (
                    <PinLine
                      key={item.key}
                      words={wordsOf(event, { me: me.id, names })}
                      href={`/chat/${room.id}?at=${event.message}`}
                      onJump={() => scroll.goTo(event.message)}
                    />
                  );
                }
                return (
                  <GroupLine key={item.key} words={wordsOf(item.event, { me: me.id, names })} />
                );
              }
              const { entry } = item;
              return (
                <Message
                  key={item.key}
                  entry={entry}
                  mentioned={entry.mentions?.map((id) => names.person?.(id))}
                  author={entry.by === me.id ? null : names.get(entry.by) ?? "Someone"}
                  grouped={grouped}
                  first={item.first}
                  last={item.last}
                  place={place}
                  reach={reachOf(room, entry, me)}
                  act={acting?.key === entry.key ? acting.act : null}
                  room={room}
                  onAct={onAct}
                  quoted={entry.reply === undefined ? undefined : room.quoted(entry.reply)}
                  names={names}
                  me={me.id}
                  onReply={onReply}
                  onJump={scroll.goTo}
                  onRetry={retry}
                  onCancel={cancel}
                />
              );
            })}
          </ol>
          {scroll.newer && last != null && (
            <PageLink href={`/chat/${room.id}`} onClick={scroll.jump}>Newest messages</PageLink>
          )}
        </div>
      </div>
      {props.panel?.(scroll.goTo)}
      <NewestPill shown={scroll.away} count={scroll.missed} onClick={scroll.jump} />
    </div>
  );
}

/** How far an own message has come; nothing is known of what is not stored, or not the viewer's. */
function reachOf({ receipts }: RoomModel, { by, seq, deleted }: Entry, me: Person) {
  return by === me.id && seq !== null && !deleted ? receipts.reach(seq) : undefined;
}

/** What nobody needs in the first second: the menu's code, and long presses that open it. */
function whenIdle(
  view: { current: HTMLElement | null },
  onPress: (key: string) => void,
): () => void {
  let stop = () => {};
  const timer = setTimeout(() => {
    MessageActions.preload();
    import("./long_press.ts").then(({ listenToLongPresses }) => {
      if (view.current) stop = listenToLongPresses(view.current, onPress);
    }, () => {}); // without it the button opens the menu
  }, IDLE_MS);
  return () => {
    clearTimeout(timer);
    stop();
  };
}

function PageLink(
  { href, onClick, children }: { href: string; onClick(): void; children: string },
) {
  const go = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onClick();
  };
  return (
    <a href={href} onClick={go} class="button text-sm text-accent mx-auto w-full">{children}</a>
  );
}
