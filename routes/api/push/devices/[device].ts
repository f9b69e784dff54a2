/** One of the caller's devices for notifications: to remove. */

import { NotFoundError } from "../../../../lib/chat/errors.ts";
import { define } from "../../../../lib/define.ts";
import { removePushDevice } from "../../../../lib/store/push_devices.ts";

export const handler = define.handlers({
  async DELETE(ctx) {
    const { services: { kv }, session } = ctx.state;
    const { device } = ctx.params;
    if (!await removePushDevice(kv, session!.user.id, device, { forGood: true })) {
      throw new NotFoundError("There is no such device.");
    }
    return new Response(null, { status: 204 });
  },
});
