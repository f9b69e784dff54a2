/** A local provider and the steps of a browser, for this package's tests. */
import type { OAuth2ClientConfig } from "./config.ts";
import { EventEmitter } from "node:events";
import { createHelpersOn, type CreateHelpersOptions, type Helpers } from "./helpers.ts";
import { Sessions } from "./sessions.ts";

export const CALLBACK_URL = "http://127.0.0.1:8000/callback";

const NEEDED = [{ name: "net" }, { name: "env" }, { name: "read" }, {
  name: "sys",
}] as const;

/** Whether the local provider cannot be started: its tests are then shown as ignored. */
export const WITHOUT_PROVIDER = NEEDED.some((permission) =>
  Deno.permissions.querySync(permission).state !== "granted"
);

/** The provider's answer at its token endpoint, which a test may change. */
export interface TokenResponse {
  statusCode: number;
  body: Record<string, unknown> | "";
}

export interface TokenRequest {
  headers: Record<string, string>;
  body: Record<string, string>;
}

export interface Provider extends AsyncDisposable {
  url: string;
  /** Calls `change` on the next answer with tokens, before it is sent. */
  onceBeforeTokens(
    change: (response: TokenResponse, request: TokenRequest) => void,
  ): void;
}

/** Starts a provider on a free port of 127.0.0.1. */
export async function startProvider(): Promise<Provider> {
  // The library needs permissions when it is imported.
  const { OAuth2Server } = await import("oauth2-mock-server");
  const server = new OAuth2Server();
  await server.issuer.keys.generate("ES256");
  await server.start(0, "127.0.0.1");
  const service: unknown = server.service;
  if (!(service instanceof EventEmitter)) {
    throw new TypeError("The service emits no events");
  }
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    onceBeforeTokens: (change) => service.once("beforeResponse", change),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

export function configFor(provider: { url: string }): OAuth2ClientConfig {
  return {
    clientId: "parley",
    clientSecret: "s3cret-+ü",
    authorizationEndpointUri: `${provider.url}/authorize`,
    tokenUri: `${provider.url}/token`,
    redirectUri: CALLBACK_URL,
    defaults: { scope: ["openid", "email"] },
  };
}

export interface TestHelpers extends Helpers, Disposable {
  /** What the helpers take for the time. */
  clock: { now: number };
}

/** Helpers on a database of their own. */
export async function openHelpers(
  config: OAuth2ClientConfig,
  options?: CreateHelpersOptions,
): Promise<TestHelpers> {
  const kv = await Deno.openKv(":memory:");
  const clock = { now: Date.now() };
  const sessions = new Sessions(kv, { now: () => clock.now });
  const helpers = createHelpersOn(sessions, config, options);
  return { ...helpers, clock, [Symbol.dispose]: () => kv.close() };
}

/** Starts a sign-in, passes the provider, and answers the callback request a browser would make. */
export async function signInAtProvider(
  helpers: Pick<Helpers, "signIn">,
  query = "",
): Promise<Request> {
  const started = await helpers.signIn(
    new Request(`http://127.0.0.1:8000/signin${query}`),
  );
  const answer = await fetch(locationOf(started), { redirect: "manual" });
  await answer.body?.cancel();
  return requestWith(locationOf(answer), cookieOf(started));
}

export function locationOf(response: Response): string {
  return response.headers.get("location") ?? "";
}

/** The first cookie that a response sets, as a browser sends it back. */
export function cookieOf(response: Response): string {
  return response.headers.getSetCookie()[0].split(";")[0];
}

export function requestWith(url: string, cookie: string): Request {
  return new Request(url, { headers: { cookie } });
}
