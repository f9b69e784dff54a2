/** Back from a sign-in provider: an account, a session of our own, and on to where they wanted. */

import { HttpError } from "fresh";
import { startSession } from "../../../lib/auth.ts";
import { define } from "../../../lib/define.ts";
import { refuse, toLogin } from "../../../lib/oauth/refusal.ts";
import { finishSignIn, openProvider } from "../../../lib/oauth/sign_in.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { services, caller } = ctx.state;
    const oauth = await openProvider(services, caller, ctx.params.provider);
    if (!oauth) throw new HttpError(404);
    try {
      const { user, next, cookies } = await finishSignIn(oauth, ctx.req);
      if (!user) return toLogin("closed");
      const headers = new Headers({ location: next });
      for (const cookie of cookies) headers.append("set-cookie", cookie);
      headers.append("set-cookie", await startSession(services.kv, user, ctx.req, caller));
      return new Response(null, { status: 303, headers });
    } catch (error) {
      return refuse(oauth.provider.id, ctx.req, error);
    }
  },
});
