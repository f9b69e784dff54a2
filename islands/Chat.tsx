/**
 * The chat, the app's one island. The server renders it from the same data and the same views, with
 * real links and forms; once hydrated it opens the socket and takes those over.
 */

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { ChatView } from "../components/ChatView.tsx";
import { roomName } from "../components/names.ts";
import { goTo, useNavigation } from "../components/use_navigation.ts";
import { useAttention, useNow, usePlace, useTabSigns } from "../components/use_viewer.ts";
import type { ChatData } from "../lib/chat/values.ts";
import { browserDeps } from "../lib/client/browser.ts";
import { ChatModel } from "../lib/client/chat_model.ts";
import type { PushDesk } from "../lib/client/push/desk.ts";
import { guard } from "../lib/client/push/gate.ts";

export default function Chat(data: ChatData) {
  const { model, reconnect, onPerson } = useMemo(() => makeChat(data), []);
  const place = usePlace({ zone: data.zone, locale: data.locale });
  const now = useNow(data.now);
  const attentive = useAttention((yes) => model.setAttention(yes));
  const room = model.room.value;
  const title = room ? roomName(room.summary.value, model.me) : "Chat";
  useTabSigns({ unread: model.unread.value, title });
  const [search, setSearch] = useState<string | null>(null);
  useNavigation(model, setSearch);
  const hint = useNotifications(model, data.now);
  useEffect(() => {
    model.start();
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
      onPerson={onPerson}
      onReconnect={reconnect}
    >
      {hint}
    </ChatView>
  );
}

/** Keeps notifications up where they are on; answers what offers them, when it is time to. */
function useNotifications(model: ChatModel, since: number): ComponentChildren {
  const [hint, setHint] = useState<ComponentChildren>(null);
  const offer = async (desk: PushDesk) => {
    const { default: NotifyHint } = await import("../components/NotifyHint.tsx");
    setHint(<NotifyHint desk={desk} onClose={() => setHint(null)} />);
  };
  useEffect(() => guard(model, { since, open: (room) => goTo(model, room), offer }), []);
  return hint;
}

/** The model, and a way to cut the wait for the next connection short. */
function makeChat(data: ChatData) {
  const deps = browserDeps(data.me.id);
  let wake = () => {};
  const wakeups: typeof deps.wakeups = {
    listen(woken) {
      wake = woken;
      return deps.wakeups.listen(woken);
    },
  };
  const model = new ChatModel(data, { ...deps, wakeups });
  return {
    model,
    reconnect: () => wake(),
    onPerson: (id: string) => openPerson(model, id),
  };
}

async function openPerson(model: ChatModel, id: string): Promise<void> {
  const room = await model.openPerson(id).catch(() => null); // the model shows why
  if (room !== null) goTo(model, room);
}

function morePeople({ people, q }: ChatData): string | null {
  if (people.next === null) return null;
  return `/chat?${new URLSearchParams({ ...(q && { q }), after: people.next })}`;
}
