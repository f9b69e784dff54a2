/** A page of a room's events, for its members. */

import { z } from "zod";
import { MAX_PAGE_EVENTS } from "../../../../lib/chat/limits.ts";
import { define } from "../../../../lib/define.ts";
import { limitUpTo, queryNumber, readQuery } from "../../../../lib/http.ts";
import { viewEvents } from "../../../../lib/store/viewing.ts";

const query = z.strictObject({
  before: queryNumber.optional(),
  after: queryNumber.optional(),
  around: queryNumber.optional(),
  limit: limitUpTo(MAX_PAGE_EVENTS),
}).refine(
  ({ before, after, around }) => [before, after, around].filter((s) => s !== undefined).length < 2,
  "before, after and around exclude",
);

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv, live }, session } = ctx.state;
    const { id: me } = session!.user;
    const room = await live.rooms.getFor(ctx.params.room, me);
    return Response.json(await viewEvents(kv, room, me, readQuery(ctx.url, query)));
  },
});
