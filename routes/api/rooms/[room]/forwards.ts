/** Forward a message of another room to this one. */

import { commands } from "../../../../lib/chat/commands.ts";
import { define } from "../../../../lib/define.ts";
import { forwardMessage } from "../../../../lib/forward_message.ts";
import { readJson } from "../../../../lib/http.ts";

const forwarding = commands.forward.omit({ type: true, room: true });

export const handler = define.handlers({
  async POST(ctx) {
    const { services, session } = ctx.state;
    const forward = { ...await readJson(ctx.req, forwarding), room: ctx.params.room };
    return Response.json(await forwardMessage(services, session!.user.id, forward));
  },
});
