/** Who is in a group, and adding people to it. */

import { z } from "zod";
import { addedPeople } from "../../../../../lib/chat/group_commands.ts";
import { MAX_PAGE_PEOPLE } from "../../../../../lib/chat/limits.ts";
import { listQuery } from "../../../../../lib/chat/shapes.ts";
import { define } from "../../../../../lib/define.ts";
import { limitUpTo, readJson, readQuery } from "../../../../../lib/http.ts";
import { listMemberLines } from "../../../../../lib/live/people_lines.ts";

const adding = z.strictObject({ people: addedPeople.min(1) });
const query = z.strictObject({
  ...listQuery,
  limit: limitUpTo(MAX_PAGE_PEOPLE),
});

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { live, rates }, session } = ctx.state;
    const { id: me } = session!.user;
    rates.of(me).take("search"); // reads the names of all for one page
    const room = await live.rooms.getFor(ctx.params.room, me);
    return Response.json(await listMemberLines(live, room, readQuery(ctx.url, query)));
  },

  async POST(ctx) {
    const { services: { live }, session } = ctx.state;
    const change = { type: "add" as const, ...await readJson(ctx.req, adding) };
    await live.groups.manage(session!.user.id, ctx.params.room, change);
    return new Response(null, { status: 204 });
  },
});
