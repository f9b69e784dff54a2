/**
 * The way to a sign-in provider: a posted form answers a page that moves on by itself.
 *
 * Why a page and not a redirect: our pages allow forms to this site only, and Chromium holds every
 * redirect of a posted form to that. Letting `form-action` name the provider would not do: one that
 * hands over to another (a company's broker, GitHub to an organisation's own) redirects to places
 * that we cannot know. A link would do, but then any site could start a sign-in by sending someone
 * here; a form is covered by `csrf()`. `Refresh` is a new navigation, by this very page.
 */

import { HttpError, page } from "fresh";
import { z } from "zod";
import { AuthLayout } from "../../../components/AuthLayout.tsx";
import { define } from "../../../lib/define.ts";
import { readForm } from "../../../lib/http.ts";
import { refuse } from "../../../lib/oauth/refusal.ts";
import { openProvider, startSignIn } from "../../../lib/oauth/sign_in.ts";
import { findProvider } from "../../../lib/oauth/providers.ts";
import { localPath } from "../../../lib/local_path.ts";

const form = z.object({ next: z.string().optional() });

export const handler = define.handlers({
  /** Reloaded or typed: the buttons are on the sign-in page. */
  GET(ctx) {
    if (!findProvider(ctx.state.services.config, ctx.params.provider)) throw new HttpError(404);
    return ctx.redirect("/login", 303);
  },

  async POST(ctx) {
    const { services, caller } = ctx.state;
    const oauth = await openProvider(services, caller, ctx.params.provider);
    if (!oauth) throw new HttpError(404);
    const { next } = await readForm(ctx.req, form);
    try {
      const { url, cookies } = await startSignIn(oauth, localPath(next));
      const headers = new Headers({ refresh: `0;url=${url}` });
      for (const cookie of cookies) headers.append("set-cookie", cookie);
      return page({ url, label: oauth.provider.label }, { headers });
    } catch (error) {
      return refuse(oauth.provider.id, ctx.req, error);
    }
  },
});

export default define.page<typeof handler>(({ data: { url, label } }) => (
  <AuthLayout title="One moment" lead={`You are on your way to ${label}.`}>
    <a class="button button-main w-full" href={url}>Continue to {label}</a>
  </AuthLayout>
));
