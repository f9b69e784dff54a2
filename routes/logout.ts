/** Sign out: ends the session everywhere it is in use and forgets the cookie. */

import { clearedCookie, signOut } from "../lib/auth.ts";
import { define } from "../lib/define.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const { services: { kv }, caller } = ctx.state;
    await signOut(kv, ctx.req, caller);
    const headers = { location: "/login", "set-cookie": clearedCookie(caller) };
    return new Response(null, { status: 303, headers });
  },
});
