/** A file of a room, for those who may see a message with it. */

import { define } from "../../../../../lib/define.ts";
import { fileResponse } from "../../../../../lib/file_response.ts";
import { openFile } from "../../../../../lib/store/file_access.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { live, files }, session } = ctx.state;
    const { id: user } = session!.user;
    const room = await live.rooms.getFor(ctx.params.room, user);
    const file = await openFile(files, room, { user, id: ctx.params.id });
    return fileResponse(ctx.req, file, { save: ctx.url.searchParams.has("save") });
  },
});
