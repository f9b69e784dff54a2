import type { OAuth2ClientConfig } from "./config.ts";
import { getRequiredEnv } from "./get_required_env.ts";

/** Google's configuration, from `GOOGLE_CLIENT_ID` and `GOOGLE_CLIENT_SECRET`. */
export function createGoogleOAuthConfig(
  config: { redirectUri: string; scope: string | string[] },
): OAuth2ClientConfig {
  return {
    clientId: getRequiredEnv("GOOGLE_CLIENT_ID"),
    clientSecret: getRequiredEnv("GOOGLE_CLIENT_SECRET"),
    authorizationEndpointUri: "https://accounts.google.com/o/oauth2/v2/auth",
    tokenUri: "https://oauth2.googleapis.com/token",
    redirectUri: config.redirectUri,
    defaults: { scope: config.scope },
  };
}
