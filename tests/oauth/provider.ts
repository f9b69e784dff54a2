/** An OpenID provider on a free port of 127.0.0.1, which says whatever a test wants. */

import { EventEmitter } from "node:events";

/** An answer that a test may change before it is sent. */
export interface Answer {
  statusCode: number;
  body: Record<string, unknown> | "";
}

export interface TestProvider extends AsyncDisposable {
  issuer: string;
  /** Who signs in from now on: the userinfo's claims. */
  person: Record<string, unknown>;
  /** The tokens that were given, newest last. */
  tokens: string[];
  /** `authorization` of every request for userinfo. */
  asked: string[];
  /** Requests for the discovery document. */
  discoveries: number;
  /** Changes the next redirect back to the app. */
  onceBeforeReturn(change: (url: URL) => void): void;
  /** Changes the next answer of userinfo. */
  onceBeforeUserinfo(change: (answer: Answer) => void): void;
  /** Environment of an app that signs people in here. */
  env: Record<string, string>;
}

/** Starts it. */
export async function startProvider(): Promise<TestProvider> {
  // The library needs permissions when it is imported.
  const { OAuth2Server } = await import("oauth2-mock-server");
  const server = new OAuth2Server();
  await server.issuer.keys.generate("ES256");
  await server.start(0, "127.0.0.1");
  const issuer = server.issuer.url!;
  const service: unknown = server.service;
  if (!(service instanceof EventEmitter)) throw new TypeError("The service emits no events");
  const provider: TestProvider = {
    issuer,
    person: {},
    tokens: [],
    asked: [],
    discoveries: 0,
    onceBeforeReturn: (change) =>
      service.once("beforeAuthorizeRedirect", ({ url }: { url: URL }) => change(url)),
    onceBeforeUserinfo: (change) => service.once("beforeUserinfo", change),
    env: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: "parley",
      OIDC_CLIENT_SECRET: "s3cret-of-the-client",
      OIDC_NAME: "Town Hall",
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
  service.on("beforeWellKnownOpenIdConfiguration", () => provider.discoveries++);
  service.on("beforeUserinfo", (answer: Answer, { headers }) => {
    answer.body = provider.person;
    provider.asked.push(headers.authorization);
  });
  service.on("beforeResponse", ({ body }: Answer) => {
    if (body) provider.tokens.push(...Object.values(body).filter(isToken));
  });
  return provider;
}

function isToken(value: unknown): value is string {
  return typeof value === "string" && value.length > 20;
}
