import {
  assertEquals,
  assertFalse,
  assertMatch,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { type Cookie, deleteCookie } from "./cookies.ts";
import { Sessions } from "./sessions.ts";
import { configFor, cookieOf, locationOf, openHelpers, requestWith } from "./testing.ts";

const config = configFor({ url: "https://provider.example" });
const DAY_MS = 24 * 60 * 60 * 1000;

Deno.test("signIn() redirects with state, PKCE and scope, anew each time", async () => {
  using helpers = await openHelpers(config);
  const [a, b] = await Promise.all([1, 2].map(async () => {
    const response = await helpers.signIn(
      new Request("http://127.0.0.1/signin"),
    );
    assertEquals(response.status, 302);
    return new URL(locationOf(response));
  }));
  const { state, code_challenge, ...rest } = Object.fromEntries(a.searchParams);
  assertEquals(a.origin + a.pathname, "https://provider.example/authorize");
  assertEquals(rest, {
    response_type: "code",
    client_id: "parley",
    redirect_uri: "http://127.0.0.1:8000/callback",
    scope: "openid email",
    code_challenge_method: "S256",
  });
  assertMatch(state, /^[\w-]{43}$/);
  assertMatch(code_challenge, /^[\w-]{43}$/);
  assertNotEquals(b.searchParams.get("state"), state);
  assertNotEquals(b.searchParams.get("code_challenge"), code_challenge);
});

Deno.test("signIn() adds urlParams, which cannot replace the state", async () => {
  using helpers = await openHelpers({
    ...config,
    authorizationEndpointUri: "https://provider.example/authorize?tenant=1",
  });
  const urlParams = { prompt: "login", state: "mine" };
  const response = await helpers.signIn(new Request("http://127.0.0.1/"), {
    urlParams,
  });
  const params = new URL(locationOf(response)).searchParams;
  assertEquals([params.get("prompt"), params.get("tenant")], ["login", "1"]);
  assertNotEquals(params.get("state"), "mine");
});

Deno.test("signIn() sets a ten-minute cookie, __Host- and Secure on https only", async () => {
  using helpers = await openHelpers(config);
  const cookieFor = async (url: string) => {
    const response = await helpers.signIn(new Request(url));
    return response.headers.get("set-cookie")?.replace(
      /=[0-9a-f-]{36};/,
      "=ID;",
    );
  };
  assertEquals(
    await cookieFor("http://127.0.0.1/"),
    "oauth-session=ID; HttpOnly; SameSite=Lax; Path=/; Max-Age=600",
  );
  assertEquals(
    await cookieFor("https://parley.example/"),
    "__Host-oauth-session=ID; Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=600",
  );
});

Deno.test("handleCallback() without a cookie throws NotFound", async () => {
  using helpers = await openHelpers(config);
  const request = new Request("http://127.0.0.1/callback?code=c&state=s");
  await assertRejects(
    () => helpers.handleCallback(request),
    Deno.errors.NotFound,
    "cookie",
  );
});

Deno.test("handleCallback() with a cookie we never set throws NotFound", async () => {
  using helpers = await openHelpers(config);
  for (const id of ["", "x".repeat(5000), crypto.randomUUID()]) {
    const request = requestWith(
      "http://127.0.0.1/callback?code=c&state=s",
      `oauth-session=${id}`,
    );
    await assertRejects(
      () => helpers.handleCallback(request),
      Deno.errors.NotFound,
      "session",
    );
  }
});

Deno.test("handleCallback() on https does not take the cookie of http", async () => {
  using helpers = await openHelpers(config);
  const started = await helpers.signIn(new Request("http://127.0.0.1/signin"));
  const request = requestWith(
    "https://127.0.0.1/callback?code=c&state=s",
    cookieOf(started),
  );
  await assertRejects(
    () => helpers.handleCallback(request),
    Deno.errors.NotFound,
    "cookie",
  );
});

Deno.test("handleCallback() surfaces that the user declined", async () => {
  using helpers = await openHelpers(config);
  const started = await helpers.signIn(new Request("http://127.0.0.1/signin"));
  const state = new URL(locationOf(started)).searchParams.get("state");
  const url = `http://127.0.0.1/callback?error=access_denied&error_description=no&state=${state}`;
  const request = requestWith(url, cookieOf(started));
  await assertRejects(
    () => helpers.handleCallback(request),
    Error,
    '"access_denied" ("no")',
  );
  await assertRejects(
    () => helpers.handleCallback(request),
    Deno.errors.NotFound,
  );
});

Deno.test("handleCallback() refuses an answer without a code", async () => {
  using helpers = await openHelpers(config);
  const started = await helpers.signIn(new Request("http://127.0.0.1/signin"));
  const state = new URL(locationOf(started)).searchParams.get("state");
  const request = requestWith(
    `http://127.0.0.1/callback?state=${state}`,
    cookieOf(started),
  );
  await assertRejects(() => helpers.handleCallback(request), Error, "no code");
});

Deno.test("handleCallback() refuses plain http to a host that is not loopback", async () => {
  for (
    const host of ["provider.example", "127.0.0.1.example", "localhost.example"]
  ) {
    using helpers = await openHelpers({
      ...config,
      tokenUri: `http://${host}/token`,
    });
    const started = await helpers.signIn(
      new Request("http://127.0.0.1/signin"),
    );
    const state = new URL(locationOf(started)).searchParams.get("state");
    const url = `http://127.0.0.1/callback?code=c&state=${state}`;
    const request = requestWith(url, cookieOf(started));
    await assertRejects(() => helpers.handleCallback(request), Error, "HTTPS");
  }
});

Deno.test("signOut() goes to success_url, else a referrer of the same origin, else /", async () => {
  using helpers = await openHelpers(config);
  const goes = async (query: string, referer?: string) => {
    const headers = new Headers(referer ? { referer } : {});
    const request = new Request(`http://parley.example/signout${query}`, {
      headers,
    });
    return locationOf(await helpers.signOut(request));
  };
  const ours = "http://parley.example/rooms/r1";
  assertEquals(await goes("?success_url=/a", ours), "/a");
  assertEquals(
    await goes("?success_url=https://evil.example/"),
    "https://evil.example/",
  );
  assertEquals(await goes("?success_url=/%C3%BC%0D%0Ax"), "/%C3%BC%0D%0Ax");
  assertEquals(await goes("", ours), ours);
  assertEquals(await goes("", "http://evil.example/"), "/");
  assertEquals(await goes("", "http://parley.example.evil.example/"), "/");
  assertEquals(await goes("", "no url"), "/");
  assertEquals(await goes(""), "/");
});

Deno.test("signOut() without a session sets no cookie", async () => {
  using helpers = await openHelpers(config);
  const response = await helpers.signOut(
    new Request("http://parley.example/signout"),
  );
  assertFalse(response.headers.has("set-cookie"));
});

Deno.test("getSessionId() knows only sessions that were made here", async () => {
  using helpers = await openHelpers(config);
  for (
    const cookie of [
      "",
      "a=b",
      `site-session=${crypto.randomUUID()}`,
      "site-session=x",
    ]
  ) {
    const request = requestWith("http://parley.example/", cookie);
    assertEquals(await helpers.getSessionId(request), undefined);
  }
});

Deno.test("a site session ends after ninety days, not before", async () => {
  const kv = await Deno.openKv(":memory:");
  const clock = { now: Date.now() };
  const sessions = new Sessions(kv, { now: () => clock.now });
  const id = await sessions.createSiteSession();
  clock.now += 90 * DAY_MS - 1;
  assertEquals(await sessions.hasSiteSession(id), true);
  clock.now += 1;
  assertEquals(await sessions.hasSiteSession(id), false);
  kv.close();
});

Deno.test("deleteCookie() empties and expires the cookie where it was set", () => {
  const headers = new Headers();
  const cookie: Cookie = {
    name: "a",
    value: "1",
    domain: "b.example",
    path: "/",
    secure: true,
  };
  deleteCookie(headers, cookie);
  assertEquals(
    headers.get("set-cookie"),
    "a=; Secure; Domain=b.example; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  );
});
