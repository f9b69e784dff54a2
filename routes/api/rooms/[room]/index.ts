/** One room of the caller's, and what a group is called and how it is set. */

import { z } from "zod";
import { groupSettings } from "../../../../lib/chat/group_commands.ts";
import { define } from "../../../../lib/define.ts";
import { readJson } from "../../../../lib/http.ts";
import { getSummary } from "../../../../lib/store/summaries.ts";

const settings = z.strictObject(groupSettings);

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv, live }, session } = ctx.state;
    const { id: me } = session!.user;
    const { id } = await live.rooms.getFor(ctx.params.room, me);
    return Response.json({ room: await getSummary(kv, me, { id }) });
  },

  async PATCH(ctx) {
    const { services: { live }, session } = ctx.state;
    const change = { type: "configure" as const, settings: await readJson(ctx.req, settings) };
    await live.groups.manage(session!.user.id, ctx.params.room, change);
    return new Response(null, { status: 204 });
  },
});
