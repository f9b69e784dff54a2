/** The private link to join a group, for those who manage it. */

import { define } from "../../../../lib/define.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { live }, session } = ctx.state;
    return Response.json({ link: await live.groups.link(session!.user.id, ctx.params.room) });
  },

  async POST(ctx) {
    const { services: { live }, session } = ctx.state;
    const link = await live.groups.link(session!.user.id, ctx.params.room, "new");
    return Response.json({ link });
  },

  async DELETE(ctx) {
    const { services: { live }, session } = ctx.state;
    await live.groups.link(session!.user.id, ctx.params.room, "none");
    return new Response(null, { status: 204 });
  },
});
