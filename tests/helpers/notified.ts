/** People with devices: a room of two, an instance that tells them, and what the devices get. */

import type { Notice } from "../../lib/push/notice.ts";
import type { Notifier, PushTimes } from "../../lib/push/notifier.ts";
import { startNotifier } from "../../lib/push/start.ts";
import type { UserRecord } from "../../lib/store/accounts.ts";
import { newId } from "../../lib/store/ids.ts";
import { putPushDevice } from "../../lib/store/push_devices.ts";
import { createSession, getSession } from "../../lib/store/sessions.ts";
import { setUp } from "./conversation.ts";
import { FakePushService } from "./push_service.ts";

/** Short enough for tests, long enough for what must come in between. */
const TIMES: PushTimes = { collapseMs: 60, readMs: 20, againMs: [20, 40] };

/** Signs a person in on a device and turns notifications on there. Answers the session. */
export async function addDevice(
  kv: Deno.Kv,
  service: FakePushService,
  user: UserRecord,
  name: string,
): Promise<{ session: string; id: string }> {
  const { hash } = (await getSession(kv, await createSession(kv, user.id)))!;
  const { endpoint, keys } = await service.subscribe(name);
  const id = await putPushDevice(kv, user.id, { endpoint, ...keys, name, session: hash });
  return { session: hash, id };
}

/** Ben has a device called `phone`; Ada posts. Declare it with `await using`. */
export async function setUpNotified(
  { times, origin }: { times?: Partial<PushTimes>; origin?: string } = {},
) {
  const talk = await setUp();
  const service = new FakePushService(origin);
  const phone = await addDevice(talk.kv, service, talk.ben, "phone");
  const clock = { now: Date.now };
  const notifier: Notifier = await startNotifier(talk.instance.live, {
    subject: "mailto:ops@example.org",
    hosts: [new URL(service.origin).host],
    fetch: service.fetch,
    times: { ...TIMES, ...times },
    now: () => clock.now(),
  });
  const { live } = talk.instance;
  return {
    ...talk,
    service,
    notifier,
    phone,
    clock,
    /** Stores a message. */
    say: (by: UserRecord, text: string, room = talk.room.id) =>
      live.appender.append({ type: "posted", room, by: by.id, id: newId(), text }),
    /** Deletes a message of Ada's in the room of two. */
    unsay: (message: number) =>
      live.appender.append({
        type: "deleted",
        room: talk.room.id,
        by: talk.ada.id,
        id: newId(),
        message,
      }),
    /** Does all that waits; nothing is told after it. */
    settle: () => notifier.close(),
    /** The notices that a device got. */
    notices: (device = "phone") =>
      service.contents(device).filter((content): content is Notice => content.type === "message"),
    async [Symbol.asyncDispose]() {
      await notifier.close();
      await talk[Symbol.asyncDispose]();
    },
  };
}
