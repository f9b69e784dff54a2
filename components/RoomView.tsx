/** The room side: header, messages, composer. Keyed by the room, so each opening begins afresh. */

import { useEffect, useState } from "preact/hooks";
import type { ReadonlySignal } from "@preact/signals";
import { Announcer } from "./Announcer.tsx";
import { Composer } from "./Composer.tsx";
import type { Place } from "./dates.ts";
import { lazy } from "./lazy.tsx";
import { MessageList } from "./MessageList.tsx";
import { ReplyBar } from "./later.ts";
import type { ChatModel, Entry, RoomModel } from "./models.ts";
import { summaryOf } from "./Quote.tsx";
import { type Names, roomName } from "./names.ts";
import { RoomHeader } from "./RoomHeader.tsx";
import { goTo } from "./use_navigation.ts";

const PinsPanel = lazy("The pinned messages", () => import("./PinsPanel.tsx"));

interface RoomViewProps {
  model: ChatModel;
  names: Names;
  room: RoomModel;
  place: Place;
  now: ReadonlySignal<number>;
  attentive: ReadonlySignal<boolean>;
}

export function RoomView(props: RoomViewProps) {
  const { model, names, room, place, now, attentive } = props;
  const { me } = model;
  const name = roomName(room.summary.value, me);
  const [pinsOpen, setPinsOpen] = useState(false);
  const { draft } = room;
  const reply = draft.reply.value;
  const replyTo = reply === undefined ? undefined : room.quoted(reply);
  useEffect(() => {
    if (reply !== undefined) room.needQuoted(reply);
  }, [reply]);
  const answer = (entry: Entry | null) => {
    draft.answer(entry?.seq ?? undefined);
    document.getElementById("composer")?.focus();
  };
  return (
    <section
      class="relative flex flex-col flex-1 min-w-0 min-h-0 bg-canvas pad-top"
      aria-label={`Chat with ${name}`}
    >
      <RoomHeader
        room={room}
        me={me}
        names={names}
        place={place}
        now={now.value}
        elsewhere={model.unread.value - room.counted.value}
        presence={(id) => model.presence(id)}
        onPins={() => setPinsOpen(true)}
        onLeave={() => {
          goTo(model, null);
          document.querySelector<HTMLElement>(`[data-row][href="/chat/${room.id}"]`)?.focus();
        }}
      />
      <MessageList
        room={room}
        me={me}
        names={names}
        place={place}
        now={now.value}
        attentive={attentive}
        onReply={(entry) => answer(entry)}
        panel={pinsOpen
          ? (onJump) => (
            <PinsPanel
              room={room}
              me={me.id}
              names={names}
              place={place}
              now={now.value}
              onJump={onJump}
              onClose={() => setPinsOpen(false)}
            />
          )
          : undefined}
      />
      {replyTo && (
        <ReplyBar
          summary={summaryOf(replyTo)}
          author={replyTo.by === me.id ? "yourself" : names.get(replyTo.by) ?? "Someone"}
          onCancel={() => answer(null)}
        />
      )}
      <Composer
        room={room}
        name={name}
        onSend={(text) => room.post(text, draft.reply.peek())}
        onVoice={(recording) => {
          room.postFile(room.files.desk.peek()!.voice(recording), draft.reply.peek());
          draft.answer(undefined);
        }}
        onTyping={() => room.typing.typed()}
        onEscape={reply !== undefined ? () => answer(null) : undefined}
      />
      <Announcer room={room} me={me} names={names} />
      <div class="pad-bottom" />
    </section>
  );
}
