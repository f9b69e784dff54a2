/** What is pinned in a room, for its members. */

import { visibleFrom } from "../../../../lib/chat/permissions.ts";
import { define } from "../../../../lib/define.ts";
import { listPins } from "../../../../lib/store/pins.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv, live }, session } = ctx.state;
    const room = await live.rooms.getFor(ctx.params.room, session!.user.id);
    const from = visibleFrom(room, session!.user.id);
    return Response.json({ pins: await listPins(kv, room.id, { from }) });
  },
});
