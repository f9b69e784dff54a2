/**
 * The part of notifications that every chat page has: it loads the others where they are on, or
 * where it is a good moment to offer them, which is after the viewer has said something. It
 * never asks for the permission.
 */

import { effect } from "@preact/signals";
import type { ChatModel } from "../chat_model.ts";
import type { PushDesk } from "./desk.ts";

/** Where it is remembered that the viewer was offered them and answered. */
export const DISMISSED = "parley-push-hint";

/** What the page does with notifications. */
export interface GateOptions {
  /** When the page was loaded, by the server's clock. */
  since: number;
  /** Opens a room of the viewer's. */
  open(room: string): void;
  /** Offers to turn them on. */
  offer(desk: PushDesk): void;
}

/** Answers what stops it. */
export function guard(model: ChatModel, { since, open, offer }: GateOptions): () => void {
  if (!("PushManager" in globalThis && "Notification" in globalThis)) return () => {};
  let stop = () => {};
  let stopped = false;
  const load = async () => {
    const [{ PushDesk }, { keepTidy }] = await Promise.all([
      import("./desk.ts"),
      import("./tidy.ts"),
    ]);
    if (stopped) return;
    const desk = new PushDesk(model.me.id);
    if (Notification.permission === "default") return offer(desk);
    stop = keepTidy(model, open);
    await desk.renew();
  };
  const start = () => void load().catch(() => {}); // the next page load tries again
  if (Notification.permission === "granted") start();
  else if (Notification.permission === "default" && !isDismissed()) {
    stop = effect(() => {
      const last = model.rooms.value[0]?.summary.value.last;
      if (last?.by !== model.me.id || last.at < since) return;
      queueMicrotask(() => stop());
      start();
    });
  }
  return () => {
    stopped = true;
    stop();
  };
}

function isDismissed(): boolean {
  try {
    return localStorage.getItem(DISMISSED) !== null;
  } catch {
    return true;
  }
}
