/** Sign in and out for clients other than the pages. The session travels as the same cookie. */

import { z } from "zod";
import { clearedCookie, signIn, signOut, startSession } from "../../lib/auth.ts";
import { define } from "../../lib/define.ts";
import { readJson } from "../../lib/http.ts";

const credentials = z.strictObject({ username: z.string(), password: z.string() });

export const handler = define.handlers({
  async POST(ctx) {
    const { services: { kv, config }, caller } = ctx.state;
    const user = await signIn({ kv, ...config }, await readJson(ctx.req, credentials), caller);
    const cookie = await startSession(kv, user, ctx.req, caller);
    return new Response(null, { status: 204, headers: { "set-cookie": cookie } });
  },

  async DELETE(ctx) {
    const { services: { kv }, caller } = ctx.state;
    await signOut(kv, ctx.req, caller);
    return new Response(null, { status: 204, headers: { "set-cookie": clearedCookie(caller) } });
  },
});
