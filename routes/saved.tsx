/** What the viewer saved, the last saved first. Plain links and forms. */

import { page } from "fresh";
import { z } from "zod";
import { CardsPage } from "../components/CardsPage.tsx";
import { readPlace } from "../lib/chat_data.ts";
import { cursor, opaqueId } from "../lib/chat/shapes.ts";
import { define } from "../lib/define.ts";
import { queryNumber, readForm, readQuery } from "../lib/http.ts";
import { saveMessage } from "../lib/live/save_message.ts";
import { cardsOf } from "../lib/message_cards.ts";
import { listSaved } from "../lib/store/saved.ts";

const query = z.object({ after: cursor.optional() });
const form = z.object({ room: opaqueId, message: queryNumber });

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv }, session } = ctx.state;
    const { user } = session!;
    const { saved, next } = await listSaved(kv, user.id, readQuery(ctx.url, query));
    return page({
      cards: await cardsOf(kv, user, saved),
      next,
      me: user.id,
      ...readPlace(ctx.req),
    });
  },

  async POST(ctx) {
    const { services: { live }, session } = ctx.state;
    await saveMessage(live, session!.user.id, { ...await readForm(ctx.req, form), on: false });
    return ctx.redirect("/saved", 303);
  },
});

export default define.page<typeof handler>(({ data }) => (
  <CardsPage
    {...data}
    title="Saved messages"
    back={{ href: "/chat", label: "Back to the chats" }}
    empty={{
      title: "Nothing saved",
      text:
        "Save a message from its menu, and it waits for you here. Nobody else sees what you save.",
    }}
    action={({ room, seq }) => (
      <form method="post" action="/saved">
        <input type="hidden" name="room" value={room} />
        <button type="submit" name="message" value={seq} class="message-item">
          Remove from saved
        </button>
      </form>
    )}
  />
));
