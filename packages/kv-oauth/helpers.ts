/**
 * The four helpers, on sessions they are given. A sign-in can be ended once: its session is removed
 * before the code is exchanged, so a replayed or failed callback finds nothing. Must not open KV.
 */
import * as oauth from "oauth4webapi";
import type { OAuth2ClientConfig } from "./config.ts";
import {
  baseCookie,
  type Cookie,
  cookieName,
  deleteCookie,
  getCookie,
  setCookie,
} from "./cookies.ts";
import { authorizationUrl, exchangeCode, type Tokens } from "./provider.ts";
import { redirect, successUrl } from "./redirects.ts";
import {
  OAUTH_SESSION_TTL_MS,
  type OAuthSession,
  type Sessions,
  SITE_SESSION_TTL_MS,
} from "./sessions.ts";

const OAUTH_COOKIE = "oauth-session";
const SITE_COOKIE = "site-session";

export interface CreateHelpersOptions {
  /**
   * Replaces properties of the site session's cookie. With a `domain`, give a `name` as well: a
   * browser refuses the default name's `__Host-` together with one.
   */
  cookieOptions?: Partial<Cookie>;
}

export interface SignInOptions {
  /** More parameters for the authorization request, such as `prompt`. */
  urlParams?: Record<string, string>;
}

export interface Helpers {
  signIn(request: Request, options?: SignInOptions): Promise<Response>;
  handleCallback(
    request: Request,
  ): Promise<{ response: Response; sessionId: string; tokens: Tokens }>;
  signOut(request: Request): Promise<Response>;
  getSessionId(request: Request): Promise<string | undefined>;
}

export function createHelpersOn(
  sessions: Sessions,
  config: OAuth2ClientConfig,
  { cookieOptions = {} }: CreateHelpersOptions = {},
): Helpers {
  return {
    async signIn(request, options) {
      const state = oauth.generateRandomState();
      const codeVerifier = oauth.generateRandomCodeVerifier();
      const url = await authorizationUrl(config, {
        ...options,
        state,
        codeVerifier,
      });
      const { tokenUri } = config;
      const session = {
        state,
        codeVerifier,
        tokenUri,
        successUrl: successUrl(request),
      };
      const id = await sessions.createOAuthSession(session);
      const response = redirect(url);
      setCookie(response.headers, oauthCookie(request, id));
      return response;
    },

    async handleCallback(request) {
      const session = await takeOAuthSession(sessions, config, request);
      const tokens = await exchangeCode(
        config,
        new URL(request.url).searchParams,
        session,
      );
      const sessionId = await sessions.createSiteSession();
      const response = redirect(session.successUrl);
      setCookie(
        response.headers,
        siteCookie(request, sessionId, cookieOptions),
      );
      deleteCookie(response.headers, oauthCookie(request, ""));
      return { response, sessionId, tokens };
    },

    async signOut(request) {
      const cookie = siteCookie(request, "", cookieOptions);
      const id = getCookie(request, cookie.name);
      const response = redirect(successUrl(request));
      if (id === undefined) return response;
      await sessions.removeSiteSession(id);
      deleteCookie(response.headers, cookie);
      return response;
    },

    async getSessionId(request) {
      const id = getCookie(
        request,
        siteCookie(request, "", cookieOptions).name,
      );
      return id !== undefined && await sessions.hasSiteSession(id) ? id : undefined;
    },
  };
}

async function takeOAuthSession(
  sessions: Sessions,
  config: OAuth2ClientConfig,
  request: Request,
): Promise<OAuthSession> {
  const id = getCookie(request, oauthCookie(request, "").name);
  if (id === undefined) {
    throw new Deno.errors.NotFound("OAuth cookie not found");
  }
  const session = await sessions.takeOAuthSession(id);
  // A sign-in with one provider must not end at another's callback: the code would go astray.
  if (session === null || session.tokenUri !== config.tokenUri) {
    throw new Deno.errors.NotFound("OAuth session not found");
  }
  return session;
}

function oauthCookie(request: Request, value: string): Cookie {
  const maxAge = OAUTH_SESSION_TTL_MS / 1000;
  return {
    ...baseCookie(request),
    name: cookieName(OAUTH_COOKIE, request),
    value,
    maxAge,
  };
}

function siteCookie(
  request: Request,
  value: string,
  options: Partial<Cookie>,
): Cookie {
  const maxAge = SITE_SESSION_TTL_MS / 1000;
  const name = cookieName(SITE_COOKIE, request);
  return { ...baseCookie(request), name, maxAge, ...options, value };
}
