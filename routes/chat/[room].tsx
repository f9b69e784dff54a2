/** A room with a page of its history; posting by form works without JavaScript. */

import { page } from "fresh";
import { z } from "zod";
import { roomName } from "../../components/names.ts";
import { PageTitle } from "../../components/PageTitle.tsx";
import "../../components/server_parts.ts";
import Chat from "../../islands/Chat.tsx";
import { getChatData } from "../../lib/chat_data.ts";
import { newMessageId } from "../../lib/chat/message_ids.ts";
import { MAX_ID_CHARS } from "../../lib/chat/limits.ts";
import { captionText, fileIds, hasContent, NO_CONTENT } from "../../lib/chat/shapes.ts";
import { define } from "../../lib/define.ts";
import { queryNumber, readQuery } from "../../lib/http.ts";
import { readPostForm } from "../../lib/post_form.ts";
import { postMessage } from "../../lib/post_message.ts";
import { removeDraft } from "../../lib/store/room_drafts.ts";

const query = z.object({
  before: queryNumber.optional(),
  at: queryNumber.optional(),
  q: z.string().max(64).optional(),
});
const form = z.object({
  text: captionText.default(""),
  id: z.string().regex(/^[A-Za-z0-9_-]+$/).max(MAX_ID_CHARS).optional(),
  reply: queryNumber.optional(),
  files: fileIds.optional(),
}).refine(hasContent, NO_CONTENT);

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { live, config }, session } = ctx.state;
    const { room } = ctx.params;
    const { maxBytes: maxFileBytes } = config.uploads;
    const wanted = { ...readQuery(ctx.url, query), room, maxFileBytes };
    const data = await getChatData(live, session!.user, ctx.req, wanted);
    return page(data);
  },

  async POST(ctx) {
    const { services, session } = ctx.state;
    const { room } = ctx.params;
    const { id: user } = session!.user;
    const posted = await readPostForm(services, ctx.req, { user, room, schema: form });
    const { id = newMessageId(), ...post } = posted;
    const { seq } = await postMessage(services, user, { room, id, ...post });
    await removeDraft(services.kv, user, room);
    // Who posts by form has the room's newest page before them.
    await services.live.moveRead(user, room, seq);
    return ctx.redirect(`/chat/${room}`, 303);
  },
});

export default define.page<typeof handler>(({ data }) => (
  <>
    <PageTitle title={data.open ? roomName(data.open.room, data.me) : "Chats"} />
    <Chat {...data} />
  </>
));
