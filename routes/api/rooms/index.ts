/** The caller's rooms, and opening the direct room with a person. */

import { z } from "zod";
import { define } from "../../../lib/define.ts";
import { readJson } from "../../../lib/http.ts";
import { getOrCreateDirect } from "../../../lib/store/rooms.ts";
import { getSummary, listSummaries } from "../../../lib/store/summaries.ts";
import { OPENS, takeFromBucket } from "../../../lib/store/buckets.ts";

const opening = z.strictObject({ with: z.string().min(1).max(64) });

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv }, session } = ctx.state;
    return Response.json(await listSummaries(kv, session!.user.id));
  },

  async POST(ctx) {
    const { services: { kv }, session } = ctx.state;
    const { with: other } = await readJson(ctx.req, opening);
    await takeFromBucket(kv, OPENS, session!.user.id);
    const room = await getOrCreateDirect(kv, session!.user.id, other);
    return Response.json({ room: await getSummary(kv, session!.user.id, room) });
  },
});
