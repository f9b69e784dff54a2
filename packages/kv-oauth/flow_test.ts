import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { createHelpersOn } from "./helpers.ts";
import { Sessions } from "./sessions.ts";
import {
  CALLBACK_URL,
  configFor,
  cookieOf,
  locationOf,
  openHelpers,
  requestWith,
  signInAtProvider,
  startProvider,
  type TokenRequest,
  type TokenResponse,
  WITHOUT_PROVIDER,
} from "./testing.ts";

const ignore = WITHOUT_PROVIDER;
const MINUTE_MS = 60_000;

Deno.test(
  "sign-in, callback, session and sign-out work in turn",
  { ignore },
  async () => {
    await using provider = await startProvider();
    using helpers = await openHelpers(configFor(provider));
    const callback = await signInAtProvider(
      helpers,
      "?success_url=/rooms%2Fr1",
    );
    const { response, sessionId, tokens } = await helpers.handleCallback(
      callback,
    );

    assertEquals([response.status, locationOf(response)], [302, "/rooms/r1"]);
    assertMatch(tokens.accessToken, /^ey/);
    assertEquals([tokens.tokenType, tokens.expiresIn], ["bearer", 3600]);
    assertMatch(tokens.idToken ?? "", /^ey/);

    const signedIn = requestWith(CALLBACK_URL, cookieOf(response));
    assertEquals(await helpers.getSessionId(signedIn), sessionId);
    const left = await helpers.signOut(signedIn);
    assertEquals([left.status, locationOf(left)], [302, "/"]);
    assertStringIncludes(
      left.headers.get("set-cookie") ?? "",
      "site-session=;",
    );
    assertEquals(await helpers.getSessionId(signedIn), undefined);
  },
);

Deno.test("the token request carries code, verifier, redirect and secret", {
  ignore,
}, async () => {
  await using provider = await startProvider();
  using helpers = await openHelpers(configFor(provider));
  const requests: TokenRequest[] = [];
  provider.onceBeforeTokens((_response, request) => requests.push(request));
  const callback = await signInAtProvider(helpers);
  await helpers.handleCallback(callback);
  const [{ headers, body }] = requests;
  assertEquals(headers.accept, "application/json");
  assertEquals({ ...body }, {
    grant_type: "authorization_code",
    code: new URL(callback.url).searchParams.get("code") ?? "",
    code_verifier: body.code_verifier,
    redirect_uri: CALLBACK_URL,
    client_id: "parley",
    client_secret: "s3cret-+ü",
  });
});

Deno.test(
  "handleCallback() refuses a foreign state, and the sign-in is spent",
  {
    ignore,
  },
  async () => {
    await using provider = await startProvider();
    using helpers = await openHelpers(configFor(provider));
    const callback = await signInAtProvider(helpers);
    const forged = new URL(callback.url);
    forged.searchParams.set("state", "foreign");
    const request = requestWith(
      forged.href,
      callback.headers.get("cookie") ?? "",
    );
    const error = await assertRejects(
      () => helpers.handleCallback(request),
      Error,
      '"state"',
    );
    assertEquals(error.cause, undefined);
    await assertRejects(
      () => helpers.handleCallback(callback),
      Deno.errors.NotFound,
    );
  },
);

Deno.test(
  "handleCallback() refuses a code of another sign-in",
  { ignore },
  async () => {
    await using provider = await startProvider();
    using helpers = await openHelpers(configFor(provider));
    const mine = await signInAtProvider(helpers);
    const theirs = await signInAtProvider(helpers);
    const forged = new URL(mine.url);
    forged.searchParams.set(
      "code",
      new URL(theirs.url).searchParams.get("code") ?? "",
    );
    const request = requestWith(forged.href, mine.headers.get("cookie") ?? "");
    await assertRejects(
      () => helpers.handleCallback(request),
      Error,
      "Cannot sign in",
    );
  },
);

Deno.test("handleCallback() refuses a replay", { ignore }, async () => {
  await using provider = await startProvider();
  using helpers = await openHelpers(configFor(provider));
  const callback = await signInAtProvider(helpers);
  await helpers.handleCallback(callback);
  await assertRejects(
    () => helpers.handleCallback(callback),
    Deno.errors.NotFound,
  );
});

Deno.test("handleCallback() lets one of two simultaneous callbacks win", {
  ignore,
}, async () => {
  await using provider = await startProvider();
  using helpers = await openHelpers(configFor(provider));
  const callback = await signInAtProvider(helpers);
  const results = await Promise.allSettled([
    helpers.handleCallback(callback),
    helpers.handleCallback(callback),
  ]);
  assertEquals(results.map(({ status }) => status).sort(), [
    "fulfilled",
    "rejected",
  ]);
});

Deno.test("handleCallback() refuses a sign-in after ten minutes, not before", {
  ignore,
}, async () => {
  await using provider = await startProvider();
  using helpers = await openHelpers(configFor(provider));
  const early = await signInAtProvider(helpers);
  const late = await signInAtProvider(helpers);
  helpers.clock.now += 10 * MINUTE_MS - 1000;
  assert((await helpers.handleCallback(early)).sessionId);
  helpers.clock.now += 2000;
  await assertRejects(
    () => helpers.handleCallback(late),
    Deno.errors.NotFound,
    "session",
  );
});

Deno.test("handleCallback() refuses a sign-in that went to another provider", {
  ignore,
}, async () => {
  await using provider = await startProvider();
  const kv = await Deno.openKv(":memory:");
  const config = configFor(provider);
  const one = createHelpersOn(new Sessions(kv), config);
  const other = createHelpersOn(new Sessions(kv), {
    ...config,
    tokenUri: `${provider.url}/other`,
  });
  const callback = await signInAtProvider(one);
  await assertRejects(
    () => other.handleCallback(callback),
    Deno.errors.NotFound,
  );
  kv.close();
});

const refusals: [
  name: string,
  change: (response: TokenResponse) => void,
  message: string,
][] = [
  ["status 400", (response) => {
    response.statusCode = 400;
    response.body = { error: "invalid_grant", error_description: "spent" };
  }, 'Cannot sign in: the provider answered "invalid_grant" ("spent")'],
  [
    "status 200, as GitHub does",
    (response) => {
      response.body = {
        error: "bad_verification_code",
        error_description: "expired",
      };
    },
    'Cannot sign in: the provider answered "bad_verification_code" ("expired")',
  ],
  ["status 500", (response) => {
    response.statusCode = 500;
    response.body = { oops: 1 };
  }, "unexpected HTTP status code"],
  ["no token", (response) => {
    response.body = { token_type: "bearer" };
  }, "access_token"],
];

for (const [name, change, message] of refusals) {
  Deno.test(`handleCallback() surfaces an error of the provider: ${name}`, {
    ignore,
  }, async () => {
    await using provider = await startProvider();
    using helpers = await openHelpers(configFor(provider));
    const callback = await signInAtProvider(helpers);
    provider.onceBeforeTokens(change);
    await assertRejects(() => helpers.handleCallback(callback), Error, message);
    await assertRejects(
      () => helpers.handleCallback(callback),
      Deno.errors.NotFound,
    );
  });
}

Deno.test(
  "handleCallback() takes GitHub's answer: scopes with commas, no expiry",
  {
    ignore,
  },
  async () => {
    await using provider = await startProvider();
    using helpers = await openHelpers(configFor(provider));
    const callback = await signInAtProvider(helpers);
    provider.onceBeforeTokens((response) => {
      response.body = {
        access_token: "gho_1",
        token_type: "bearer",
        scope: "read:user,user:email",
      };
    });
    assertEquals((await helpers.handleCallback(callback)).tokens, {
      accessToken: "gho_1",
      tokenType: "bearer",
      expiresIn: undefined,
      refreshToken: undefined,
      idToken: undefined,
      scope: ["read:user,user:email"],
    });
  },
);

Deno.test("handleCallback() takes Google's callback, which names its issuer", {
  ignore,
}, async () => {
  await using provider = await startProvider();
  using helpers = await openHelpers(configFor(provider));
  const callback = await signInAtProvider(helpers);
  const url = `${callback.url}&iss=https%3A%2F%2Faccounts.google.com&authuser=0&prompt=none`;
  const request = requestWith(url, callback.headers.get("cookie") ?? "");
  assert((await helpers.handleCallback(request)).sessionId);
});

Deno.test("a public client and a client without redirectUri leave those out", {
  ignore,
}, async () => {
  await using provider = await startProvider();
  const { clientSecret: _, redirectUri: __, ...config } = configFor(provider);
  const kv = await Deno.openKv(":memory:");
  const helpers = createHelpersOn(new Sessions(kv), config);
  // The provider here insists on a redirect_uri, which a real one has registered.
  const withRegistered: typeof helpers.signIn = async (request) => {
    const response = await helpers.signIn(request);
    const url = new URL(locationOf(response));
    assertEquals(url.searchParams.has("redirect_uri"), false);
    url.searchParams.set("redirect_uri", CALLBACK_URL);
    response.headers.set("location", url.href);
    return response;
  };
  const bodies: string[][] = [];
  provider.onceBeforeTokens((_, request) => bodies.push(Object.keys(request.body).sort()));
  await helpers.handleCallback(
    await signInAtProvider({ signIn: withRegistered }),
  );
  assertEquals(bodies, [["client_id", "code", "code_verifier", "grant_type"]]);
  kv.close();
});
