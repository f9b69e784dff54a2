/** Whether this instance serves and reaches its database; for load balancers. */

import { define } from "../../lib/define.ts";

export const handler = define.handlers({
  async GET(ctx) {
    await ctx.state.services.kv.get(["health"]);
    return Response.json({ ok: true });
  },
});
