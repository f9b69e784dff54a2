/** Forwarding a message by a form: where the menu's item leads without JavaScript. */

import { page } from "fresh";
import { z } from "zod";
import { ForwardPage } from "../../../../components/ForwardPage.tsx";
import { roomName } from "../../../../components/names.ts";
import { newMessageId } from "../../../../lib/chat/message_ids.ts";
import { InvalidError, NotFoundError } from "../../../../lib/chat/errors.ts";
import { labelOf } from "../../../../lib/chat/files.ts";
import { MAX_FORWARDS, MAX_QUERY_CHARS } from "../../../../lib/chat/limits.ts";
import { opaqueId } from "../../../../lib/chat/shapes.ts";
import { foldName } from "../../../../lib/chat/text.ts";
import { define } from "../../../../lib/define.ts";
import { forwardMessage } from "../../../../lib/forward_message.ts";
import { readForm, readQuery, seqIn } from "../../../../lib/http.ts";
import { toPerson } from "../../../../lib/store/accounts.ts";
import { listSummaries } from "../../../../lib/store/summaries.ts";
import { getMessage } from "../../../../lib/store/versions.ts";
import { checkVisible } from "../../../../lib/store/viewing.ts";

/** Conversations on the page; the filter finds the others. */
const MAX_TARGETS = 100;

const query = z.object({ q: z.string().max(MAX_QUERY_CHARS).default("") });
/** A box that is ticked comes as `to-<room>`. */
const form = z.looseObject({ id: opaqueId });

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv, live }, session } = ctx.state;
    const me = toPerson(session!.user);
    const room = await live.rooms.getFor(ctx.params.room, me.id);
    const seq = seqIn(ctx.params.seq);
    checkVisible(room, me.id, seq);
    const { text, files, deleted } = await getMessage(kv, room.id, seq);
    if (deleted) throw new NotFoundError("There is no such message.");
    const { q } = readQuery(ctx.url, query);
    const { rooms } = await listSummaries(kv, me.id);
    const targets = rooms.filter((one) =>
      one.id !== room.id && foldName(roomName(one, me)).includes(foldName(q))
    ).slice(0, MAX_TARGETS);
    const label = files && labelOf(files);
    return page({ room: room.id, seq, me, text, label, targets, q, id: newMessageId() });
  },

  async POST(ctx) {
    const { services, session } = ctx.state;
    const { id, ...ticked } = await readForm(ctx.req, form);
    const rooms = Object.keys(ticked).flatMap((name) =>
      name.startsWith("to-") ? name.slice(3) : []
    );
    if (rooms.length === 0) throw new InvalidError("Choose a conversation to forward to.");
    if (rooms.length > MAX_FORWARDS) {
      throw new InvalidError(`Forward to ${MAX_FORWARDS} conversations at most at a time.`);
    }
    const from = { room: ctx.params.room, message: seqIn(ctx.params.seq) };
    for (const room of rooms) {
      await forwardMessage(services, session!.user.id, { room, id, from });
    }
    return ctx.redirect(`/chat/${rooms[0]}`, 303);
  },
});

export default define.page<typeof handler>(({ data }) => <ForwardPage {...data} />);
