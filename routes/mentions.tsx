/** Messages that mention the viewer, the newest first. */

import { page } from "fresh";
import { z } from "zod";
import { CardsPage } from "../components/CardsPage.tsx";
import { readPlace } from "../lib/chat_data.ts";
import { cursor } from "../lib/chat/shapes.ts";
import { define } from "../lib/define.ts";
import { readQuery } from "../lib/http.ts";
import { cardsOf } from "../lib/message_cards.ts";
import { listMentions } from "../lib/store/mention_list.ts";

const query = z.object({ after: cursor.optional() });

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv, rates }, session } = ctx.state;
    const { user } = session!;
    rates.of(user.id).take("search");
    const part = readQuery(ctx.url, query);
    const { mentions, next } = await listMentions(kv, user.id, part);
    const places = mentions.map(({ room, message }) => ({ room, seq: message.seq, message }));
    return page({
      cards: await cardsOf(kv, user, places),
      next,
      isPart: next !== null || part.after !== undefined,
      me: user.id,
      ...readPlace(ctx.req),
    });
  },
});

const NONE = {
  title: "Nobody called you yet",
  text: "When somebody writes @ and your username, the message is listed here.",
};
/** A page of many may hold none that the viewer may still read. */
const NONE_HERE = {
  title: "Nothing on this page",
  text: "What mentioned you here is not yours to read any more.",
};

export default define.page<typeof handler>(({ data }) => (
  <CardsPage
    {...data}
    title="Mentions"
    back={{ href: "/chat", label: "Back to the chats" }}
    empty={data.isPart ? NONE_HERE : NONE}
  />
));
