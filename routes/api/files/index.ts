/** Announce a file: the beginning of an upload. */

import { announcement } from "../../../lib/chat/shapes.ts";
import { define } from "../../../lib/define.ts";
import { readJson } from "../../../lib/http.ts";
import { takeFromBucket, UPLOADS } from "../../../lib/store/buckets.ts";
import { createUpload } from "../../../lib/store/uploads.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const { services: { kv, files }, session } = ctx.state;
    const { id: me } = session!.user;
    const file = await readJson(ctx.req, announcement);
    await takeFromBucket(kv, UPLOADS, me);
    return Response.json(await createUpload(files, me, file), { status: 201 });
  },
});
