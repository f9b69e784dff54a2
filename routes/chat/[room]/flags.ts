/** The room menu's forms: mute, mark as unread, and back. */

import { z } from "zod";
import { define } from "../../../lib/define.ts";
import { readForm } from "../../../lib/http.ts";
import { setFlags } from "../../../lib/store/flags.ts";

const flag = z.enum(["on", "off"]).transform((value) => value === "on").optional();
const form = z.strictObject({ muted: flag, marked: flag });

export const handler = define.handlers({
  async POST(ctx) {
    const { services: { kv, live }, session } = ctx.state;
    const { id: me } = session!.user;
    const { id } = await live.rooms.getFor(ctx.params.room, me);
    const change = await readForm(ctx.req, form);
    await setFlags(kv, me, id, change);
    // To look at a room that was just marked would make no sense.
    return ctx.redirect(change.marked ? "/chat" : `/chat/${id}`, 303);
  },
});
