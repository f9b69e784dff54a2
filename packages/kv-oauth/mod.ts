/**
 * Sign-in with an OAuth 2 provider, kept in Deno KV: the part of `@deno/kv-oauth` 0.11 this project
 * uses, on `oauth4webapi`.
 *
 * **Importing this module opens KV** at `DENO_KV_PATH` (the default database when unset) and keeps
 * it open, as upstream does; so import it only from the routes that use it.
 *
 * **`success_url` is an open redirect** unless the caller vets it before {@linkcode createHelpers}'
 * `signIn` and `signOut` see the request. Nothing here checks an `id_token` or who signed in.
 *
 * @module
 */
export type { OAuth2ClientConfig } from "./config.ts";
export type { Cookie } from "./cookies.ts";
export { createHelpers } from "./create_helpers.ts";
export { getRequiredEnv } from "./get_required_env.ts";
export { createGitHubOAuthConfig } from "./github.ts";
export { createGoogleOAuthConfig } from "./google.ts";
export type { CreateHelpersOptions, SignInOptions } from "./helpers.ts";
export type { Tokens } from "./provider.ts";
