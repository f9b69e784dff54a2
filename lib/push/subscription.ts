/** A browser's subscription as it comes with a request, checked before it is stored. */

import { z } from "zod";
import { InvalidError } from "../chat/errors.ts";
import type { Subscription } from "../store/push_devices.ts";
import { deviceName } from "./device_name.ts";
import { arePushKeys } from "./encrypt.ts";
import { mayPushTo } from "./hosts.ts";

/** What `PushSubscription.toJSON()` gives, the endpoint that it stands for now, and who asks. */
export const subscriptionBody = z.strictObject({
  endpoint: z.string().max(1_024),
  keys: z.strictObject({ p256dh: z.string().max(200), auth: z.string().max(100) }),
  replaces: z.string().max(1_024).optional(),
  renew: z.literal(true).optional(),
});

/** Where the subscription comes from, and where pushes may go. */
export interface SubscriptionContext {
  session: string;
  userAgent: string;
  hosts: readonly string[];
}

/** What is to be stored. Throws {@link InvalidError} when nothing could or may be sent there. */
export async function checkSubscription(
  { endpoint, keys, replaces, renew }: z.output<typeof subscriptionBody>,
  { session, userAgent, hosts }: SubscriptionContext,
): Promise<Subscription & { replaces?: string; renew?: boolean }> {
  if (!mayPushTo(endpoint, hosts)) {
    throw new InvalidError("This browser's push service is not one that this site sends to.");
  }
  if (!await arePushKeys(keys)) throw new InvalidError("keys: nothing can be encrypted for them.");
  return {
    endpoint,
    ...keys,
    name: deviceName(userAgent),
    session,
    ...replaces !== undefined && { replaces },
    ...renew && { renew },
  };
}
