/** The people list: conversations, everyone else, a filter. Choosing a person opens their room. */

import { page } from "fresh";
import { z } from "zod";
import { PageTitle } from "../../components/PageTitle.tsx";
import "../../components/server_parts.ts";
import Chat from "../../islands/Chat.tsx";
import { getChatData } from "../../lib/chat_data.ts";
import { listQuery } from "../../lib/chat/shapes.ts";
import { define } from "../../lib/define.ts";
import { readForm, readQuery } from "../../lib/http.ts";
import { getOrCreateDirect } from "../../lib/store/rooms.ts";
import { OPENS, takeFromBucket } from "../../lib/store/buckets.ts";

const query = z.object(listQuery);
const form = z.object({ person: z.string().min(1).max(64) });

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { live, config }, session } = ctx.state;
    const wanted = { ...readQuery(ctx.url, query), maxFileBytes: config.uploads.maxBytes };
    return page(await getChatData(live, session!.user, ctx.req, wanted));
  },

  async POST(ctx) {
    const { services: { kv }, session } = ctx.state;
    const { person } = await readForm(ctx.req, form);
    await takeFromBucket(kv, OPENS, session!.user.id);
    const room = await getOrCreateDirect(kv, session!.user.id, person);
    return ctx.redirect(`/chat/${room.id}`, 303);
  },
});

export default define.page<typeof handler>(({ data }) => (
  <>
    <PageTitle title="Chats" />
    <Chat {...data} />
  </>
));
