/** Sign in and out for clients other than the pages. The session travels as the same cookie. */

import { z } from "zod";
import { clearedCookie, sessionCookie, signIn, signOut } from "../../lib/auth.ts";
import { define } from "../../lib/define.ts";
import { readJson } from "../../lib/http.ts";

const credentials = z.strictObject({ username: z.string(), password: z.string() });

export const handler = define.handlers({
  async POST(ctx) {
    const { services: { kv, config }, caller } = ctx.state;
    const token = await signIn({ kv, ...config }, await readJson(ctx.req, credentials), caller);
    return new Response(null, {
      status: 204,
      headers: { "set-cookie": sessionCookie(token, caller) },
    });
  },

  async DELETE(ctx) {
    const { services: { kv }, caller } = ctx.state;
    await signOut(kv, ctx.req, caller);
    return new Response(null, { status: 204, headers: { "set-cookie": clearedCookie(caller) } });
  },
});
