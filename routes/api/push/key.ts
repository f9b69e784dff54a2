/** The key that browsers subscribe with. */

import { define } from "../../../lib/define.ts";

export const handler = define.handlers({
  GET: (ctx) => Response.json({ key: ctx.state.services.notifier.sender.vapid.publicKey }),
});
