/** The front door leads to the people list. */

import { define } from "../lib/define.ts";

export const handler = define.handlers({
  GET: (ctx) => ctx.redirect("/chat", 303),
});
