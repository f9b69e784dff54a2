/** Sign in with username and password, or at a provider whose variables are set. */

import { page } from "fresh";
import { z } from "zod";
import { LoginPage } from "../components/LoginPage.tsx";
import { signIn, startSession } from "../lib/auth.ts";
import { define } from "../lib/define.ts";
import { readForm, toProblem } from "../lib/http.ts";
import { localPath } from "../lib/local_path.ts";
import { providersOf } from "../lib/providers.ts";

const form = z.object({
  username: z.string().default(""),
  password: z.string().default(""),
  next: z.string().optional(),
});

/** Messages that a redirect to this page may name; never text from the address. */
const REASONS: Record<string, string> = {
  oauth: "Signing in there did not work. Please try again.",
  closed: "There is no account for you here yet, and new ones are not open to everyone.",
};

export const handler = define.handlers({
  GET(ctx) {
    const next = localPath(ctx.url.searchParams.get("next"));
    if (ctx.state.session) return ctx.redirect(next, 303);
    const error = REASONS[ctx.url.searchParams.get("reason") ?? ""];
    return page({ next, username: "", error });
  },

  async POST(ctx) {
    const { services: { kv, config }, caller } = ctx.state;
    const fields = await readForm(ctx.req, form);
    const next = localPath(fields.next);
    try {
      const user = await signIn({ kv, ...config }, fields, caller);
      const cookie = await startSession(kv, user, ctx.req, caller);
      const headers = { location: next, "set-cookie": cookie };
      return new Response(null, { status: 303, headers });
    } catch (error) {
      const { status, message } = toProblem(error);
      return page({ next, username: fields.username, error: message }, { status });
    }
  },
});

export default define.page<typeof handler>(({ data, state }) => {
  const { config } = state.services;
  return (
    <LoginPage
      {...data}
      providers={providersOf(config)}
      registration={config.registration === "open"}
    />
  );
});
