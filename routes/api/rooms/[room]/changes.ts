/** Change a message: edit, delete, react or pin, in the shapes of the socket's commands. */

import { z } from "zod";
import { changeMessage } from "../../../../lib/change_message.ts";
import { commands } from "../../../../lib/chat/commands.ts";
import { define } from "../../../../lib/define.ts";
import { readJson } from "../../../../lib/http.ts";
import { changeOf } from "../../../../lib/live/drafts.ts";

const change = z.discriminatedUnion("type", [
  commands.edit.omit({ room: true }),
  commands.delete.omit({ room: true }),
  commands.react.omit({ room: true }),
  commands.pin.omit({ room: true }),
]);

export const handler = define.handlers({
  async POST(ctx) {
    const { services, session } = ctx.state;
    const command = { ...await readJson(ctx.req, change), room: ctx.params.room };
    return Response.json(await changeMessage(services, changeOf(command, session!.user.id)));
  },
});
