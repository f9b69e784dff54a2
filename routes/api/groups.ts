/** Public groups to join, and creating a group. */

import { z } from "zod";
import { newGroup } from "../../lib/chat/group_commands.ts";
import { MAX_BROWSED_ROOMS } from "../../lib/chat/limits.ts";
import { listQuery } from "../../lib/chat/shapes.ts";
import { define } from "../../lib/define.ts";
import { limitUpTo, readJson, readQuery } from "../../lib/http.ts";
import { listPublicRooms } from "../../lib/store/public_rooms.ts";
import { getSummary } from "../../lib/store/summaries.ts";

const creation = z.strictObject(newGroup);
const query = z.strictObject({
  ...listQuery,
  limit: limitUpTo(MAX_BROWSED_ROOMS),
});

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv, rates }, session } = ctx.state;
    const { id: me } = session!.user;
    rates.of(me).take("search");
    return Response.json(await listPublicRooms(kv, me, readQuery(ctx.url, query)));
  },

  async POST(ctx) {
    const { services: { kv, live }, session } = ctx.state;
    const { id: me } = session!.user;
    const id = await live.groups.create(me, await readJson(ctx.req, creation));
    return Response.json({ room: await getSummary(kv, me, { id }) });
  },
});
