/** The texts that a message had, for the room's members. */

import { NotFoundError } from "../../../../../../lib/chat/errors.ts";
import { define } from "../../../../../../lib/define.ts";
import { queryNumber } from "../../../../../../lib/http.ts";
import { listVersions } from "../../../../../../lib/store/versions.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv, live, rates }, session } = ctx.state;
    const { id: me } = session!.user;
    rates.of(me).take("read");
    const { id } = await live.rooms.getFor(ctx.params.room, me);
    const { success, data: seq } = queryNumber.safeParse(ctx.params.seq);
    if (!success) throw new NotFoundError("There is no such message.");
    return Response.json({ versions: await listVersions(kv, id, seq) });
  },
});
