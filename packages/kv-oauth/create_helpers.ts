import type { OAuth2ClientConfig } from "./config.ts";
import { createHelpersOn, type CreateHelpersOptions, type Helpers } from "./helpers.ts";
import { Sessions } from "./sessions.ts";

// The side effect of importing this module, which upstream has too: see mod.ts.
const kv = await Deno.openKv(Deno.env.get("DENO_KV_PATH"));

/**
 * The four helpers for one provider.
 *
 * - `signIn(request, {urlParams?})` answers the redirect to the provider.
 * - `handleCallback(request)` exchanges the code and answers the redirect to the success URL, the
 *   new session's id and the provider's tokens. Throws `Deno.errors.NotFound` when the cookie or
 *   the pending sign-in is missing, used or older than ten minutes, and an `Error` when the state
 *   differs or the provider refuses.
 * - `signOut(request)` ends the session and answers a redirect.
 * - `getSessionId(request)` answers the session's id while the session lasts.
 *
 * The success URL is the request's `success_url`, **not vetted**; else its referrer, if of the same
 * origin; else `/`.
 */
export function createHelpers(
  oauthConfig: OAuth2ClientConfig,
  options?: CreateHelpersOptions,
): Helpers {
  return createHelpersOn(new Sessions(kv), oauthConfig, options);
}
