/** Who is signed in. */

import { define } from "../../lib/define.ts";
import { toPerson } from "../../lib/store/accounts.ts";

export const handler = define.handlers({
  GET: (ctx) => Response.json({ me: toPerson(ctx.state.session!.user) }),
});
