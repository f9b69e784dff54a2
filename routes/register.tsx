/** Register an account and sign in with it. */

import { HttpError, page } from "fresh";
import { z } from "zod";
import { RegisterPage } from "../components/RegisterPage.tsx";
import { register, startSession } from "../lib/auth.ts";
import { define } from "../lib/define.ts";
import { readForm, toProblem } from "../lib/http.ts";
import { localPath } from "../lib/local_path.ts";
import { providersOf } from "../lib/providers.ts";

const form = z.object({
  username: z.string().default(""),
  name: z.string().default(""),
  password: z.string().default(""),
  next: z.string().optional(),
});

export const handler = define.handlers({
  GET(ctx) {
    if (ctx.state.services.config.registration === "closed") throw new HttpError(404);
    const next = localPath(ctx.url.searchParams.get("next"));
    if (ctx.state.session) return ctx.redirect(next, 303);
    const error: string | undefined = undefined;
    return page({ next, username: "", name: "", error });
  },

  async POST(ctx) {
    const { services: { kv, config }, caller } = ctx.state;
    if (config.registration === "closed") throw new HttpError(404);
    const fields = await readForm(ctx.req, form);
    const next = localPath(fields.next);
    try {
      const user = await register({ kv, ...config }, fields, caller);
      const cookie = await startSession(kv, user, ctx.req, caller);
      const headers = { location: next, "set-cookie": cookie };
      return new Response(null, { status: 303, headers });
    } catch (error) {
      const { status, message } = toProblem(error);
      const { username, name } = fields;
      return page({ next, username, name, error: message }, { status });
    }
  },
});

export default define.page<typeof handler>(({ data, state }) => (
  <RegisterPage {...data} providers={providersOf(state.services.config)} />
));
