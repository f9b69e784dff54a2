/**
 * The WebSocket. A GET is not covered by CSRF protection, so the exact `Origin` is checked here,
 * before the upgrade; the session was read by the middleware.
 */

import { HttpError } from "fresh";
import { OverloadedError } from "../../lib/chat/errors.ts";
import { define } from "../../lib/define.ts";
import { toPerson } from "../../lib/store/accounts.ts";

/** Seconds after which the runtime pings a silent peer, and drops it if nothing answers. */
const IDLE_SECONDS = 40;

export const handler = define.handlers({
  GET(ctx) {
    const { services: { sockets }, caller, session } = ctx.state;
    if (ctx.req.headers.get("origin") !== caller.origin) throw new HttpError(403);
    const { user, hash } = session!;
    if (!sockets.accepts(user.id)) {
      throw new OverloadedError("No more connections for now; try again.", 10_000);
    }
    const { socket, response } = ctx.upgrade({ idleTimeout: IDLE_SECONDS });
    sockets.open(socket, { person: toPerson(user), session: hash });
    return response;
  },
});
