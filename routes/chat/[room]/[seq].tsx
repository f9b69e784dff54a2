/** One message with all that can be done to it, by forms: where its menu leads without JavaScript. */

import { page } from "fresh";
import { z } from "zod";
import { MessagePage } from "../../../components/MessagePage.tsx";
import { changeMessage } from "../../../lib/change_message.ts";
import { NotFoundError } from "../../../lib/chat/errors.ts";
import { captionText, emojiText } from "../../../lib/chat/shapes.ts";
import { readPlace } from "../../../lib/chat_data.ts";
import { define } from "../../../lib/define.ts";
import { queryNumber, readForm } from "../../../lib/http.ts";
import { newId } from "../../../lib/store/ids.ts";
import { getRoomFor } from "../../../lib/store/rooms.ts";
import { getMessage, listVersions } from "../../../lib/store/versions.ts";
import { checkVisible } from "../../../lib/store/viewing.ts";

const form = z.discriminatedUnion("type", [
  z.object({ type: z.literal("edited"), text: captionText }),
  z.object({ type: z.literal("deleted") }),
  z.object({
    type: z.literal("reacted"),
    emoji: emojiText,
    on: z.enum(["yes", "no"]).transform((on) => on === "yes"),
  }),
]);

/** The place in the address; anything else is no page. */
function seqIn(text: string): number {
  const { success, data } = queryNumber.safeParse(text);
  if (!success) throw new NotFoundError("There is no such message.");
  return data;
}

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv }, session } = ctx.state;
    const { id: me } = session!.user;
    const room = await getRoomFor(kv, ctx.params.room, me);
    const seq = seqIn(ctx.params.seq);
    checkVisible(room, me, seq);
    const { by, at, text, files, deleted, reactions } = await getMessage(kv, room.id, seq);
    const versions = deleted ? [] : await listVersions(kv, room.id, seq);
    const message = { by, at, text, files, deleted, reactions };
    return page({
      room: room.id,
      seq,
      me,
      message,
      versions,
      now: Date.now(),
      ...readPlace(ctx.req),
    });
  },

  async POST(ctx) {
    const { services, session } = ctx.state;
    const { room } = ctx.params;
    const change = await readForm(ctx.req, form);
    const base = { room, by: session!.user.id, id: newId(), message: seqIn(ctx.params.seq) };
    await changeMessage(services, { ...base, ...change });
    return ctx.redirect(`/chat/${room}`, 303);
  },
});

export default define.page<typeof handler>(({ data }) => <MessagePage {...data} />);
