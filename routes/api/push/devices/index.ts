/** The caller's devices for notifications: to list, and to add the browser that asks. */

import { define } from "../../../../lib/define.ts";
import { readJson } from "../../../../lib/http.ts";
import { checkSubscription, subscriptionBody } from "../../../../lib/push/subscription.ts";
import { listPushDevices, putPushDevice } from "../../../../lib/store/push_devices.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv }, session } = ctx.state;
    const devices = await listPushDevices(kv, session!.user.id);
    return Response.json({
      devices: devices.map(({ id, name, createdAt, usedAt }) => ({ id, name, createdAt, usedAt })),
    });
  },

  async POST(ctx) {
    const { services: { kv, config, notifier }, session } = ctx.state;
    const body = await readJson(ctx.req, subscriptionBody);
    const subscription = await checkSubscription(body, {
      session: session!.hash,
      userAgent: ctx.req.headers.get("user-agent") ?? "",
      hosts: config.push.hosts,
    });
    const id = await putPushDevice(kv, session!.user.id, subscription);
    notifier.people.add(session!.user.id);
    return Response.json({ id });
  },
});
