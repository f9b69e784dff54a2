/**
 * What an open page does for notifications: where they are on, it keeps the subscription known,
 * closes notifications of rooms that are read, wherever they were read, and all when the viewer signs
 * out, and opens the room of one that is clicked. Where they may be offered it does that. Loaded
 * on demand.
 */

import { effect } from "@preact/signals";
import type { ChatModel } from "../chat_model.ts";
import { PushDesk } from "./desk.ts";

/** Changes of this time are looked at together, in milliseconds. */
const GATHER_MS = 200;

/** What the page does with notifications. */
export interface PageOptions {
  /** Opens a room of the viewer's. */
  open(room: string): void;
  /** Offers to turn them on. */
  offer(desk: PushDesk): void;
}

/** Begins; answers what ends it. */
export function begin(model: ChatModel, { open, offer }: PageOptions): () => void {
  const desk = new PushDesk(model.me.id);
  if (Notification.permission === "granted") {
    void desk.renew().catch(() => {}); // the next page load tries again
    return keepTidy(model, open);
  }
  if (!desk.isDismissed) offer(desk);
  return () => {};
}

/** Keeps notifications as the model says. Answers what stops it. */
function keepTidy(model: ChatModel, open: (room: string) => void): () => void {
  const { serviceWorker } = navigator;
  const heard = ({ data, ports }: MessageEvent) => {
    if (data?.type !== "open" || !model.rooms.peek().some(({ id }) => id === data.room)) return;
    ports[0]?.postMessage(true);
    open(data.room);
  };
  const submitted = ({ target }: SubmitEvent) => {
    if (target instanceof HTMLFormElement && /\/logout$/.test(target.action)) {
      void tell({ type: "close" });
    }
  };
  serviceWorker.addEventListener("message", heard);
  document.addEventListener("submit", submitted);
  const closed = new Set<string>(); // since they were last unread
  const close = () => {
    const read = model.rooms.peek().filter(({ unread }) => unread.peek() === 0).map(({ id }) => id);
    const rooms = read.filter((id) => !closed.has(id));
    for (const id of rooms) closed.add(id);
    if (rooms.length > 0) void tell({ type: "close", rooms });
  };
  let timer = 0;
  const stop = effect(() => {
    for (const { id, unread } of model.rooms.value) if (unread.value > 0) closed.delete(id);
    clearTimeout(timer);
    timer = Number(setTimeout(close, GATHER_MS));
  });
  return () => {
    stop();
    clearTimeout(timer);
    serviceWorker.removeEventListener("message", heard);
    document.removeEventListener("submit", submitted);
  };
}

/** Tells the service worker (static/sw.js), at once if it can: the page may be about to go. */
async function tell(message: { type: "close"; rooms?: string[] }): Promise<void> {
  const { serviceWorker } = navigator;
  const worker = serviceWorker.controller ?? (await serviceWorker.getRegistration())?.active;
  worker?.postMessage(message);
}
