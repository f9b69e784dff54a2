/**
 * What an open page does for notifications: it closes those of rooms that are read, wherever they
 * were read, and all when the viewer signs out; it opens the room of one that is clicked. Loaded on
 * demand.
 */

import { effect } from "@preact/signals";
import type { ChatModel } from "../chat_model.ts";

/** Changes of this time are looked at together, in milliseconds. */
const GATHER_MS = 200;

/** Keeps notifications as the model says. Answers what stops it. */
export function keepTidy(model: ChatModel, open: (room: string) => void): () => void {
  const { serviceWorker } = navigator;
  const heard = ({ data, ports }: MessageEvent) => {
    if (data?.type !== "open" || !model.rooms.peek().some(({ id }) => id === data.room)) return;
    ports[0]?.postMessage(true);
    open(data.room);
  };
  const submitted = ({ target }: SubmitEvent) => {
    if (target instanceof HTMLFormElement && /\/logout$/.test(target.action)) {
      void closeIf(() => true);
    }
  };
  serviceWorker.addEventListener("message", heard);
  document.addEventListener("submit", submitted);
  let timer = 0;
  const stop = effect(() => {
    const read = new Set(
      model.rooms.value.filter(({ unread }) => unread.value === 0).map(({ id }) => id),
    );
    clearTimeout(timer);
    timer = Number(setTimeout(() => void closeIf((room) => read.has(room)), GATHER_MS));
  });
  return () => {
    stop();
    clearTimeout(timer);
    serviceWorker.removeEventListener("message", heard);
    document.removeEventListener("submit", submitted);
  };
}

async function closeIf(isDone: (room: string) => boolean): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  for (const shown of await registration?.getNotifications() ?? []) {
    if (isDone(shown.tag)) shown.close();
  }
}
