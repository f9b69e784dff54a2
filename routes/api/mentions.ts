/** Messages that mention the caller. */

import { z } from "zod";
import { PAGE_MENTIONS } from "../../lib/chat/limits.ts";
import { define } from "../../lib/define.ts";
import { queryNumber, readQuery } from "../../lib/http.ts";
import { listMentions } from "../../lib/store/mentions.ts";

const query = z.strictObject({
  after: z.string().max(400).optional(),
  limit: queryNumber.pipe(z.number().min(1).max(PAGE_MENTIONS)).optional(),
});

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv }, session } = ctx.state;
    return Response.json(await listMentions(kv, session!.user.id, readQuery(ctx.url, query)));
  },
});
