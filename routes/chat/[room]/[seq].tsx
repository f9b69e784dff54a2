/** One message with all that can be done to it, by forms: where its menu leads without JavaScript. */

import { page } from "fresh";
import { z } from "zod";
import { MessagePage } from "../../../components/MessagePage.tsx";
import { changeMessage } from "../../../lib/change_message.ts";
import { newMessageId } from "../../../lib/chat/message_ids.ts";
import { captionText, emojiText } from "../../../lib/chat/shapes.ts";
import { readPlace } from "../../../lib/chat_data.ts";
import { define } from "../../../lib/define.ts";
import { readForm, seqIn } from "../../../lib/http.ts";
import { takeForReceipts } from "../../../lib/live/receipts.ts";
import { saveMessage } from "../../../lib/live/save_message.ts";
import { getUser, toPerson } from "../../../lib/store/accounts.ts";
import { listReaders } from "../../../lib/readers.ts";
import { getRoomFor } from "../../../lib/store/rooms.ts";
import { isSaved } from "../../../lib/store/saved.ts";
import { getMessage, listVersions } from "../../../lib/store/versions.ts";
import { checkVisible } from "../../../lib/store/viewing.ts";

const yesNo = z.enum(["yes", "no"]).transform((on) => on === "yes");
const form = z.discriminatedUnion("type", [
  z.object({ type: z.literal("edited"), text: captionText }),
  z.object({ type: z.literal("deleted") }),
  z.object({
    type: z.literal("reacted"),
    emoji: emojiText,
    on: yesNo,
  }),
  z.object({ type: z.literal("pinned"), on: yesNo }),
  z.object({ type: z.literal("saved"), on: yesNo }),
]);

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv, rates }, session } = ctx.state;
    const { id: me } = session!.user;
    const room = await getRoomFor(kv, ctx.params.room, me);
    const seq = seqIn(ctx.params.seq);
    checkVisible(room, me, seq);
    const stored = await getMessage(kv, room.id, seq);
    const { by, at, text, files, deleted, reactions, pinned, forwarded } = stored;
    const author = await getUser(kv, by);
    const versions = deleted ? [] : await listVersions(kv, room.id, seq);
    const message = { by, at, text, files, deleted, reactions, pinned, forwarded };
    takeForReceipts(rates.of(me), room);
    const readers = room.kind === "group" && !deleted
      ? await listReaders(kv, me, room, { by, seq })
      : null;
    const saved = await isSaved(kv, me, { room: room.id, message: seq });
    return page({
      room: room.id,
      seq,
      me,
      message,
      author: author && toPerson(author),
      saved,
      readers,
      versions,
      now: Date.now(),
      ...readPlace(ctx.req),
    });
  },

  async POST(ctx) {
    const { services, session } = ctx.state;
    const { room } = ctx.params;
    const change = await readForm(ctx.req, form);
    const { id: by } = session!.user;
    const message = seqIn(ctx.params.seq);
    if (change.type === "saved") {
      await saveMessage(services.live, by, { room, message, on: change.on });
    } else {
      await changeMessage(services, { room, by, id: newMessageId(), message, ...change });
    }
    return ctx.redirect(`/chat/${room}`, 303);
  },
});

export default define.page<typeof handler>(({ data }) => <MessagePage {...data} />);
