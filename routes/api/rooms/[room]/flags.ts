/** Mute a room or mark it as unread, for the caller alone. */

import { commands } from "../../../../lib/chat/commands.ts";
import { define } from "../../../../lib/define.ts";
import { readJson } from "../../../../lib/http.ts";
import { setFlags } from "../../../../lib/store/flags.ts";

const change = commands.flag.pick({ muted: true, marked: true });

export const handler = define.handlers({
  async POST(ctx) {
    const { services: { kv, live }, session } = ctx.state;
    const { id: me } = session!.user;
    const { id } = await live.rooms.getFor(ctx.params.room, me);
    return Response.json(await setFlags(kv, me, id, await readJson(ctx.req, change)));
  },
});
