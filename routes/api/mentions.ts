/** Messages that mention the caller. */

import { z } from "zod";
import { PAGE_MENTIONS } from "../../lib/chat/limits.ts";
import { cursor } from "../../lib/chat/shapes.ts";
import { define } from "../../lib/define.ts";
import { limitUpTo, readQuery } from "../../lib/http.ts";
import { listMentions } from "../../lib/store/mention_list.ts";

const query = z.strictObject({
  after: cursor.optional(),
  limit: limitUpTo(PAGE_MENTIONS),
});

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv, rates }, session } = ctx.state;
    const { id: me } = session!.user;
    rates.of(me).take("search"); // looks at every room for one page
    return Response.json(await listMentions(kv, me, readQuery(ctx.url, query)));
  },
});
