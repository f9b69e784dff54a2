/** The texts that a message had, for the room's members. */

import { NotFoundError } from "../../../../../../lib/chat/errors.ts";
import { define } from "../../../../../../lib/define.ts";
import { queryNumber } from "../../../../../../lib/http.ts";
import { listVersions } from "../../../../../../lib/store/versions.ts";
import { checkVisible } from "../../../../../../lib/store/viewing.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv, live, rates }, session } = ctx.state;
    const { id: me } = session!.user;
    rates.of(me).take("read");
    const room = await live.rooms.getFor(ctx.params.room, me);
    const { success, data: seq } = queryNumber.safeParse(ctx.params.seq);
    if (!success) throw new NotFoundError("There is no such message.");
    checkVisible(room, me, seq);
    return Response.json({ versions: await listVersions(kv, room.id, seq) });
  },
});
