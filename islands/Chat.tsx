/**
 * The chat, the app's one island. The server renders it from the same data and the same views, with
 * real links and forms; once hydrated it opens the socket and takes those over.
 */

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { ChatView } from "../components/ChatView.tsx";
import { preloadFiles } from "../components/files/FilesSlot.tsx";
import { roomName } from "../components/names.ts";
import { goTo, useNavigation } from "../components/use_navigation.ts";
import { useAttention, useNow, usePlace, useTabSigns } from "../components/use_viewer.ts";
import type { ChatData } from "../lib/chat/pages.ts";
import { browserDeps } from "../lib/client/browser.ts";
import { ChatModel } from "../lib/client/chat_model.ts";
import type { PushDesk } from "../lib/client/push/desk.ts";

export default function Chat(data: ChatData) {
  const model = useMemo(() => new ChatModel(data, browserDeps(data.me.id)), []);
  const place = usePlace({ zone: data.zone, locale: data.locale });
  const now = useNow(data.now);
  const attentive = useAttention((yes, there) => model.setAttention(yes, there));
  const room = model.room.value;
  const title = room ? roomName(room.summary.value, model.me) : "Chat";
  useTabSigns({ unread: model.unread.value, title });
  const [search, setSearch] = useState<string | null>(null);
  useNavigation(model, setSearch);
  const hint = useNotifications(model, data.now);
  useEffect(() => {
    model.start();
    preloadFiles().catch(() => {}); // a message with files tries again
    return () => model.close();
  }, []);
  return (
    <ChatView
      model={model}
      place={place}
      now={now}
      attentive={attentive}
      morePeople={morePeople(data)}
      search={search}
      onSearchClosed={() => setSearch(null)}
      onPerson={(id) => void openPerson(model, id)}
      onReconnect={() => model.wake()}
    >
      {hint}
    </ChatView>
  );
}

/** Keeps notifications up where they are on; answers what offers them, when it is time to. */
function useNotifications(model: ChatModel, since: number): ComponentChildren {
  const [hint, setHint] = useState<ComponentChildren>(null);
  const offer = (desk: PushDesk) => {
    import("../components/NotifyHint.tsx").then(
      ({ default: NotifyHint }) =>
        setHint(<NotifyHint desk={desk} onClose={() => setHint(null)} />),
      () => {}, // the next page load offers it
    );
  };
  useEffect(() => {
    let stop = () => {};
    const closed = new Promise<void>((resolve) => stop = resolve);
    void import("../lib/client/push/gate.ts").then(async ({ guard }) => {
      const end = guard(model, { since, open: (room) => goTo(model, room), offer });
      await closed;
      end();
    }, () => {}); // the next page load tries again
    return stop;
  }, []);
  return hint;
}

async function openPerson(model: ChatModel, id: string): Promise<void> {
  const room = await model.openPerson(id).catch(() => null); // the model shows why
  if (room !== null) goTo(model, room);
}

function morePeople({ people, q }: ChatData): string | null {
  if (people.next === null) return null;
  return `/chat?${new URLSearchParams({ ...(q && { q }), after: people.next })}`;
}
