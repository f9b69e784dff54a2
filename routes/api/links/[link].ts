/** The group that a private link leads to: what it is, and joining it. */

import { define } from "../../../lib/define.ts";
import { getSummary } from "../../../lib/store/summaries.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { live }, session } = ctx.state;
    return Response.json({ room: await live.groups.preview(session!.user.id, ctx.params.link) });
  },

  async POST(ctx) {
    const { services: { kv, live }, session } = ctx.state;
    const { id: me } = session!.user;
    const id = await live.groups.join(me, { link: ctx.params.link });
    return Response.json({ room: await getSummary(kv, me, { id }) });
  },
});
