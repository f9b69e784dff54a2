/** Joining a public group. */

import { define } from "../../../../lib/define.ts";
import { getSummary } from "../../../../lib/store/summaries.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const { services: { kv, live }, session } = ctx.state;
    const { id: me } = session!.user;
    const id = await live.groups.join(me, { room: ctx.params.room });
    return Response.json({ room: await getSummary(kv, me, { id }) });
  },
});
