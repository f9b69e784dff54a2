/** Giving a group an image, for those who manage it. */

import { define } from "../../../../../lib/define.ts";
import { readImage } from "../../../../../lib/group_upload.ts";
import { toGroupImage } from "../../../../../lib/store/group_images.ts";

export const handler = define.handlers({
  async PUT(ctx) {
    const { services, session } = ctx.state;
    const { id: me } = session!.user;
    const { room } = ctx.params;
    await services.live.rooms.getFor(room, me);
    const image = await toGroupImage(await readImage(services, me, ctx.req));
    await services.live.groups.manage(me, room, { type: "configure", settings: { image } });
    return Response.json({ image: image.id });
  },
});
