/**
 * A sign-in with a provider, from the button to an account. `@deno/kv-oauth` keeps the state and the
 * PKCE verifier between the two requests, behind a cookie of ten minutes; its site session and the
 * provider's tokens end here, unseen by the browser. The session that a person gets is our own.
 *
 * The package sees requests made for it at the address that browsers use, not the ones that came:
 * behind a proxy those are http, and its cookies would lack `Secure`. And it takes `success_url` as
 * it comes, so nobody but this file sets one.
 */

import type { Caller } from "../caller.ts";
import type { Config } from "../config.ts";
import { localPath } from "../local_path.ts";
import type { Services } from "../services.ts";
import {
  getOrCreateByIdentity,
  getUserByIdentity,
  type ProviderIdentity,
  type UserRecord,
} from "../store/accounts.ts";
import { takeFromBucket } from "../store/buckets.ts";
import { loadKvOAuth } from "./kv_oauth.ts";
import { findProvider, type Provider } from "./providers.ts";

/** A provider for one request: who asks for it decides the addresses in use. */
export interface OAuthContext {
  provider: Provider;
  caller: Caller;
  services: Pick<Services, "kv" | "config">;
}

/** The provider that a path names, or `null`. Throws `RateLimitedError` when asked too often. */
export async function openProvider(
  services: OAuthContext["services"],
  caller: Caller,
  id: string,
): Promise<OAuthContext | null> {
  const provider = findProvider(services.config, id);
  if (!provider) return null;
  await takeFromBucket(services.kv, perAddress(services.config), caller.address);
  return { provider, caller, services };
}

/** Begins: where to send the browser, and the cookies that it must come back with. */
export async function startSignIn(
  oauth: OAuthContext,
  next: string,
): Promise<{ url: string; cookies: string[] }> {
  const { signIn } = await helpersFor(oauth);
  const query = new URLSearchParams({ success_url: localPath(next) });
  const response = await signIn(new Request(`${oauth.caller.origin}/?${query}`));
  return { url: locationOf(response), cookies: response.headers.getSetCookie() };
}

/** A sign-in that the provider vouched for. */
export interface Finished {
  /** `null` for someone new while registration is closed. */
  user: UserRecord | null;
  /** Where they wanted to go: a path of this site. */
  next: string;
  /** Forget what the sign-in needed. */
  cookies: string[];
}

/** Ends. Throws whatever is wrong with state, code, provider or answer; nothing is then signed in. */
export async function finishSignIn(oauth: OAuthContext, request: Request): Promise<Finished> {
  const { handleCallback, signOut } = await helpersFor(oauth);
  const cookie = request.headers.get("cookie") ?? "";
  const url = `${callbackOf(oauth)}${new URL(request.url).search}`;
  const { response, sessionId, tokens } = await handleCallback(
    new Request(url, { headers: { cookie } }),
  );
  const cookies = response.headers.getSetCookie();
  // Its session first, so that none is left behind when the provider does not say who came.
  const [session = ""] = cookies.filter((cookie) => cookie.includes(sessionId));
  await signOut(new Request(url, { headers: { cookie: session.split(";", 1)[0] } }));
  return {
    user: await accountOf(oauth, await oauth.provider.identify(tokens.accessToken)),
    next: localPath(locationOf(response)),
    cookies: cookies.filter((cookie) => cookie !== session),
  };
}

/** Closed registration means every way in: whoever has an account at GitHub is not yet one of us. */
function accountOf(
  { services: { kv, config } }: OAuthContext,
  identity: ProviderIdentity,
): Promise<UserRecord | null> {
  return config.registration === "open"
    ? getOrCreateByIdentity(kv, identity)
    : getUserByIdentity(kv, identity);
}

async function helpersFor(oauth: OAuthContext) {
  const { createHelpers } = await loadKvOAuth(oauth.services.config.kvPath);
  return createHelpers(await oauth.provider.client(callbackOf(oauth)));
}

/** The address to be registered with the provider. */
function callbackOf({ caller, provider }: OAuthContext): string {
  return `${caller.origin}/oauth/${provider.id}/callback`;
}

function locationOf(response: Response): string {
  return response.headers.get("location") ?? "";
}

/** As for passwords, but a sign-in takes two requests. */
function perAddress({ signInsPerMinute }: Pick<Config, "signInsPerMinute">) {
  return { name: "oauth", burst: signInsPerMinute * 4, refillMs: 30_000 / signInsPerMinute };
}
