/** Move the caller's read pointer; it never goes back. */

import { z } from "zod";
import { define } from "../../../../lib/define.ts";
import { readJson } from "../../../../lib/http.ts";

const reading = z.strictObject({ seq: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER) });

export const handler = define.handlers({
  async POST(ctx) {
    const { services: { live }, session } = ctx.state;
    const { id } = await live.rooms.getFor(ctx.params.room, session!.user.id);
    const { seq } = await readJson(ctx.req, reading);
    return Response.json(await live.moveRead(session!.user.id, id, seq));
  },
});
