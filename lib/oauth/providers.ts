/**
 * The providers to sign in with: where the browser is sent, and whom to ask who came. Each asks for
 * the least: a stable id and a name, never an e-mail address.
 */

import type { Config, OAuthConfig } from "../config.ts";
import { type ProviderButton, providersOf } from "../providers.ts";
import type { ProviderIdentity } from "../store/accounts.ts";
import { Discovery } from "./discovery.ts";
import { fetchJson } from "./fetch_json.ts";
import { gitHubIdentity, openIdIdentity } from "./identities.ts";
import { type ClientConfig, loadKvOAuth } from "./kv_oauth.ts";

const GITHUB_USER = "https://api.github.com/user";
const GOOGLE_ISSUER = "https://accounts.google.com";
const SCOPE = ["openid", "profile"];

/** Documents of providers; they are the same for everyone. */
const discovery = new Discovery();

export interface Provider extends ProviderButton {
  /** Our client there. Throws `ProviderError` when the provider's endpoints cannot be found. */
  client(redirectUri: string): Promise<ClientConfig>;
  /** Who the token belongs to. Throws `ProviderError` when the provider does not say. */
  identify(accessToken: string): Promise<ProviderIdentity>;
}

type SwitchedOn = Pick<Config, "oauth" | "kvPath">;

/** The provider with this id, or `null` when it is unknown or its variables are not set. */
export function findProvider(config: SwitchedOn, id: string): Provider | null {
  const button = providersOf(config).find((button) => button.id === id);
  if (!button) return null;
  const { oauth: { oidc }, kvPath } = config;
  if (button.id === "github") return { ...button, ...gitHub(kvPath) };
  if (button.id === "google") return { ...button, ...google(kvPath) };
  return oidc && { ...button, ...openId(oidc) };
}

function gitHub(kvPath: string | undefined): Pick<Provider, "client" | "identify"> {
  return {
    async client(redirectUri) {
      const { createGitHubOAuthConfig } = await loadKvOAuth(kvPath);
      // No scope: it reads the public profile.
      return createGitHubOAuthConfig({ redirectUri });
    },
    async identify(token) {
      return gitHubIdentity(await fetchJson(GITHUB_USER, { token }));
    },
  };
}

function google(kvPath: string | undefined): Pick<Provider, "client" | "identify"> {
  return {
    async client(redirectUri) {
      const { createGoogleOAuthConfig } = await loadKvOAuth(kvPath);
      return createGoogleOAuthConfig({ redirectUri, scope: SCOPE });
    },
    async identify(token) {
      const { userinfo } = await discovery.get(GOOGLE_ISSUER);
      return openIdIdentity("google", await fetchJson(userinfo, { token }));
    },
  };
}

function openId(
  { issuer, clientId, clientSecret }: NonNullable<OAuthConfig["oidc"]>,
): Pick<Provider, "client" | "identify"> {
  return {
    async client(redirectUri) {
      const { authorization, token } = await discovery.get(issuer);
      return {
        clientId,
        clientSecret,
        authorizationEndpointUri: authorization,
        tokenUri: token,
        redirectUri,
        defaults: { scope: SCOPE },
      };
    },
    async identify(token) {
      const { userinfo } = await discovery.get(issuer);
      // Subjects are unique per issuer: with another issuer in its place nobody inherits an account.
      return openIdIdentity(issuer, await fetchJson(userinfo, { token }));
    },
  };
}
