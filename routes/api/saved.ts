/** The caller's saved messages: theirs alone. */

import { z } from "zod";
import { commands } from "../../lib/chat/commands.ts";
import { PAGE_SAVED } from "../../lib/chat/limits.ts";
import { cursor } from "../../lib/chat/shapes.ts";
import { define } from "../../lib/define.ts";
import { limitUpTo, readJson, readQuery } from "../../lib/http.ts";
import { saveMessage } from "../../lib/live/save_message.ts";
import { listSaved } from "../../lib/store/saved.ts";

const query = z.strictObject({
  after: cursor.optional(),
  limit: limitUpTo(PAGE_SAVED),
});
const saving = commands.save.omit({ type: true, ref: true });

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv }, session } = ctx.state;
    return Response.json(await listSaved(kv, session!.user.id, readQuery(ctx.url, query)));
  },

  async POST(ctx) {
    const { services: { live }, session } = ctx.state;
    await saveMessage(live, session!.user.id, await readJson(ctx.req, saving));
    return new Response(null, { status: 204 });
  },
});
