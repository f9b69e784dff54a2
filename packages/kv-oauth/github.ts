import type { OAuth2ClientConfig } from "./config.ts";
import { getRequiredEnv } from "./get_required_env.ts";

/** GitHub's configuration, from `GITHUB_CLIENT_ID` and `GITHUB_CLIENT_SECRET`. */
export function createGitHubOAuthConfig(
  config?: { redirectUri?: string; scope?: string | string[] },
): OAuth2ClientConfig {
  return {
    clientId: getRequiredEnv("GITHUB_CLIENT_ID"),
    clientSecret: getRequiredEnv("GITHUB_CLIENT_SECRET"),
    authorizationEndpointUri: "https://github.com/login/oauth/authorize",
    tokenUri: "https://github.com/login/oauth/access_token",
    redirectUri: config?.redirectUri,
    defaults: { scope: config?.scope },
  };
}
