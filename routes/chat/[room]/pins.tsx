/** What is pinned in a room, the last pinned first: the panel's place without JavaScript. */

import { page } from "fresh";
import { z } from "zod";
import { CardsPage } from "../../../components/CardsPage.tsx";
import { changeMessage } from "../../../lib/change_message.ts";
import { newMessageId } from "../../../lib/chat/message_ids.ts";
import { visibleFrom } from "../../../lib/chat/permissions.ts";
import { readPlace } from "../../../lib/chat_data.ts";
import { define } from "../../../lib/define.ts";
import { queryNumber, readForm } from "../../../lib/http.ts";
import { cardsOf } from "../../../lib/message_cards.ts";
import { listPins } from "../../../lib/store/pins.ts";

const form = z.object({ message: queryNumber });

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv, live }, session } = ctx.state;
    const { user } = session!;
    const room = await live.rooms.getFor(ctx.params.room, user.id);
    const pins = await listPins(kv, room.id, { from: visibleFrom(room, user.id) });
    const places = pins.map(({ message }) => ({ room: room.id, seq: message.seq, message }));
    const cards = await cardsOf(kv, user, places);
    return page({ room: room.id, cards, me: user.id, ...readPlace(ctx.req) });
  },

  async POST(ctx) {
    const { services, session } = ctx.state;
    const { room } = ctx.params;
    const { message } = await readForm(ctx.req, form);
    const base = { room, by: session!.user.id, id: newMessageId() };
    await changeMessage(services, { ...base, type: "pinned", message, on: false });
    return ctx.redirect(`/chat/${room}/pins`, 303);
  },
});

export default define.page<typeof handler>(({ data: { room, ...data } }) => (
  <CardsPage
    {...data}
    inRoom
    title="Pinned messages"
    back={{ href: `/chat/${room}`, label: "Back to the conversation" }}
    empty={{
      title: "Nothing pinned",
      text: "Pin a message from its menu, and everybody in this conversation finds it here.",
    }}
    action={({ seq }) => (
      <form method="post" action={`/chat/${room}/pins`}>
        <button type="submit" name="message" value={seq} class="message-item">Unpin</button>
      </form>
    )}
  />
));
