/** Post a message. The same id answers the same place, however often it is sent. */

import { z } from "zod";
import { MAX_ID_CHARS } from "../../../../lib/chat/limits.ts";
import { captionText, fileIds, hasContent, NO_CONTENT } from "../../../../lib/chat/shapes.ts";
import { define } from "../../../../lib/define.ts";
import { readJson } from "../../../../lib/http.ts";
import { postMessage } from "../../../../lib/post_message.ts";

const posting = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]+$/).max(MAX_ID_CHARS),
  text: captionText,
  reply: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  files: fileIds.optional(),
}).refine(hasContent, NO_CONTENT);

export const handler = define.handlers({
  async POST(ctx) {
    const { services, session } = ctx.state;
    const post = { room: ctx.params.room, ...await readJson(ctx.req, posting) };
    return Response.json(await postMessage(services, session!.user.id, post));
  },
});
