/** The whole chat: the lists beside the open room, or on phones one of the two. */

import { useMemo } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { ReadonlySignal } from "@preact/signals";
import { ConnectionBanner, Notice } from "./later.ts";
import type { Place } from "./dates.ts";
import { NothingOpen } from "./EmptyState.tsx";
import { lookOf } from "./hit_look.tsx";
import { lazy } from "./lazy.tsx";
import type { ChatModel } from "./models.ts";
import { namesIn, roomName } from "./names.ts";
import { RoomView } from "./RoomView.tsx";
import { Sidebar } from "./Sidebar.tsx";

const SearchDialog = lazy("The search", () => import("./SearchDialog.tsx"));

interface ChatViewProps {
  model: ChatModel;
  place: Place;
  now: ReadonlySignal<number>;
  attentive: ReadonlySignal<boolean>;
  morePeople: string | null;
  /** The path of the search that is open over the chat. */
  search: string | null;
  onSearchClosed(): void;
  onPerson(id: string): void;
  onReconnect(): void;
  /** Something to offer, above all else. */
  children?: ComponentChildren;
}

export function ChatView(props: ChatViewProps) {
  const { model, onPerson, onReconnect, morePeople, search, onSearchClosed, children, ...rest } =
    props;
  const room = model.room.value;
  const { place, now } = rest;
  const names = useMemo(() => namesIn(model.directory), [model]);
  return (
    <main class="flex flex-col h-dvh bg-panel">
      {room && <a href="#composer" class="skip-link">Skip to the message field</a>}
      <ConnectionBanner
        connection={model.connection}
        retryAt={model.retryAt}
        onRetry={onReconnect}
      />
      {children}
      <Notice text={model.notice.value} onDismiss={() => model.dismissNotice()} />
      <div class="flex flex-1 min-h-0 pad-sides">
        <Sidebar
          model={model}
          names={names}
          openId={room?.id ?? null}
          place={place}
          now={now}
          morePeople={morePeople}
          onPerson={onPerson}
        />
        {room
          ? <RoomView key={room.id} model={model} names={names} room={room} {...rest} />
          : <NothingOpen hasRooms={model.rooms.value.length > 0} />}
      </div>
      {search !== null && (
        <div class="fixed top-2 start-2 z-30">
          <SearchDialog
            path={search}
            look={lookOf(model.me)}
            place={place}
            now={now.value}
            room={room && { id: room.id, name: roomName(room.summary.value, model.me) }}
            onClose={onSearchClosed}
          />
        </div>
      )}
    </main>
  );
}
