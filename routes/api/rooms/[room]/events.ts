/** A page of a room's events, for its members. */

import { z } from "zod";
import { MAX_PAGE_EVENTS } from "../../../../lib/chat/limits.ts";
import { define } from "../../../../lib/define.ts";
import { queryNumber, readQuery } from "../../../../lib/http.ts";
import { listEvents } from "../../../../lib/store/events.ts";

const query = z.strictObject({
  before: queryNumber.optional(),
  after: queryNumber.optional(),
  around: queryNumber.optional(),
  limit: queryNumber.pipe(z.number().min(1).max(MAX_PAGE_EVENTS)).optional(),
}).refine(
  ({ before, after, around }) => [before, after, around].filter((s) => s !== undefined).length < 2,
  "before, after and around exclude",
);

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv, live }, session } = ctx.state;
    const { id } = await live.rooms.getFor(ctx.params.room, session!.user.id);
    return Response.json(await listEvents(kv, id, readQuery(ctx.url, query)));
  },
});
