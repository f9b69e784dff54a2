/**
 * The part of notifications that every chat page has: it loads the others where the site may show
 * them, or where it is a good moment to offer them, which is after the viewer has said something.
 */

import { effect } from "@preact/signals";
import type { ChatModel } from "../chat_model.ts";
import type { PageOptions } from "./page.ts";

/** Answers what stops it. `since`: when the page was loaded, by the server's clock. */
export function guard(
  model: ChatModel,
  { since, ...options }: PageOptions & { since: number },
): () => void {
  if (!("PushManager" in globalThis && "Notification" in globalThis)) return () => {};
  let stop = () => {};
  let stopped = false;
  const load = async () => {
    const { begin } = await import("./page.ts");
    if (!stopped) stop = begin(model, options);
  };
  const start = () => void load().catch(() => {}); // the next page load tries again
  if (Notification.permission === "granted") start();
  else if (Notification.permission === "default") {
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
