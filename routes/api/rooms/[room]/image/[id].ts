/** A group's image, for those who may see what it looks like: asked anew each time it is fetched. */

import { define } from "../../../../../lib/define.ts";
import { imageResponse } from "../../../../../lib/file_response.ts";
import { getGroupImage } from "../../../../../lib/store/group_images.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services: { kv }, session } = ctx.state;
    const { room, id: image } = ctx.params;
    const link = ctx.url.searchParams.get("link") ?? undefined;
    const viewer = { user: session!.user.id, link };
    return imageResponse(ctx.req, await getGroupImage(kv, { room, image }, viewer));
  },
});
