/** A page of everyone but the caller, filtered by the beginnings of words. */

import { z } from "zod";
import { MAX_PAGE_PEOPLE, MAX_QUERY_CHARS } from "../../lib/chat/limits.ts";
import { define } from "../../lib/define.ts";
import { queryNumber, readQuery } from "../../lib/http.ts";
import { listPeopleLines } from "../../lib/live/people_lines.ts";

const query = z.strictObject({
  q: z.string().max(MAX_QUERY_CHARS, "is too long").optional(),
  after: z.string().max(400).optional(),
  limit: queryNumber.pipe(z.number().min(1).max(MAX_PAGE_PEOPLE)).optional(),
});

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { live }, session } = ctx.state;
    return Response.json(
      await listPeopleLines(live, session!.user.id, readQuery(ctx.url, query)),
    );
  },
});
