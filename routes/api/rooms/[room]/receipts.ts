/** How far a room's messages have come with its other members. */

import { define } from "../../../../lib/define.ts";
import { getReceipts } from "../../../../lib/store/receipts.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv, live }, session } = ctx.state;
    const room = await live.rooms.getFor(ctx.params.room, session!.user.id);
    return Response.json({ people: await getReceipts(kv, session!.user.id, room) });
  },
});
