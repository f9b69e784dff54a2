/** A page of everyone but the caller, filtered by the beginnings of words. */

import { z } from "zod";
import { MAX_PAGE_PEOPLE } from "../../lib/chat/limits.ts";
import { listQuery } from "../../lib/chat/shapes.ts";
import { define } from "../../lib/define.ts";
import { limitUpTo, readQuery } from "../../lib/http.ts";
import { listPeopleLines } from "../../lib/live/people_lines.ts";

const query = z.strictObject({
  ...listQuery,
  limit: limitUpTo(MAX_PAGE_PEOPLE),
});

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { live, rates }, session } = ctx.state;
    const { id: me } = session!.user;
    rates.of(me).take("read");
    return Response.json(await listPeopleLines(live, me, readQuery(ctx.url, query)));
  },
});
