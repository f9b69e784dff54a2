/**
 * The protocol with the provider: the authorization request with PKCE (S256) and the exchange of
 * the code. The configuration names no issuer, so neither the `iss` parameter nor an `id_token` is
 * verified: ask the provider's userinfo endpoint who came.
 */
import * as oauth from "oauth4webapi";
import type { OAuth2ClientConfig } from "./config.ts";
import { OAuthError } from "./oauth_error.ts";

const TOKEN_TIMEOUT_MS = 10_000;

/** What the provider gave. */
export interface Tokens {
  accessToken: string;
  tokenType: string;
  /** Seconds. */
  expiresIn?: number;
  refreshToken?: string;
  /** Not verified. */
  idToken?: string;
  /** Split at spaces, as the standard has it; GitHub's comma-separated list stays one entry. */
  scope?: string[];
}

export interface AuthorizationRequest {
  state: string;
  codeVerifier: string;
  urlParams?: Record<string, string>;
}

/** Where to send the browser. Our own parameters win over `urlParams`. */
export async function authorizationUrl(
  config: OAuth2ClientConfig,
  { state, codeVerifier, urlParams }: AuthorizationRequest,
): Promise<string> {
  const url = new URL(config.authorizationEndpointUri);
  const scope = [config.defaults?.scope ?? []].flat().join(" ");
  const params = {
    ...(scope && { scope }),
    ...urlParams,
    ...(config.redirectUri && { redirect_uri: config.redirectUri }),
    response_type: "code",
    client_id: config.clientId,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(params)) {
    url.searchParams.set(name, value);
  }
  return url.href;
}

/** Checks the callback's parameters against the state, then exchanges the code for tokens. */
export async function exchangeCode(
  config: OAuth2ClientConfig,
  callback: URLSearchParams,
  { state, codeVerifier }: { state: string; codeVerifier: string },
): Promise<Tokens> {
  try {
    const server = {
      issuer: new URL(config.tokenUri).origin,
      token_endpoint: config.tokenUri,
    };
    const client = { client_id: config.clientId };
    const params = oauth.validateAuthResponse(
      server,
      client,
      withoutIss(callback),
      state,
    );
    const response = await oauth.genericTokenEndpointRequest(
      server,
      client,
      clientAuthentication(config),
      "authorization_code",
      tokenParams(config, params.get("code"), codeVerifier),
      {
        signal: () => AbortSignal.timeout(TOKEN_TIMEOUT_MS),
        [oauth.allowInsecureRequests]: isLoopbackHttp(config.tokenUri),
      },
    );
    const { idToken, conforming } = await conform(response);
    return toTokens(
      await oauth.processAuthorizationCodeResponse(server, client, conforming),
      idToken,
    );
  } catch (error) {
    throw OAuthError.from(error) ?? error;
  }
}

/** The secret goes in the body: GitHub and Google document that form, and neither needs decoding. */
function clientAuthentication(
  { clientSecret }: OAuth2ClientConfig,
): oauth.ClientAuth {
  return clientSecret ? oauth.ClientSecretPost(clientSecret) : oauth.None();
}

function tokenParams(
  { redirectUri }: OAuth2ClientConfig,
  code: string | null,
  verifier: string,
) {
  if (!code) throw new OAuthError("the provider sent no code");
  const params = new URLSearchParams({ code, code_verifier: verifier });
  // It must be in both requests or in neither.
  if (redirectUri) params.set("redirect_uri", redirectUri);
  return params;
}

function withoutIss(callback: URLSearchParams): URLSearchParams {
  const params = new URLSearchParams(callback);
  params.delete("iss");
  return params;
}

/**
 * Makes a response one that the standard knows: GitHub reports errors with status 200, and an
 * `id_token` cannot be verified without an issuer, so it is set aside.
 */
async function conform(
  response: Response,
): Promise<{ idToken?: string; conforming: Response }> {
  const { status, headers } = response;
  const text = await response.text();
  const { id_token: idToken, ...body } = parseObject(text);
  if (typeof body.error === "string" && status === 200) {
    return { conforming: Response.json(body, { status: 400 }) };
  }
  if (typeof idToken === "string") {
    return { idToken, conforming: Response.json(body, { status }) };
  }
  return { conforming: new Response(text || null, { status, headers }) };
}

/** Text that is no JSON object counts as an empty one; oauth4webapi then says what is wrong. */
function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function toTokens(
  response: oauth.TokenEndpointResponse,
  idToken: string | undefined,
): Tokens {
  return {
    accessToken: response.access_token,
    tokenType: response.token_type,
    expiresIn: response.expires_in,
    refreshToken: response.refresh_token,
    idToken,
    scope: response.scope?.split(" "),
  };
}

/** Plain http is for a provider on this very machine: development and tests. */
function isLoopbackHttp(uri: string): boolean {
  const { protocol, hostname } = new URL(uri);
  return protocol === "http:" &&
    (/^127\.\d+\.\d+\.\d+$|^\[::1\]$/.test(hostname) ||
      /(^|\.)localhost$/.test(hostname));
}
