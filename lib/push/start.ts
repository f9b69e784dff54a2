/** Notifications of one instance, wired: the site's keys, what sends, and who says when. */

import type { Live } from "../live/live.ts";
import { getVapidKeys } from "../store/vapid.ts";
import { Notifier, type NotifierOptions } from "./notifier.ts";
import { PushSender, type SenderOptions } from "./sender.ts";
import { Vapid } from "./vapid.ts";

/** A page that was not heard of for so long may be frozen: it closes no notifications. */
const HEARD_MS = 30_000;

/** Where pushes may go and who answers for them; the others are for tests. */
export interface PushOptions extends Pick<NotifierOptions, "times" | "now"> {
  subject: string | null;
  hosts: readonly string[];
  fetch?: SenderOptions["fetch"];
}

/** Starts to tell people of what an instance stores. Makes the site's keys if there are none. */
export async function startNotifier(live: Live, options: PushOptions): Promise<Notifier> {
  const { subject, hosts, fetch, times, now } = options;
  const vapid = new Vapid(await getVapidKeys(live.kv), { subject });
  const notifier = new Notifier({
    kv: live.kv,
    sender: new PushSender({ vapid, hosts, fetch }),
    isLooking: (user) => live.attention.has(user),
    isOpen: (user, session) =>
      [...live.hub.ofUser(user)].some((peer) =>
        peer.session === session && Date.now() - peer.heardAt < HEARD_MS
      ),
    times,
    now,
  });
  await notifier.start();
  live.listen(notifier);
  return notifier;
}
