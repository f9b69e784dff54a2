/** Register for clients other than the pages; signs in at once. */

import { HttpError } from "fresh";
import { z } from "zod";
import { register, startSession } from "../../lib/auth.ts";
import { define } from "../../lib/define.ts";
import { readJson } from "../../lib/http.ts";

const registration = z.strictObject({
  username: z.string(),
  password: z.string(),
  name: z.string().default(""),
});

export const handler = define.handlers({
  async POST(ctx) {
    const { services: { kv, config }, caller } = ctx.state;
    if (config.registration === "closed") throw new HttpError(404);
    const user = await register({ kv, ...config }, await readJson(ctx.req, registration), caller);
    const cookie = await startSession(kv, user, ctx.req, caller);
    return new Response(null, { status: 201, headers: { "set-cookie": cookie } });
  },
});
