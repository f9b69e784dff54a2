/** An OAuth 2 client: who we are to the provider, and where the provider is. */
export interface OAuth2ClientConfig {
  clientId: string;
  /** Absent for a public client, which PKCE alone protects. */
  clientSecret?: string;
  authorizationEndpointUri: string;
  /** Must be https, except on a loopback host. */
  tokenUri: string;
  /** The absolute URL of the callback route; absent, the provider uses the registered one. */
  redirectUri?: string;
  defaults?: {
    scope?: string | string[];
  };
}
