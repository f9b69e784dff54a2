/** A member's role, and that they are none any more: by others, or by themselves. */

import { z } from "zod";
import { memberRole } from "../../../../../lib/chat/group_commands.ts";
import { define } from "../../../../../lib/define.ts";
import { readJson } from "../../../../../lib/http.ts";
import type { Managing } from "../../../../../lib/live/groups.ts";

const giving = z.strictObject({ role: memberRole });

export const handler = define.handlers({
  async PATCH(ctx) {
    const { services: { live }, session } = ctx.state;
    const { room, person } = ctx.params;
    const { role } = await readJson(ctx.req, giving);
    await live.groups.manage(session!.user.id, room, { type: "role", person, role });
    return new Response(null, { status: 204 });
  },

  async DELETE(ctx) {
    const { services: { live }, session } = ctx.state;
    const { room, person } = ctx.params;
    const { id: me } = session!.user;
    const change: Managing = person === me ? { type: "leave" } : { type: "remove", person };
    await live.groups.manage(me, room, change);
    return new Response(null, { status: 204 });
  },
});
