/** Save what the caller has typed in a room and not sent. */

import { commands } from "../../../../lib/chat/commands.ts";
import { define } from "../../../../lib/define.ts";
import { readJson } from "../../../../lib/http.ts";
import { setDraft } from "../../../../lib/store/room_drafts.ts";

const content = commands.draft.pick({ text: true, reply: true });

export const handler = define.handlers({
  async POST(ctx) {
    const { services: { kv, live }, session } = ctx.state;
    const { id: me } = session!.user;
    const { id } = await live.rooms.getFor(ctx.params.room, me);
    return Response.json(await setDraft(kv, me, id, await readJson(ctx.req, content)));
  },
});
