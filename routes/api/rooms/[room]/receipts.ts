/** How far a room's messages have come with its other members. */

import { define } from "../../../../lib/define.ts";
import { takeForReceipts } from "../../../../lib/live/receipts.ts";
import { getReceipts } from "../../../../lib/store/receipts.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv, live, rates }, session } = ctx.state;
    const { id: me } = session!.user;
    const room = await live.rooms.getFor(ctx.params.room, me);
    takeForReceipts(rates.of(me), room);
    return Response.json({ people: await getReceipts(kv, me, room) });
  },
});
