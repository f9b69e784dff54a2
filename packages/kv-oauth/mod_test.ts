import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { getRequiredEnv } from "./get_required_env.ts";
import { createGitHubOAuthConfig } from "./github.ts";
import { createGoogleOAuthConfig } from "./google.ts";
import {
  CALLBACK_URL,
  configFor,
  cookieOf,
  requestWith,
  signInAtProvider,
  startProvider,
  WITHOUT_PROVIDER,
} from "./testing.ts";

const ignore = WITHOUT_PROVIDER;

// The KV that the import opens stays open, so it is opened outside of what a test's sanitizer sees.
Deno.test.beforeAll(async () => {
  if (ignore) return;
  await withEnv({ DENO_KV_PATH: ":memory:" }, () => import("./mod.ts"));
});

Deno.test(
  "createHelpers() signs in with the KV of the import",
  { ignore },
  async () => {
    const { createHelpers } = await import("./mod.ts");
    await using provider = await startProvider();
    const helpers = createHelpers(configFor(provider), {
      cookieOptions: { name: "chat" },
    });
    const { response, sessionId } = await helpers.handleCallback(
      await signInAtProvider(helpers),
    );
    assertEquals(cookieOf(response), `chat=${sessionId}`);
    const signedIn = requestWith(CALLBACK_URL, `chat=${sessionId}`);
    assertEquals(await helpers.getSessionId(signedIn), sessionId);
    const left = await helpers.signOut(signedIn);
    assertMatch(left.headers.get("set-cookie") ?? "", /^chat=;.*Max-Age=0/);
    assertEquals(await helpers.getSessionId(signedIn), undefined);
  },
);

Deno.test(
  "handleCallback() on https sets the session cookie with its attributes",
  {
    ignore,
  },
  async () => {
    const { createHelpers } = await import("./mod.ts");
    await using provider = await startProvider();
    const redirectUri = "https://parley.example/callback";
    const { signIn, handleCallback } = createHelpers({
      ...configFor(provider),
      redirectUri,
    });
    const callback = await signInAtProvider({
      signIn: () => signIn(new Request("https://parley.example/signin")),
    });
    const { response, sessionId } = await handleCallback(callback);
    assertEquals(response.headers.getSetCookie(), [
      `__Host-site-session=${sessionId}; Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=7776000`,
      "__Host-oauth-session=; Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=0; " +
      "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    ]);
  },
);

Deno.test(
  "getRequiredEnv() reads a variable and throws without",
  { ignore },
  async () => {
    await withEnv(
      { KV_OAUTH_TEST: "x" },
      () => assertEquals(getRequiredEnv("KV_OAUTH_TEST"), "x"),
    );
    assertThrows(
      () => getRequiredEnv("KV_OAUTH_TEST"),
      Error,
      '"KV_OAUTH_TEST" must be set',
    );
  },
);

Deno.test("createGitHubOAuthConfig() and the Google one read the environment", {
  ignore,
}, async () => {
  const env = {
    GITHUB_CLIENT_ID: "i1",
    GITHUB_CLIENT_SECRET: "s1",
    GOOGLE_CLIENT_ID: "i2",
    GOOGLE_CLIENT_SECRET: "s2",
  };
  await withEnv(env, () => {
    assertEquals(createGitHubOAuthConfig({ scope: "read:user" }), {
      clientId: "i1",
      clientSecret: "s1",
      authorizationEndpointUri: "https://github.com/login/oauth/authorize",
      tokenUri: "https://github.com/login/oauth/access_token",
      redirectUri: undefined,
      defaults: { scope: "read:user" },
    });
    assertEquals(
      createGoogleOAuthConfig({ redirectUri: CALLBACK_URL, scope: ["openid"] }),
      {
        clientId: "i2",
        clientSecret: "s2",
        authorizationEndpointUri: "https://accounts.google.com/o/oauth2/v2/auth",
        tokenUri: "https://oauth2.googleapis.com/token",
        redirectUri: CALLBACK_URL,
        defaults: { scope: ["openid"] },
      },
    );
  });
  assertThrows(() => createGitHubOAuthConfig(), Error, "GITHUB_CLIENT_ID");
});

/** Runs `body` with variables set, and puts the environment back. */
async function withEnv(
  env: Record<string, string>,
  body: () => unknown,
): Promise<void> {
  const before = Object.keys(env).map((key) => [key, Deno.env.get(key)] as const);
  for (const [key, value] of Object.entries(env)) Deno.env.set(key, value);
  try {
    await body();
  } finally {
    for (const [key, value] of before) {
      if (value === undefined) Deno.env.delete(key);
      else Deno.env.set(key, value);
    }
  }
}
