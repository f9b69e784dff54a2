/** A page of messages that a search finds, in one room or in all that the caller may read. */

import { z } from "zod";
import { MAX_PAGE_HITS, MAX_SEARCH_CHARS } from "../../lib/chat/limits.ts";
import { readPlace } from "../../lib/chat_data.ts";
import { cursor } from "../../lib/chat/shapes.ts";
import { define } from "../../lib/define.ts";
import { limitUpTo, readQuery } from "../../lib/http.ts";
import { searchMessages } from "../../lib/search.ts";

const query = z.strictObject({
  q: z.string().max(MAX_SEARCH_CHARS, "is too long"),
  room: z.string().min(1).max(64).optional(),
  before: cursor.optional(),
  limit: limitUpTo(MAX_PAGE_HITS),
});

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { live, rates }, session } = ctx.state;
    const { id } = session!.user;
    const request = readQuery(ctx.url, query);
    rates.of(id).take("search");
    const { zone } = readPlace(ctx.req);
    return Response.json(await searchMessages(live, id, { zone, ...request }));
  },
});
